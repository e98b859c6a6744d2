// Combines each chunk of each row of x: an invocation per chunk, neighbours on neighbouring
// rows, so that reads are coalesced where rows are neighbours in memory.
//
// x: (n_rows, n_cols) S, with any steps; out: (n_chunks, n_rows) R, contiguous.
// Constants: WORKGROUP (1 to the device's limit), CHUNK (elements per chunk), IS_FIRST,
// IS_LAST (whether x and out are operands of the plan, and so have an offset).
// S, T, R, load(), store(), combine(), identity(): declared by kernels/reduce.py.
// uses: grid

struct Params {
    operands: array<vec4<u32>, 2>,  // element offset of out, x
    identity: vec4<u32>,            // bits
    n_rows: u32,
    n_cols: u32,
    n_chunks: u32,                  // per row
    row_step: u32,                  // two's complement, as col_step
    col_step: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<R>;
@group(0) @binding(1) var<storage, read> x: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let row = number % params.n_rows;
    let chunk = number / params.n_rows;
    if (chunk >= params.n_chunks) {
        return;
    }
    let first = chunk * CHUNK;
    let last = min(first + CHUNK, params.n_cols);
    let base = select(0u, params.operands[1].x, IS_FIRST) + row * params.row_step;
    var value = identity();
    for (var column = first; column < last; column++) {
        value = combine(value, load(x[base + column * params.col_step]));
    }
    out[select(0u, params.operands[0].x, IS_LAST) + number] = store(value);
}
