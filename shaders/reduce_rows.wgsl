// Combines each chunk of each row of x: a workgroup per chunk, in a tree.
//
// x: (n_rows, n_cols) S, with any steps; out: (n_rows, n_chunks) R, contiguous.
// Constants: WORKGROUP (a power of two up to the device's limit), CHUNK (elements per chunk),
// IS_FIRST, IS_LAST (whether x and out are operands of the plan, and so have an offset).
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

var<workgroup> tree: array<T, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let row = number / params.n_chunks;
    let first = (number % params.n_chunks) * CHUNK;
    let last = min(first + CHUNK, params.n_cols);
    let is_inside = row < params.n_rows;

    let base = select(0u, params.operands[1].x, IS_FIRST) + row * params.row_step;
    var value = identity();
    if (is_inside) {
        for (var column = first + lane; column < last; column += WORKGROUP) {
            value = combine(value, load(x[base + column * params.col_step]));
        }
    }
    tree[lane] = value;
    workgroupBarrier();
    for (var width = WORKGROUP / 2u; width > 0u; width /= 2u) {
        if (lane < width) {
            tree[lane] = combine(tree[lane], tree[lane + width]);
        }
        workgroupBarrier();
    }
    if (is_inside && lane == 0u) {
        out[select(0u, params.operands[0].x, IS_LAST) + number] = store(tree[0]);
    }
}
