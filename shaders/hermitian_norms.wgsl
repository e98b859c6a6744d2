// Sums of the magnitudes in whole columns, from those within squares.
//
// One workgroup of WORKGROUP invocations per COLUMNS columns. matrix_shares, inverse_shares: (batch, squares, n) of
// hermitian_finish; column_sums, inverse_sums: (batch, n) bits of magnitudes.
// Constants: T (real or complex, with parts F), COLUMNS (a power of two), WORKGROUP (a multiple of COLUMNS to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    squares: u32,
}
@group(0) @binding(0) var<storage, read> matrix_shares: array<Bits>;
@group(0) @binding(1) var<storage, read> inverse_shares: array<Bits>;
@group(0) @binding(2) var<storage, read_write> column_sums: array<Bits>;
@group(0) @binding(3) var<storage, read_write> inverse_sums: array<Bits>;
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
        for (var i = lane / COLUMNS; i < params.squares; i += WORKGROUP / COLUMNS) {
            let at = (matrix * params.squares + i) * n + column;
            sums += vec2<F>(from_magnitude_bits(matrix_shares[at]), from_magnitude_bits(inverse_shares[at]));
        }
    }
    shares[lane / COLUMNS][place] = sums;
    workgroupBarrier();
    if (lane < COLUMNS && column < n) {
        for (var other = 1u; other < WORKGROUP / COLUMNS; other++) {
            sums += shares[other][place];
        }
        column_sums[matrix * n + column] = magnitude_bits(sums.x);
        inverse_sums[matrix * n + column] = magnitude_bits(sums.y);
    }
}
