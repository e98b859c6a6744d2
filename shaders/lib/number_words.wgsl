// What number_words_i64 and number_words_u64 have in common: arithmetic modulo 2^64 on numbers of
// two words, the lower one first. T is vec2<u32>.
// uses: wide_u32

fn plus(a: T, b: T) -> T {
    let low = a.x + b.x;
    return T(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn minus(a: T, b: T) -> T {
    return T(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}

fn times(a: T, b: T) -> T {
    return T(a.x * b.x, multiply_high(a.x, b.x) + a.x * b.y + a.y * b.x);
}

fn plus_product(sum: T, a: T, b: T) -> T {
    return plus(sum, times(a, b));
}

fn is_equal(a: T, b: T) -> bool {
    return a.x == b.x && a.y == b.y;
}

fn is_below_unsigned(a: T, b: T) -> bool {
    return a.y < b.y || (a.y == b.y && a.x < b.x);
}
