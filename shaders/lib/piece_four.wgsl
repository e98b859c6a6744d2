// How matrices lie in memory where their elements come in fours: a piece of storage is a vector, read and
// written as one. piece_one has the same names for every other order.
// Free names: T, and the bindings x and inverse, arrays of Piece.

alias Piece = vec4<T>;
const PIECE = 4u;

fn load_piece(i: u32) -> vec4<T> {
    return x[i];
}

fn store_piece(i: u32, piece: vec4<T>) {
    inverse[i] = piece;
}

fn load_element(i: u32) -> T {
    return x[i / 4u][i % 4u];
}

fn store_element(i: u32, element: T) {
    inverse[i / 4u][i % 4u] = element;
}
