// The scaled matrix by columns, and the identity: what the rotations start from.
//
// w: (batch, n, m), column j of the matrix in w[j]; zero for a matrix that is not finite, which
// then needs no rotation. v: (batch, n, n), the identity.
// x: (batch, m, n), or (batch, n, m) where TRANSPOSED. scale: (batch,) of jacobi_scale.
// Constants: T (f32, f64), TRANSPOSED (bool), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    m: u32,  // at least n
    n: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> w: array<T>;
@group(0) @binding(1) var<storage, read_write> v: array<T>;
@group(0) @binding(2) var<storage, read> scale: array<T>;
@group(0) @binding(3) var<storage, read> x: array<T>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let size = params.m * params.n;
    let matrix = id / size;
    if (matrix >= params.batch) {
        return;
    }
    let row = id % params.m;
    let column = id % size / params.m;
    var at = id;
    if (!TRANSPOSED) {
        at = matrix * size + row * params.n + column;
    }
    let factor = scale[matrix];
    var value = T(0);
    if (!is_nan(factor)) {
        value = x[at] * factor;
    }
    w[id] = value;
    if (row < params.n) {
        v[(matrix * params.n + column) * params.n + row] = select(T(0), T(1), row == column);
    }
}
