// base^exponent modulo 2^64 for numbers of two words, for integer_power_words_*. T is vec2<u32>; the
// exponent has no sign.
// uses: number_words
//
// Source: binary powering, D. E. Knuth, The Art of Computer Programming, volume 2, 4.6.3, algorithm A.

fn power_unsigned(base: T, exponent: T) -> T {
    var result = T(1u, 0u);
    var factor = base;
    var rest = exponent;
    while (any(rest != T(0))) {
        if ((rest.x & 1u) == 1u) {
            result = times(result, factor);
        }
        factor = times(factor, factor);
        rest = T((rest.x >> 1u) | (rest.y << 31u), rest.y >> 1u);
    }
    return result;
}
