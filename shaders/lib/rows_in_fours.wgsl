// Matrices whose rows are whole fours of elements. rows_in_elements has the same names for every other order.
// Free names: T, Four, N.

@group(0) @binding(150) var<storage, read> x: array<Four>;
@group(0) @binding(151) var<storage, read_write> inverse: array<Four>;

// Four elements of a row, from `column` on, which is a multiple of four.
fn load_row(matrix: u32, row: u32, column: u32) -> Four {
    return x[((matrix * N + row) * N + column) / 4u];
}

fn store_row(matrix: u32, row: u32, column: u32, four: Four) {
    inverse[((matrix * N + row) * N + column) / 4u] = four;
}
