// complex_log, complex_log1p, complex_log2, complex_log10 for complex numbers T = (re, im).
//
// log z = log|z| + i atan2(y, x). |z|^2 - 1 and |1 + z|^2 - 1 are summed as pairs from exact
// products, so that the logarithm keeps its digits near the unit circle.
// Special cases: the Array API standard's, which are those of C99, Annex G.6.3.2.
// uses: inverse_trigonometric_*, logarithm_*

// a + b, where b may be of any size.
fn pair_plus(a: Pair, b: F) -> Pair {
    let sum = pair_sum(a.x, b);
    return pair_sum(sum.x, sum.y + a.y);
}

// base + x^2 + y^2. The leading products come first, because they may cancel, and do so exactly.
fn squares_beside(base: F, x: F, y: F) -> Pair {
    let x_high = leading_half(x);
    let y_high = leading_half(y);
    let x_low = x - x_high;
    let y_low = y - y_high;
    let leading = pair_plus(pair_sum(base, x_high * x_high), y_high * y_high);
    let mixed = pair_plus(pair_plus(leading, F(2) * x_high * x_low), F(2) * y_high * y_low);
    return pair_plus(mixed, x_low * x_low + y_low * y_low);
}

// log(1 + x) / 2, for x > -1.
fn half_log1p(x: Pair) -> Pair {
    if (is_within(x.x, power_of_two(-DIGITS - 2))) {
        return F(0.5) * x;
    }
    return F(0.5) * log1p_of(x);
}

// log|x + iy|, for finite parts that are not both zero.
fn log_modulus(x: F, y: F) -> Pair {
    let long = parts_of(from_magnitude_bits(max(magnitude_bits(x), magnitude_bits(y))));
    let short_bits = min(magnitude_bits(x), magnitude_bits(y));
    // Near the unit circle the logarithm is small, and not a difference.
    let is_below_one = long.exponent == -1;
    let n = F(select(long.exponent, 0, is_below_one));
    let unit = select(F(1), F(0.5), is_below_one);
    var short = F(0);
    if (short_bits != Bits(0)) {
        let parts = parts_of(from_magnitude_bits(short_bits));
        short = unit_float(parts.digits) * power_of_two(max(parts.exponent - long.exponent, 2 - BIAS));
    }
    let logarithm = half_log1p(squares_beside(F(-1), unit * unit_float(long.digits), unit * short));
    let sum = pair_sum(n * LN2_HIGH, logarithm.x);
    return pair_of(sum.x, sum.y + (logarithm.y + n * LN2_LOW));
}

// log|z|: the first of the pair is infinite or NaN where the result is.
fn real_log(z: T) -> Pair {
    if (is_inf(z.x) || is_inf(z.y)) {
        return Pair(infinity(z.x), F(0));
    }
    if (is_nan(z.x) || is_nan(z.y)) {
        return Pair(not_a_number(z.x), F(0));
    }
    if ((magnitude_bits(z.x) | magnitude_bits(z.y)) == Bits(0)) {
        return Pair(-infinity(z.x), F(0));
    }
    return log_modulus(z.x, z.y);
}

fn complex_log(z: T) -> T {
    return T(real_log(z).x, precise_atan2(z.y, z.x));
}

// x times factor, which is a number like 1. What halves of small numbers leave could be subnormal.
fn pair_multiple(x: Pair, factor: Pair) -> F {
    if (is_within(x.x, power_of_two(MIN_EXPONENT + 2 * DIGITS)) || !is_finite(x.x)) {
        return x.x * (factor.x + factor.y);
    }
    return pair_product(x, factor).x;
}

// log z times a real pair.
fn log_times(z: T, factor: Pair) -> T {
    let angle = precise_atan2(z.y, z.x);
    let turned = pair_multiple(Pair(magnitude_of(angle), F(0)), factor);
    return T(pair_multiple(real_log(z), factor), with_sign_of(turned, angle));
}

fn complex_log2(z: T) -> T {
    return log_times(z, INVERSE_LN2);
}

fn complex_log10(z: T) -> T {
    return log_times(z, INVERSE_LN10);
}

fn complex_log1p(z: T) -> T {
    let sum = T(z.x + F(1), z.y);
    let angle = precise_atan2(z.y, sum.x);
    // |1 + z|^2 - 1 = 2 x + x^2 + y^2. Elsewhere 1 + x is exact, or its rounding does not count.
    if (z.x > F(-0.5) && z.x < F(2) && is_within(z.y, F(2))) {
        return T(half_log1p(squares_beside(F(2) * z.x, z.x, z.y)).x, angle);
    }
    return T(real_log(sum).x, angle);
}
