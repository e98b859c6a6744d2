// Matrices whose rows are whole fours of elements. rows_in_elements has the same names for every other order.
// Beyond the matrix are the elements of an identity, which are not stored.
// Free names: T, Four, N.

@group(0) @binding(150) var<storage, read> x: array<Four>;
@group(0) @binding(151) var<storage, read_write> inverse: array<Four>;

// Four elements of a row, from `column` on, which is a multiple of four.
fn load_row(matrix: u32, row: u32, column: u32) -> Four {
    if (max(row, column) < N) {
        return x[((matrix * N + row) * N + column) / 4u];
    }
    var four: Four;
    // unroll
    for (var e = 0u; e < 4u; e++) {
        four[e] = of_real(select(F(0), F(1), row == column + e));
    }
    return four;
}

fn store_row(matrix: u32, row: u32, column: u32, four: Four) {
    if (max(row, column) < N) {
        inverse[((matrix * N + row) * N + column) / 4u] = four;
    }
}
