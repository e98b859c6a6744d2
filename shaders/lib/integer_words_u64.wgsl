// integer_native for uint64 on a device without 64-bit integers: the same names.
// uses: integer_words

fn magnitude(x: T) -> T {
    return x;
}

fn signum(x: T) -> T {
    return T(select(0u, 1u, any(x != T(0))), 0u);
}

fn shifted_right(x: T, count: T, bits: u32) -> T {
    return shifted_right_filling(x, count, bits, 0u);
}
