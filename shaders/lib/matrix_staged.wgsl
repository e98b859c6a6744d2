// matrix_direct for GPUs: the matrices of a workgroup pass through workgroup memory, so that neighbouring
// invocations read and write neighbouring pieces of storage. Matrices there are an odd number of elements apart,
// which keeps the invocations, each in its own, on different banks.

const PITCH = SIZE | 1u;

var<workgroup> tile: array<T, WORKGROUP * PITCH>;

fn pieces_of_workgroup(first: u32, batch: u32) -> u32 {
    return min(batch - min(first, batch), WORKGROUP) * SIZE / PIECE;
}

fn read_matrix(first: u32, batch: u32, lane: u32) {
    let count = pieces_of_workgroup(first, batch);
    for (var i = lane; i < count; i += WORKGROUP) {
        let piece = load_piece(first * SIZE / PIECE + i);
        // unroll
        for (var k = 0u; k < PIECE; k++) {
            tile[(i * PIECE + k) / SIZE * PITCH + (i * PIECE + k) % SIZE] = piece[k];
        }
    }
    workgroupBarrier();
    // unroll
    for (var i = 0u; i < SIZE; i++) {
        a[i / N][i % N] = tile[lane * PITCH + i];
    }
}

fn write_element(first: u32, batch: u32, lane: u32, place: u32, element: T) {
    tile[lane * PITCH + place] = element;
}

fn write_piece(first: u32, batch: u32, lane: u32, place: u32, piece: Four) {
    // unroll
    for (var k = 0u; k < PIECE; k++) {
        tile[lane * PITCH + place * PIECE + k] = piece[k];
    }
}

fn finish_writing(first: u32, batch: u32, lane: u32) {
    workgroupBarrier();
    let count = pieces_of_workgroup(first, batch);
    for (var i = lane; i < count; i += WORKGROUP) {
        var piece: Four;
        // unroll
        for (var k = 0u; k < PIECE; k++) {
            piece[k] = tile[(i * PIECE + k) / SIZE * PITCH + (i * PIECE + k) % SIZE];
        }
        store_piece(first * SIZE / PIECE + i, piece);
    }
}
