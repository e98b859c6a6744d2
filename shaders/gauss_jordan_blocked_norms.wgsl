// Seventh pass of the blocked inverse: the sums of whole columns, and the largest of each 64 columns.
//
// One workgroup per 64 columns. column_sum, column_max, inverse_sum: (batch, tiles, ld) bits, of magnitudes;
// norms: (batch, ld / 64 rounded up, 3) bits: ‖A‖₁, the largest element, and ‖A⁻¹‖₁, of those columns alone.
// Constants: T (real or complex, with parts F).
// uses: grid, gauss_jordan_blocked

@group(0) @binding(0) var<storage, read> column_sum: array<Bits>;
@group(0) @binding(1) var<storage, read> column_max: array<Bits>;
@group(0) @binding(2) var<storage, read> inverse_sum: array<Bits>;
@group(0) @binding(3) var<storage, read_write> norms: array<Bits>;

struct Params {
    batch: u32,
    n: u32,
    ld: u32,
    tiles: u32,  // of rows, in a matrix
}
@group(1) @binding(0) var<uniform> params: Params;

const COLUMNS = 64u;
const SHARES = 4u;  // invocations that a column's tiles are shared by

var<workgroup> sums: array<array<F, COLUMNS>, SHARES>;
var<workgroup> inverse_sums: array<array<F, COLUMNS>, SHARES>;
var<workgroup> maxima: array<array<Bits, COLUMNS>, SHARES>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let across = (params.n + COLUMNS - 1u) / COLUMNS;
    let matrix = number / across;
    if (matrix >= params.batch) {
        return;
    }
    let share = lane / COLUMNS;
    let place = lane % COLUMNS;
    let column = number % across * COLUMNS + place;
    var sum = F(0);
    var inverse_total = F(0);
    var largest = Bits(0);
    if (column < params.n) {
        for (var tile = share; tile < params.tiles; tile += SHARES) {
            let i = (matrix * params.tiles + tile) * params.ld + column;
            sum += from_magnitude_bits(column_sum[i]);
            inverse_total += from_magnitude_bits(inverse_sum[i]);
            largest = max(largest, column_max[i]);
        }
    }
    sums[share][place] = sum;
    inverse_sums[share][place] = inverse_total;
    maxima[share][place] = largest;
    workgroupBarrier();
    if (share == 0u) {
        for (var other = 1u; other < SHARES; other++) {
            sum += sums[other][place];
            inverse_total += inverse_sums[other][place];
            largest = max(largest, maxima[other][place]);
        }
        sums[0][place] = sum;
        inverse_sums[0][place] = inverse_total;
        maxima[0][place] = largest;
    }
    workgroupBarrier();
    if (lane == 0u) {
        var norm = Bits(0);
        var inverse_norm = Bits(0);
        for (var i = 0u; i < COLUMNS; i++) {
            norm = max(norm, magnitude_bits(sums[0][i]));
            inverse_norm = max(inverse_norm, magnitude_bits(inverse_sums[0][i]));
            largest = max(largest, maxima[0][i]);
        }
        norms[number * 3u] = norm;
        norms[number * 3u + 1u] = largest;
        norms[number * 3u + 2u] = inverse_norm;
    }
}
