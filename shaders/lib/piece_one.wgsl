// piece_four where a matrix, or a row, may begin anywhere: a piece is one element, and comes as the first of a vector.

alias Piece = T;
const PIECE = 1u;

fn load_piece(i: u32) -> Four {
    return Four(x[i], T(), T(), T());
}

fn store_piece(i: u32, piece: Four) {
    inverse[i] = piece[0];
}

fn store_element(i: u32, element: T) {
    inverse[i] = element;
}
