// lanes_store_columns in pieces of four, for N a multiple of four and no more pieces in a row than lanes in a group.
// Free names: also MATRICES, ROOM.

// Lanes that write at a time: those beyond a multiple of a row's pieces do not.
const WRITERS = LANES / FOURS * FOURS;

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
    // This lane's columns, always the same four.
    let fourth = lane % FOURS;
    // scalars
    var from: array<u32, 4>;
    // unroll
    for (var k = 0u; k < 4u; k++) {
        from[k] = steps[group_steps + 4u * fourth + k];
    }
    var sums = vec4<T>();
    for (var first = 0u; first < N; first += CHUNK) {
        put_in_order(first, room);
        workgroupBarrier();
        for (var i = select(N, lane / FOURS, lane < WRITERS); i < min(CHUNK, N - first); i += WRITERS / FOURS) {
            var piece: vec4<T>;
            // unroll
            for (var k = 0u; k < 4u; k++) {
                piece[k] = shared_rows[room + i * PITCH + from[k] / 4u][from[k] % 4u];
            }
            sums += abs(piece);
            if (exists) {
                let fillers = vec4<T>(filler, filler, filler, filler);
                store_piece(base / 4u + (first + i) * FOURS + fourth, select(fillers, piece, has_inverse));
            }
        }
        workgroupBarrier();
    }
    shared_rows[room + lane] = sums;
    workgroupBarrier();
    var norm = Bits(0);
    for (var column = lane; column < N; column += LANES) {
        var sum = T(0);
        for (var i = column / 4u; i < WRITERS; i += FOURS) {
            sum += shared_rows[room + i][column % 4u];
        }
        norm = max(norm, magnitude_bits(sum));
    }
    return norm;
}
