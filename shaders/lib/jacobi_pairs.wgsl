// Who meets whom in a sweep of Jacobi rotations: a round-robin tournament, of blocks of columns and of
// the columns within a pair of blocks.
//
// Source: Brent and Luk, SIAM J. Sci. Stat. Comput. 6 (1985) 69-84.

// The players of pair `number` of a round (0 to players - 2): the last one stays, the others go round it.
fn players_of(number: u32, round: u32, players: u32) -> vec2<u32> {
    let ring = players - 1u;
    if (number == 0u) {
        return vec2<u32>(round, ring);
    }
    return vec2<u32>((round + number) % ring, (round + ring - number) % ring);
}

// The column that is member `k` of a pair of blocks of `width` columns each; it may lie beyond the last.
fn member_of(blocks: vec2<u32>, k: u32, width: u32) -> u32 {
    return select(blocks.y * width + k - width, blocks.x * width + k, k < width);
}
