// number_native for int64 on a device without 64-bit integers: the same names.
// uses: number_words

// With the sign bit flipped, two's complement orders like numbers without a sign.
fn is_below(a: T, b: T) -> bool {
    let flipped = T(0u, 0x80000000u);
    return is_below_unsigned(a ^ flipped, b ^ flipped);
}
