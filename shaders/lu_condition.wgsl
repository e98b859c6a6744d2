// rcond of every matrix from its elements and those of its inverse, which becomes NaN where there
// is none: a workgroup per matrix.
//
// x, inverse: (batch, n, n); zero_pivot: (batch,) info of lu_panel.
// Constants: T (real or complex, with parts F), WORKGROUP (a power of two up to the device's limit).
// uses: grid, condition

struct Params {
    batch: u32,
    n: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> inverse: array<T>;
@group(0) @binding(1) var<storage, read> zero_pivot: array<i32>;
@group(0) @binding(2) var<storage, read> x: array<T>;

// As integers magnitudes order NaN above everything, so NaN is found.
var<workgroup> norms: array<Bits, WORKGROUP>;
var<workgroup> inverse_norms: array<Bits, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let matrix = workgroup_number(workgroup, count);
    if (matrix >= params.batch) {
        return;
    }
    let n = params.n;
    let first = matrix * n * n;
    norms[lane] = Bits(0);
    inverse_norms[lane] = Bits(0);
    for (var column = lane; column < n; column += WORKGROUP) {
        var sum = F(0);
        var inverse_sum = F(0);
        for (var row = 0u; row < n; row++) {
            let element = x[first + row * n + column];
            sum += select(modulus(element), make_nan(params.zero), holds_nan(element) || holds_inf(element));
            inverse_sum += modulus(inverse[first + row * n + column]);
        }
        norms[lane] = max(norms[lane], magnitude_bits(sum));
        inverse_norms[lane] = max(inverse_norms[lane], magnitude_bits(inverse_sum));
    }
    workgroupBarrier();
    for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
        if (lane < half) {
            norms[lane] = max(norms[lane], norms[lane + half]);
            inverse_norms[lane] = max(inverse_norms[lane], inverse_norms[lane + half]);
        }
        workgroupBarrier();
    }
    let is_valid = !is_nan(from_magnitude_bits(norms[0]));
    let is_singular = is_valid && zero_pivot[matrix] != 0;
    if (lane == 0u) {
        let rcond = reciprocal_condition(norms[0], inverse_norms[0], is_singular);
        report(matrix, u32(zero_pivot[matrix]), select(make_nan(params.zero), rcond, is_valid));
    }
    if (is_singular || !is_valid) {
        for (var i = lane; i < n * n; i += WORKGROUP) {
            inverse[first + i] = nan_number(params.zero);
        }
    }
}
