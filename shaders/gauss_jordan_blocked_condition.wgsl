// Last pass of the blocked inverse: what each matrix is worth.
//
// One workgroup per matrix. column_sum, column_max, inverse_sum: (batch, n) bits;
// zero_pivot: (batch) 1-based step of the first one, or 0.
// Constants: T (f32, f64), WORKGROUP (1 to the device's limit).
// uses: grid, condition

@group(0) @binding(0) var<storage, read> column_sum: array<Bits>;
@group(0) @binding(1) var<storage, read> column_max: array<Bits>;
@group(0) @binding(2) var<storage, read> inverse_sum: array<Bits>;
@group(0) @binding(3) var<storage, read> zero_pivot: array<u32>;

struct Params {
    n: u32,
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> norms: array<Bits, WORKGROUP>;
var<workgroup> maxima: array<Bits, WORKGROUP>;
var<workgroup> inverse_norms: array<Bits, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let matrix = workgroup_number(workgroup, count);
    if (matrix >= params.batch) {
        return;
    }
    var norm = Bits(0);
    var largest = Bits(0);
    var inverse_norm = Bits(0);
    for (var column = lane; column < params.n; column += WORKGROUP) {
        let i = matrix * params.n + column;
        norm = max(norm, column_sum[i]);
        largest = max(largest, column_max[i]);
        inverse_norm = max(inverse_norm, inverse_sum[i]);
    }
    norms[lane] = norm;
    maxima[lane] = largest;
    inverse_norms[lane] = inverse_norm;
    workgroupBarrier();
    if (lane == 0u) {
        for (var i = 1u; i < WORKGROUP; i++) {
            norm = max(norm, norms[i]);
            largest = max(largest, maxima[i]);
            inverse_norm = max(inverse_norm, inverse_norms[i]);
        }
        let finite = is_finite(from_magnitude_bits(largest));
        let singular = finite && zero_pivot[matrix] != 0u;
        let condition = select(make_nan(params.zero), reciprocal_condition(norm, inverse_norm, singular), finite);
        report(matrix, select(0u, zero_pivot[matrix], finite), condition);
    }
}
