// Which chunk of which row is reduced, and where its elements stand.
//
// IS_FIRST and IS_LAST (whether x and out are operands of the plan, and so have an offset) are declared by
// kernels/reduce.py.

struct Params {
    operands: array<vec4<u32>, 2>,  // element offset of out, x
    identity: vec4<u32>,            // bits
    n_rows: u32,
    n_cols: u32,
    n_chunks: u32,                  // per row
    block: u32,                     // rows at equal steps
    block_step: u32,                // between the first rows of blocks; two's complement, as the other steps
    row_step: u32,
    col_step: u32,
}
@group(1) @binding(0) var<uniform> params: Params;

// Where the row begins in x.
fn row_start(row: u32) -> u32 {
    let place = (row / params.block) * params.block_step + (row % params.block) * params.row_step;
    return select(0u, params.operands[1].x, IS_FIRST) + place;
}

fn out_start() -> u32 {
    return select(0u, params.operands[0].x, IS_LAST);
}
