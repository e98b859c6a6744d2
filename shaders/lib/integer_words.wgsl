// What integer_words_i64 and integer_words_u64 have in common: shifts of two words, the lower one first.
// T is vec2<u32>. A shift by 32 is one by 0 in WGSL, hence those in two steps.

fn shifted_left(x: T, count: T, bits: u32) -> T {
    if (count.y != 0u || count.x >= bits) {
        return T(0);
    }
    let moved = select(x, T(0u, x.x), count.x >= 32u);
    let n = count.x & 31u;
    return T(moved.x << n, (moved.y << n) | ((moved.x >> 1u) >> (31u - n)));
}

// `fill`: the words that follow above x.
fn shifted_right_filling(x: T, count: T, bits: u32, fill: u32) -> T {
    if (count.y != 0u || count.x >= bits) {
        return T(fill);
    }
    let moved = select(x, T(x.y, fill), count.x >= 32u);
    let n = count.x & 31u;
    return T((moved.x >> n) | ((moved.y << 1u) << (31u - n)), (moved.y >> n) | ((fill << 1u) << (31u - n)));
}
