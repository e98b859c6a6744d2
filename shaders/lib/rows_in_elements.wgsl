// rows_in_fours for any order: elements beyond it are those of an identity, and are not stored.

@group(0) @binding(150) var<storage, read> x: array<T>;
@group(0) @binding(151) var<storage, read_write> inverse: array<T>;

fn load_row(matrix: u32, row: u32, column: u32) -> Four {
    var four: Four;
    // unroll
    for (var e = 0u; e < 4u; e++) {
        four[e] = of_real(select(F(0), F(1), row == column + e));
        if (max(row, column + e) < N) {
            four[e] = x[(matrix * N + row) * N + column + e];
        }
    }
    return four;
}

fn store_row(matrix: u32, row: u32, column: u32, four: Four) {
    // unroll
    for (var e = 0u; e < 4u; e++) {
        if (max(row, column + e) < N) {
            inverse[(matrix * N + row) * N + column + e] = four[e];
        }
    }
}
