// How an invocation reads and writes its matrix: straight from and to storage. Neighbouring invocations are
// then N * N elements apart, which is well for CPUs, and for matrices of a single piece.
// matrix_staged has the same names.
// Free names: T, N, SIZE, WORKGROUP, a, and piece_* of T.

// Fills `a`: the matrix first + lane of a batch. An invocation beyond the batch takes the last matrix.
fn read_matrix(first: u32, batch: u32, lane: u32) {
    let start = min(first + lane, batch - 1u) * SIZE / PIECE;
    // unroll
    for (var i = 0u; i < SIZE / PIECE; i++) {
        let piece = load_piece(start + i);
        // unroll
        for (var k = 0u; k < PIECE; k++) {
            a[(i * PIECE + k) / N][(i * PIECE + k) % N] = piece[k];
        }
    }
}

// One element, or one piece, of the invocation's result, at any place.
fn write_element(first: u32, batch: u32, lane: u32, place: u32, element: T) {
    if (first + lane < batch) {
        store_element((first + lane) * SIZE + place, element);
    }
}

fn write_piece(first: u32, batch: u32, lane: u32, place: u32, piece: Four) {
    if (first + lane < batch) {
        store_piece((first + lane) * SIZE / PIECE + place, piece);
    }
}

// To be called by all, when all is written.
fn finish_writing(first: u32, batch: u32, lane: u32) {
}
