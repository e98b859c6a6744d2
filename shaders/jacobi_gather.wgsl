// Some rows of all columns, as vectors of length 1 in the order of their singular values or eigenvalues: an
// invocation per element. Vectors of columns that count as zero are zero; NaN for matrices that were not finite.
//
// vectors: (batch, n, length); columns: (batch, n, height); norms,
// places: (batch, n); scale: (batch,) of jacobi_scale.
// Constants: T (f32, f64, vec2 of either), F (the type of its parts), CONJUGATED (bool), FLOOR_EXPONENT (columns
// shorter than 2^-FLOOR_EXPONENT count as zero), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    height: u32,
    first: u32,      // the first row
    length: u32,     // and how many
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> vectors: array<T>;
@group(0) @binding(1) var<storage, read> columns: array<T>;
@group(0) @binding(2) var<storage, read> norms: array<F>;
@group(0) @binding(3) var<storage, read> places: array<u32>;
@group(0) @binding(4) var<storage, read> scale: array<F>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let row = id % params.length;
    let column = id / params.length;
    let matrix = column / params.n;
    if (matrix >= params.batch) {
        return;
    }
    var value = T();
    if (is_nan(scale[matrix])) {
        value = of_real(scale[matrix]);
    } else if (norms[column] > power_of_two(-i32(FLOOR_EXPONENT))) {
        value = over_real(columns[column * params.height + params.first + row], norms[column]);
    }
    if (CONJUGATED) {
        value = conjugate(value);
    }
    vectors[(matrix * params.n + places[column]) * params.length + row] = value;
}
