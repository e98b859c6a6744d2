// Sums of the magnitudes in every column of Hermitian matrices, of which the lower triangle is read, and of their inverses.
//
// x, inverse: (batch, n, n); column_sums, inverse_sums: (batch, n) bits of magnitudes, of a column of x that holds NaN or
// Inf a NaN. One workgroup of WORKGROUP invocations per COLUMNS columns.
// Constants: T (real or complex, with parts F), COLUMNS (a power of two), WORKGROUP (a multiple of COLUMNS to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read> inverse: array<T>;
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
    let base = matrix * n * n;
    let place = lane % COLUMNS;
    let column = number % across * COLUMNS + place;
    var sums = vec2<F>();
    if (column < n) {
        for (var i = lane / COLUMNS; i < n; i += WORKGROUP / COLUMNS) {
            var element = x[base + max(i, column) * n + min(i, column)];
            if (i == column) {
                element = of_real(real_part(element));
            }
            sums.x += select(modulus(element), make_nan(params.zero), holds_nan(element) || holds_inf(element));
            sums.y += modulus(inverse[base + i * n + column]);
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
