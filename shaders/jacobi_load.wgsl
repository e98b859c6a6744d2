// The scaled matrix by columns, and below it the identity: what the rotations start from. An invocation
// per element.
//
// columns: (batch, n, height); a matrix that is not finite becomes zero, and needs no rotation.
// x: (batch, m, n). scale: (batch,) of jacobi_scale.
// Constants: T (f32, f64, vec2 of either), F (the type of its parts), TRIANGLE (bool: of x take the triangle
// below the diagonal, which stands for both), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    m: u32,
    n: u32,
    height: u32,  // m, or m + n with the identity
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> columns: array<T>;
@group(0) @binding(1) var<storage, read> scale: array<F>;
@group(0) @binding(2) var<storage, read> x: array<T>;

fn element(matrix: u32, row: u32, column: u32) -> T {
    let start = matrix * params.m * params.n;
    if (TRIANGLE && row < column) {
        return conjugate(x[start + column * params.n + row]);
    }
    let value = x[start + row * params.n + column];
    if (TRIANGLE && row == column) {
        return of_real(real_part(value));
    }
    return value;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let row = id % params.height;
    let column = id / params.height % params.n;
    let matrix = id / params.height / params.n;
    if (matrix >= params.batch) {
        return;
    }
    var value = T();
    if (row >= params.m) {
        value = of_real(select(F(0), F(1), row - params.m == column));
    } else if (!is_nan(scale[matrix])) {
        value = element(matrix, row, column) * scale[matrix];
    }
    columns[id] = value;
}
