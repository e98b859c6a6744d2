// Bits of floats as unsigned numbers of the same order: those of negative numbers are inverted, others
// get the sign bit. -0 becomes 0, and every NaN the largest number.
// Source: M. Herf, Radix Tricks, 2001, http://stereopsis.com/radix.html (without the zeros and NaNs)

fn is_nan_f32(bits: u32) -> bool {
    return (bits & 0x7fffffffu) > 0x7f800000u;
}

fn ordered_f32(bits: u32) -> u32 {
    if (is_nan_f32(bits)) {
        return 0xffffffffu;
    }
    if ((bits & 0x7fffffffu) == 0u) {
        return 0x80000000u;
    }
    return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

// Of two words, the lower one first.
fn is_nan_f64(words: vec2<u32>) -> bool {
    let high = words.y & 0x7fffffffu;
    return high > 0x7ff00000u || (high == 0x7ff00000u && words.x != 0u);
}

fn ordered_f64(words: vec2<u32>) -> vec2<u32> {
    if (is_nan_f64(words)) {
        return vec2<u32>(0xffffffffu);
    }
    if ((words.y & 0x7fffffffu) == 0u && words.x == 0u) {
        return vec2<u32>(0u, 0x80000000u);
    }
    return select(vec2<u32>(words.x, words.y | 0x80000000u), ~words, (words.y & 0x80000000u) != 0u);
}
