// integer_native for int64 on a device without 64-bit integers: the same names.
// uses: integer_words, number_words_i64

// The magnitude of the smallest number is that number, as in NumPy.
fn magnitude(x: T) -> T {
    return select(x, minus(T(0), x), sign_word(x) != 0u);
}

fn signum(x: T) -> T {
    let sign = sign_word(x);
    return T(sign | select(0u, 1u, any(x != T(0))), sign);
}

fn shifted_right(x: T, count: T, bits: u32) -> T {
    return shifted_right_filling(x, count, bits, sign_word(x));
}

// All ones for a negative number, or else 0.
fn sign_word(x: T) -> u32 {
    return bitcast<u32>(bitcast<i32>(x.y) >> 31u);
}
