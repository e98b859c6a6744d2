// First pass of a blocked LU factorization: a padded copy of the matrices, or of what stands right of them, with NaN for an infinity.
//
// An invocation per element. source: (batch, n, n_cols) T; work: (batch, ld, pitch) T, whose n_padded columns from first_column on are
// filled. With the first column: step_of: (2, batch, ld), the first half all unused; zero_pivot: (batch), all 0.
// Constants: T (real or complex, with parts F), WORKGROUP (1 to the device's limit).
// uses: grid, gauss_jordan_blocked

@group(0) @binding(0) var<storage, read> source: array<T>;
@group(0) @binding(1) var<storage, read_write> work: array<T>;
@group(0) @binding(2) var<storage, read_write> step_of: array<u32>;
@group(0) @binding(3) var<storage, read_write> zero_pivot: array<u32>;

struct Params {
    batch: u32,
    n: u32,
    ld: u32,
    pitch: u32,
    n_cols: u32,
    first_column: u32,
    n_padded: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let column = id % params.n_padded;
    let row = id / params.n_padded % params.ld;
    let matrix = id / params.n_padded / params.ld;
    if (matrix >= params.batch) {
        return;
    }
    var element = T();
    if (row < params.n && column < params.n_cols) {
        element = source[(matrix * params.n + row) * params.n_cols + column];
        if (holds_inf(element)) {
            element = nan_number(params.zero);
        }
    }
    work[(matrix * params.ld + row) * params.pitch + params.first_column + column] = element;
    if (params.first_column + column == 0u) {
        step_of[matrix * params.ld + row] = UNUSED;
        if (row == 0u) {
            zero_pivot[matrix] = 0u;
        }
    }
}
