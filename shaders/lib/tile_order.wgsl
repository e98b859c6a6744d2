// Which tile of a matrix product a workgroup computes, for lib/product_tiles and lib/product_broadcast.
// Constants: TILE_ROWS, TILE_COLUMNS, STRIPE (at least 1: tiles side by side whose workgroups follow each other).

struct Tile {
    matrix: u32,
    first_row: u32,
    first_column: u32,
}

// Tiles in stripes of STRIPE columns, so that workgroups that run together share what they read.
fn tile_at(number: u32, n_rows: u32, n_columns: u32) -> Tile {
    let across = (n_columns + TILE_COLUMNS - 1u) / TILE_COLUMNS;
    let down = (n_rows + TILE_ROWS - 1u) / TILE_ROWS;
    let matrix = number / (across * down);
    let within_matrix = number % (across * down);
    let stripe = within_matrix / (STRIPE * down);
    let width = min(STRIPE, across - stripe * STRIPE);
    let within = within_matrix - stripe * STRIPE * down;
    return Tile(matrix, within / width * TILE_ROWS, (stripe * STRIPE + within % width) * TILE_COLUMNS);
}
