// How gauss_jordan_lanes.wgsl brings its rows in order and stores them: CHUNK rows at a time through workgroup memory,
// from which each lane writes its columns, neighbours side by side. lanes_store_pieces has the same name.
// Free names: T, N, LANES, ROWS, CHUNK, FOURS, PITCH, step_of, shared_rows, put_in_order, and piece_* of T.

// Stores the inverse, or `filler` where the matrix has no inverse. Returns the bits of the largest sum of magnitudes
// of the columns that this lane adds up.
fn store(exists: bool, base: u32, room: u32, lane: u32, has_inverse: bool, filler: T) -> Bits {
    // scalars
    var sums: array<F, ROWS>;
    for (var first = 0u; first < N; first += CHUNK) {
        workgroupBarrier();
        put_in_order(first, room);
        workgroupBarrier();
        // unroll
        for (var r = 0u; r < ROWS; r++) {
            // Column j of the inverse is the one that was in work when row j was the pivot.
            let column = lane + r * LANES;
            if (exists && column < N) {
                for (var i = 0u; i < min(CHUNK, N - first); i++) {
                    let element = shared_rows[room + i * PITCH + step_of[r] / 4u][step_of[r] % 4u];
                    sums[r] += modulus(element);
                    store_element(base + (first + i) * N + column, select(filler, element, has_inverse));
                }
            }
        }
    }
    var norm = Bits(0);
    // unroll
    for (var r = 0u; r < ROWS; r++) {
        norm = max(norm, magnitude_bits(sums[r]));
    }
    return norm;
}
