// Last pass of the blocked inverse: what each matrix is worth. One that is singular, or that held NaN or Inf, becomes NaN.
//
// `shares` workgroups per matrix, of which the first one reports. norms: (batch, parts, 3) of gauss_jordan_blocked_norms.wgsl;
// zero_pivot: (batch) 1-based step of the first one, or 0; inverse: (batch, n, n) T.
// Constants: T (real or complex, with parts F), WORKGROUP (1 to the device's limit).
// uses: grid, condition

@group(0) @binding(0) var<storage, read> norms: array<Bits>;
@group(0) @binding(1) var<storage, read> zero_pivot: array<u32>;
@group(0) @binding(2) var<storage, read_write> inverse: array<T>;

struct Params {
    batch: u32,
    n: u32,
    parts: u32,
    shares: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let matrix = number / params.shares;
    let share = number % params.shares;
    if (matrix >= params.batch) {
        return;
    }
    var norm = Bits(0);
    var largest = Bits(0);
    var inverse_norm = Bits(0);
    // By every invocation, since each must know whether the matrix is lost.
    for (var i = matrix * params.parts; i < (matrix + 1u) * params.parts; i++) {
        norm = max(norm, norms[3u * i]);
        largest = max(largest, norms[3u * i + 1u]);
        inverse_norm = max(inverse_norm, norms[3u * i + 2u]);
    }
    let finite = is_finite(from_magnitude_bits(largest));
    let singular = finite && zero_pivot[matrix] != 0u;
    if (share == 0u && lane == 0u) {
        let condition = select(make_nan(params.zero), reciprocal_condition(norm, inverse_norm, singular), finite);
        report(matrix, select(0u, zero_pivot[matrix], singular), condition);
    }
    if (singular || !finite) {
        let first = matrix * params.n * params.n;
        for (var i = share * WORKGROUP + lane; i < params.n * params.n; i += params.shares * WORKGROUP) {
            inverse[first + i] = nan_number(params.zero);
        }
    }
}
