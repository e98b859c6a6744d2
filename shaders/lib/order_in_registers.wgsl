// order_by_address by choices among registers, N for each element, so that whole pieces are written: for small N.

fn write_in_order(first: u32, batch: u32, lane: u32, has_inverse: bool, filler: T) {
    // scalars
    var ordered: array<array<T, N>, N>;
    // unroll
    for (var column = 0u; column < N; column++) {
        // unroll
        for (var row = 0u; row < N; row++) {
            let element = times(a[row][column], scale[row]);
            // unroll
            for (var step = 0u; step < N; step++) {
                ordered[step][column] = select(ordered[step][column], element, step_of(row) == step);
            }
        }
    }
    // unroll
    for (var i = 0u; i < N * N / PIECE; i++) {
        var piece = Four(filler, filler, filler, filler);
        // unroll
        for (var k = 0u; k < PIECE; k++) {
            // unroll
            for (var step = 0u; step < N; step++) {
                let is_it = has_inverse && pivot_of(step) == (i * PIECE + k) % N;
                piece[k] = select(piece[k], ordered[(i * PIECE + k) / N][step], is_it);
            }
        }
        write_piece(first, batch, lane, i, piece);
    }
}
