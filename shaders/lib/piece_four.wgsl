// How matrices lie in memory where their elements come in fours: a piece of storage is a vector, read and
// written as one. piece_one has the same names for every other order, and piece_pair for complex numbers.
// Free names: T, and the bindings x and inverse, arrays of Piece.

alias Piece = vec4<T>;
const PIECE = 4u;

fn load_piece(i: u32) -> Four {
    return x[i];
}

fn store_piece(i: u32, piece: Four) {
    inverse[i] = piece;
}

fn store_element(i: u32, element: T) {
    inverse[i / 4u][i % 4u] = element;
}
