// integer_power_native for int64 on a device without 64-bit integers: the same name, and the same answer to
// negative exponents: 0 but for a base of 1 or -1.
// uses: integer_power_words, integer_words_i64

fn integer_power(base: T, exponent: T) -> T {
    if (sign_word(exponent) == 0u) {
        return power_unsigned(base, exponent);
    }
    let one = T(1u, 0u);
    let is_odd = (exponent.x & 1u) == 1u;
    let is_unit = is_equal(base, one) || is_equal(base, ~T(0));
    return select(T(0), select(one, base, is_odd), is_unit);
}
