// Fifth pass of the blocked inverse: rows and columns to their places, and the sums of the columns.
//
// One invocation per column. work, inverse: (batch, n, n) T; scale: (batch, n) T; step_of, pivot_of: (batch, n);
// column_max, inverse_sum: (batch, n) bits; zero_pivot: (batch).
// Constants: T (f32, f64), WORKGROUP (1 to the device's limit).
// uses: grid, gauss_jordan_blocked

@group(0) @binding(0) var<storage, read> work: array<T>;
@group(0) @binding(1) var<storage, read> scale: array<T>;
@group(0) @binding(2) var<storage, read> step_of: array<u32>;
@group(0) @binding(3) var<storage, read> pivot_of: array<u32>;
@group(0) @binding(4) var<storage, read> column_max: array<Bits>;
@group(0) @binding(5) var<storage, read> zero_pivot: array<u32>;
@group(0) @binding(6) var<storage, read_write> inverse: array<T>;
@group(0) @binding(7) var<storage, read_write> inverse_sum: array<Bits>;

struct Params {
    n: u32,
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let n = params.n;
    if (i >= params.batch * n) {
        return;
    }
    let matrix = i / n;
    let column = i % n;
    var usable = zero_pivot[matrix] == 0u;
    for (var other = 0u; other < n; other++) {
        usable = usable && is_finite(from_magnitude_bits(column_max[matrix * n + other]));
    }
    var sum = T(0);
    for (var row = 0u; row < n; row++) {
        let pivot = matrix * n + pivot_of[matrix * n + row];
        let value = work[pivot * n + step_of[i]] * scale[pivot];
        sum += abs(value);
        inverse[(matrix * n + row) * n + column] = select(make_nan(params.zero), value, usable);
    }
    inverse_sum[i] = magnitude_bits(sum);
}
