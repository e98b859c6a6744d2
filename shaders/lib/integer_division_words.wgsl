// Division of numbers of two words without a sign, for integer_division_words_*. T is vec2<u32>.
// uses: number_words, integer_words
//
// Source: binary long division, D. E. Knuth, The Art of Computer Programming, volume 2, 4.3.1.

// The divisor must not be 0.
fn quotient_unsigned(dividend: T, divisor: T) -> T {
    if ((dividend.y | divisor.y) == 0u) {
        return T(dividend.x / divisor.x, 0u);
    }
    var quotient = T(0);
    if (is_below_unsigned(dividend, divisor)) {
        return quotient;
    }
    let shift = leading_zeros(divisor) - leading_zeros(dividend);
    var rest = dividend;
    var part = shifted_left(divisor, T(shift, 0u), 64u);
    for (var step = 0u; step <= shift; step++) {
        let fits = !is_below_unsigned(rest, part);
        rest = select(rest, minus(rest, part), fits);
        quotient = T((quotient.x << 1u) | select(0u, 1u, fits), (quotient.y << 1u) | (quotient.x >> 31u));
        part = T((part.x >> 1u) | (part.y << 31u), part.y >> 1u);
    }
    return quotient;
}

fn leading_zeros(x: T) -> u32 {
    return select(countLeadingZeros(x.y), 32u + countLeadingZeros(x.x), x.y == 0u);
}
