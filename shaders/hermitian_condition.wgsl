// rcond of every matrix from the sums of hermitian_norms; an inverse that there is not becomes NaN. A workgroup per matrix.
//
// column_sums, inverse_sums: (batch, n) bits of magnitudes; minor: (batch,) order of the first leading minor that is not positive,
// or 0; inverse: (batch, n, n).
// Constants: T (real or complex, with parts F), WORKGROUP (a power of two to the device's limit).
// uses: grid, condition

struct Params {
    batch: u32,
    n: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(0) @binding(0) var<storage, read> column_sums: array<Bits>;
@group(0) @binding(1) var<storage, read> inverse_sums: array<Bits>;
@group(0) @binding(2) var<storage, read> minor: array<i32>;
@group(0) @binding(3) var<storage, read_write> inverse: array<T>;
@group(1) @binding(0) var<uniform> params: Params;

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
    norms[lane] = Bits(0);
    inverse_norms[lane] = Bits(0);
    for (var column = lane; column < n; column += WORKGROUP) {
        norms[lane] = max(norms[lane], column_sums[matrix * n + column]);
        inverse_norms[lane] = max(inverse_norms[lane], inverse_sums[matrix * n + column]);
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
    let is_positive = minor[matrix] == 0;
    if (lane == 0u) {
        let rcond = reciprocal_condition(norms[0], inverse_norms[0], !is_positive);
        report(matrix, select(0u, u32(minor[matrix]), is_valid), select(make_nan(params.zero), rcond, is_valid));
    }
    if (!is_positive || !is_valid) {
        for (var i = lane; i < n * n; i += WORKGROUP) {
            inverse[matrix * n * n + i] = nan_number(params.zero);
        }
    }
}
