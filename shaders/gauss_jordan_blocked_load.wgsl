// First pass of the blocked inverse: a padded copy to work on, and what each column holds.
//
// One workgroup per COLUMNS columns of a tile of rows. x: (batch, n, n) T; work: (batch, ld, ld) T; column_sum,
// column_max: (batch, tiles, ld) bits of the sum and of the largest of the magnitudes in a tile; step_of: (2, batch, ld),
// all unused; zero_pivot: (batch), all 0.
// Constants: T (real or complex, with parts F), COLUMNS (1 to the device's limit).
// uses: grid, gauss_jordan_blocked

@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read_write> work: array<T>;
@group(0) @binding(2) var<storage, read_write> column_sum: array<Bits>;
@group(0) @binding(3) var<storage, read_write> column_max: array<Bits>;
@group(0) @binding(4) var<storage, read_write> step_of: array<u32>;
@group(0) @binding(5) var<storage, read_write> zero_pivot: array<u32>;

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
    let across = (params.ld + COLUMNS - 1u) / COLUMNS;
    let column = number % across * COLUMNS + lane;
    let tile = number / across % params.tiles;
    let matrix = number / across / params.tiles;
    let ld = params.ld;
    if (matrix >= params.batch || column >= ld) {
        return;
    }
    var sum = F(0);
    var largest = Bits(0);
    let first = tile * params.tile_rows;
    for (var row = first; row < min(first + params.tile_rows, ld); row++) {
        var element = T();
        if (row < params.n && column < params.n) {
            element = x[(matrix * params.n + row) * params.n + column];
        }
        work[(matrix * ld + row) * ld + column] = element;
        sum += modulus(element);
        largest = max(largest, largest_bits(element));
    }
    let at = (matrix * params.tiles + tile) * ld + column;
    column_sum[at] = magnitude_bits(sum);
    column_max[at] = largest;
    if (tile == 0u) {
        step_of[matrix * ld + column] = UNUSED;
        if (column == 0u) {
            zero_pivot[matrix] = 0u;
        }
    }
}
