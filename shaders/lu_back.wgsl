// Solves with one diagonal block of U, in place: an invocation per right-hand side.
//
// right: (batch, n, n_cols); lu: (batch, n, n) with U in its upper triangle.
// Constants: T (real or complex), BLOCK (at least 1), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    n_cols: u32,  // of right
    column: u32,  // first row and column of the block
    width: u32,   // its order, at most BLOCK
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> right: array<T>;
@group(0) @binding(1) var<storage, read> lu: array<T>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let matrix = id / params.n_cols;
    if (matrix >= params.batch) {
        return;
    }
    let n = params.n;
    let lu_at = matrix * n * n + params.column * n + params.column;
    let right_at = (matrix * n + params.column) * params.n_cols + id % params.n_cols;
    var solved: array<T, BLOCK>;
    for (var back = 0u; back < params.width; back++) {
        let p = params.width - 1u - back;
        var value = right[right_at + p * params.n_cols];
        for (var q = p + 1u; q < params.width; q++) {
            value = minus(value, times(lu[lu_at + p * n + q], solved[q]));
        }
        solved[p] = over(value, lu[lu_at + p * n + p]);
        right[right_at + p * params.n_cols] = solved[p];
    }
}
