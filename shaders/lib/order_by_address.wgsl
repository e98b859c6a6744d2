// How rows and columns of an inverse get into order: each element is written to its place.
// order_in_registers has the same name.
// Free names: T, N, a, scale, step_of, pivot_of, and matrix_* of T.

// Writes a, row by row times its scale, or `filler` where the matrix has no inverse.
fn write_in_order(first: u32, batch: u32, lane: u32, has_inverse: bool, filler: T) {
    // unroll
    for (var row = 0u; row < N; row++) {
        // unroll
        for (var column = 0u; column < N; column++) {
            let place = step_of(row) * N + pivot_of(column);
            write_element(first, batch, lane, place, select(filler, times(a[row][column], scale[row]), has_inverse));
        }
    }
}
