// Where the extreme of each chunk of each row of x is: a workgroup per chunk, in a tree.
//
// x: (n_rows, n_cols at first) S, with any steps; out: (n_rows, n_chunks) I, columns of x, contiguous.
// Constants: WORKGROUP (a power of two up to the device's limit), CHUNK (candidates per chunk), IS_LAST
// (whether out is an operand of the plan, and so has an offset).
// S, key_word(), is_nan_key(), I, as_index(), column_of(): declared by kernels/arg_extreme.py.
// uses: grid, extreme

struct Params {
    operands: array<vec4<u32>, 2>,  // element offset of out, x
    n_rows: u32,
    n_candidates: u32,              // per row
    n_chunks: u32,                  // per row
    row_step: u32,                  // two's complement, as col_step
    col_step: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<I>;
@group(0) @binding(1) var<storage, read> x: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> tree: array<Candidate, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let row = number / params.n_chunks;
    let first = (number % params.n_chunks) * CHUNK;
    let last = min(first + CHUNK, params.n_candidates);
    let is_inside = row < params.n_rows;

    let base = params.operands[1].x + row * params.row_step;
    var best = no_candidate();
    if (is_inside) {
        for (var i = first + lane; i < last; i += WORKGROUP) {
            let column = column_of(row, i);
            best = better(best, candidate(x[base + column * params.col_step], column));
        }
    }
    tree[lane] = best;
    workgroupBarrier();
    for (var width = WORKGROUP / 2u; width > 0u; width /= 2u) {
        if (lane < width) {
            tree[lane] = better(tree[lane], tree[lane + width]);
        }
        workgroupBarrier();
    }
    if (is_inside && lane == 0u) {
        out[select(0u, params.operands[0].x, IS_LAST) + number] = as_index(tree[0].column);
    }
}
