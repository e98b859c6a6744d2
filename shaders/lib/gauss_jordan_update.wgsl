// update() of the blocked inverse: columns outside a block, a product with the block's pivot rows.
//
// Workgroup `group` does a tile of the params.n_columns columns from params.first_column on, of which params.skipped from
// params.skip on are left out. work: (batch, ld, pitch) T; factors: (2, batch, ld, BLOCK) T; step_of: (2, batch, ld); pivot_rows: (batch, BLOCK, pitch) T.
// Constants: T (real or complex, with parts F), BLOCK (a multiple of TILE_ROWS and of TILE_COLUMNS), those of lib/product_tiles (WIDTH, TILE_ROWS,
// TILE_COLUMNS, …), of which ALONG_I1 is true and ALONG_I2 false; Few: vectors of T, by kernels/product.py.
// uses: gauss_jordan_blocked

@group(0) @binding(110) var<storage, read_write> work: array<Few>;
@group(0) @binding(111) var<storage, read_write> step_of: array<u32>;
@group(0) @binding(117) var<storage, read_write> factors: array<Few>;
@group(0) @binding(119) var<storage, read> pivot_rows: array<Few>;

fn place1(matrix: u32, row: u32) -> u32 {
    return ((params.updated_parity * params.batch + matrix) * params.ld + row) * (BLOCK / WIDTH);
}

fn element1(place: u32, i: u32) -> Few {
    return factors[place + i / WIDTH];
}

fn place2(matrix: u32, column: u32) -> u32 {
    return (matrix * BLOCK * params.pitch + column) / WIDTH;
}

fn element2(place: u32, i: u32) -> Few {
    return pivot_rows[place + i * (params.pitch / WIDTH)];
}

fn first_sums(matrix: u32, row: u32, column: u32) -> Few {
    // A pivot row of the block starts from its own u.
    if (step_of[matrix * params.ld + row] - params.updated < BLOCK) {
        return Few();
    }
    return work[((matrix * params.ld + row) * params.pitch + column) / WIDTH];
}

fn finish(matrix: u32, row: u32, column: u32, sums: Few) {
    work[((matrix * params.ld + row) * params.pitch + column) / WIDTH] = sums;
}

fn update(group: u32, lane: u32) {
    var tile = tile_at(group, params.ld, params.n_columns);
    if (tile.matrix >= params.batch) {
        return;
    }
    tile.first_column += params.first_column;
    if (tile.first_column >= params.skip) {
        tile.first_column += params.skipped;
    }
    multiply(tile, params.depth, lane);
}
