// Sixth pass of the blocked inverse: rows and columns to their places, and the sums of the columns.
//
// One workgroup per COLUMNS columns of a tile of rows. work: (batch, ld, ld) T; inverse: (batch, n, n) T; scale: (batch, ld) T;
// step_of: (2, batch, ld), then the row that was the pivot of a step; inverse_sum: (batch, tiles, ld) bits of the sum of the magnitudes in a tile.
// Constants: T (real or complex, with parts F), COLUMNS (1 to the device's limit).
// uses: grid, gauss_jordan_blocked

@group(0) @binding(0) var<storage, read> work: array<T>;
@group(0) @binding(1) var<storage, read> scale: array<T>;
@group(0) @binding(2) var<storage, read> step_of: array<u32>;
@group(0) @binding(4) var<storage, read_write> inverse: array<T>;
@group(0) @binding(5) var<storage, read_write> inverse_sum: array<Bits>;

struct Params {
    batch: u32,
    n: u32,
    ld: u32,
    tiles: u32,      // of rows, in a matrix
    tile_rows: u32,
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(COLUMNS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let across = (params.n + COLUMNS - 1u) / COLUMNS;
    let column = number % across * COLUMNS + lane;
    let tile = number / across % params.tiles;
    let matrix = number / across / params.tiles;
    let n = params.n;
    let ld = params.ld;
    if (matrix >= params.batch || column >= n) {
        return;
    }
    // A row of a singular matrix may never have been a pivot.
    let step = min(step_of[matrix * ld + column], n - 1u);
    var sum = F(0);
    let first = tile * params.tile_rows;
    for (var row = first; row < min(first + params.tile_rows, n); row++) {
        let pivot = matrix * ld + step_of[(params.batch + matrix) * ld + row];
        let value = times(work[pivot * ld + step], scale[pivot]);
        sum += modulus(value);
        inverse[(matrix * n + row) * n + column] = value;
    }
    inverse_sum[(matrix * params.tiles + tile) * ld + column] = magnitude_bits(sum);
}
