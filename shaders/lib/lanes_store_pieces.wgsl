// lanes_store_columns in whole pieces, of which a row has no more than there are lanes in a group.
// Free names: also MATRICES, ROOM.

// Lanes that write at a time: those beyond a multiple of a row's pieces do not.
const PIECES = N / PIECE;  // of a row
const WRITERS = LANES / PIECES * PIECES;

var<workgroup> steps: array<u32, MATRICES * N>;

fn store(exists: bool, base: u32, room: u32, lane: u32, has_inverse: bool, filler: T) -> Bits {
    let group_steps = room / ROOM * N;
    // unroll
    for (var r = 0u; r < ROWS; r++) {
        if (lane + r * LANES < N) {
            steps[group_steps + lane + r * LANES] = step_of[r];
        }
    }
    workgroupBarrier();
    // This lane's columns, always the same.
    let own_piece = lane % PIECES;
    // scalars
    var from: array<u32, PIECE>;
    // unroll
    for (var k = 0u; k < PIECE; k++) {
        from[k] = steps[group_steps + PIECE * own_piece + k];
    }
    var sums = vec4<F>();
    for (var first = 0u; first < N; first += CHUNK) {
        put_in_order(first, room);
        workgroupBarrier();
        for (var i = select(N, lane / PIECES, lane < WRITERS); i < min(CHUNK, N - first); i += WRITERS / PIECES) {
            var piece: Four;
            // unroll
            for (var k = 0u; k < PIECE; k++) {
                piece[k] = shared_rows[room + i * PITCH + from[k] / 4u][from[k] % 4u];
            }
            sums += moduli(piece);
            if (exists) {
                let fillers = Four(filler, filler, filler, filler);
                store_piece(base / PIECE + (first + i) * PIECES + own_piece, select_four(fillers, piece, has_inverse));
            }
        }
        workgroupBarrier();
    }
    shared_rows[room + lane] = four_of(sums);
    workgroupBarrier();
    var norm = Bits(0);
    for (var column = lane; column < N; column += LANES) {
        var sum = F(0);
        for (var i = column / PIECE; i < WRITERS; i += PIECES) {
            sum += real_part(shared_rows[room + i][column % PIECE]);
        }
        norm = max(norm, magnitude_bits(sum));
    }
    return norm;
}
