// piece_four where a matrix, or a row, may begin anywhere: a piece is one element, and comes as the first of a vector.

alias Piece = T;
const PIECE = 1u;

fn load_piece(i: u32) -> vec4<T> {
    return vec4<T>(x[i], T(0), T(0), T(0));
}

fn store_piece(i: u32, piece: vec4<T>) {
    inverse[i] = piece.x;
}

fn load_element(i: u32) -> T {
    return x[i];
}

fn store_element(i: u32, element: T) {
    inverse[i] = element;
}
