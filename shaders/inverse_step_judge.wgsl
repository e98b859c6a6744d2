// Which columns a correction is too large for: where Newton's iteration would diverge, it is not small beside what it corrects.
//
// inverse, correction: (batch, n, n); refused: (batch, n) 1 where the 1-norm of a column of the correction is not below half
// that of the inverse's, else 0. One workgroup of WORKGROUP invocations per COLUMNS columns.
// Constants: T (real or complex, with parts F), COLUMNS (a power of two), WORKGROUP (a multiple of COLUMNS to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
}
@group(0) @binding(0) var<storage, read> inverse: array<T>;
@group(0) @binding(1) var<storage, read> correction: array<T>;
@group(0) @binding(2) var<storage, read_write> refused: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> shares: array<array<vec2<F>, COLUMNS>, WORKGROUP / COLUMNS>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let n = params.n;
    let across = (n + COLUMNS - 1u) / COLUMNS;
    let number = workgroup_number(workgroup, count);
    let matrix = number / across;
    if (matrix >= params.batch) {
        return;
    }
    let place = lane % COLUMNS;
    let column = number % across * COLUMNS + place;
    var sums = vec2<F>();
    if (column < n) {
        for (var row = lane / COLUMNS; row < n; row += WORKGROUP / COLUMNS) {
            let at = (matrix * n + row) * n + column;
            sums += vec2<F>(modulus(correction[at]), modulus(inverse[at]));
        }
    }
    shares[lane / COLUMNS][place] = sums;
    workgroupBarrier();
    if (lane < COLUMNS && column < n) {
        for (var other = 1u; other < WORKGROUP / COLUMNS; other++) {
            sums += shares[other][place];
        }
        // By their bits, so that a correction which is NaN is refused.
        let is_small = magnitude_bits(sums.x) < magnitude_bits(sums.y * F(0.5));
        refused[matrix * n + column] = select(1u, 0u, is_small);
    }
}
