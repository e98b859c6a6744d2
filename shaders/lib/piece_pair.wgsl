// piece_four for complex numbers: a piece is two of them, since no vector holds more.

alias Piece = vec4<F>;
const PIECE = 2u;

fn load_piece(i: u32) -> Four {
    return Four(x[i].xy, x[i].zw, T(), T());
}

fn store_piece(i: u32, piece: Four) {
    inverse[i] = vec4<F>(piece[0], piece[1]);
}

fn store_element(i: u32, element: T) {
    inverse[i / 2u][i % 2u * 2u] = element.x;
    inverse[i / 2u][i % 2u * 2u + 1u] = element.y;
}
