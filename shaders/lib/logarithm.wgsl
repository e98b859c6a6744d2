// Logarithms, for the constants and polynomials of logarithm_f32 and logarithm_f64.
//
// Source: log m = 2 atanh((m - 1) / (m + 1)) by its power series, summed as a pair: pow() multiplies
// the logarithm by up to 2^10, and its error as well.

// 2 atanh(s), for |s| < 0.172, which is 3 - sqrt(8) and a little.
fn twice_atanh(s: Pair) -> Pair {
    let square = pair_product(s, s);
    let cubic = pair_product(pair_product(square, s), TWO_THIRDS);
    let rest = s.x * square.x * square.x * atanh_tail(square.x);
    let sum = pair_of(Float(2) * s.x, cubic.x);
    return pair_of(sum.x, sum.y + ((Float(2) * s.y + cubic.y) + rest));
}

// log(m 2^exponent), for 1 <= m < 2.
fn log_scaled(m: Float, exponent: i32) -> Pair {
    // Centred on 1: what is near 1 must not be the difference of two logarithms.
    let is_upper = m > Float(1.4142135);
    let f = select(m, Float(0.5) * m, is_upper) - Float(1);
    let n = Float(exponent + select(0, 1, is_upper));
    let log_m = twice_atanh(pair_quotient(Pair(f, Float(0)), pair_of(Float(2), f)));
    let sum = pair_of(n * LN2_HIGH, log_m.x);
    return pair_of(sum.x, sum.y + (log_m.y + n * LN2_LOW));
}

// log(x), for 0 < x < infinity.
fn log_pair(x: Float) -> Pair {
    // A subnormal number is its bits, as an integer, times a power of two.
    let is_subnormal = magnitude_bits(x) < (Bits(1) << u32(DIGITS));
    let normal = select(x, Float(bitcast<Bits>(x)), is_subnormal);
    let exponent = exponent_of(normal) + select(0, MIN_EXPONENT - DIGITS, is_subnormal);
    return log_scaled(significand(normal), exponent);
}

// log(x) of a pair that is not close to 1.
fn log_of(x: Pair) -> Pair {
    let leading = log_pair(x.x);
    return pair_of(leading.x, leading.y + x.y / x.x);
}

// log(1 + x), for x > -1. Where powers of a small x underflow, they do not count.
fn log1p_of(x: Pair) -> Pair {
    if (x.x > Float(-0.29) && x.x < Float(0.41)) {
        let divisor = pair_of(Float(2), x.x);
        return twice_atanh(pair_quotient(x, pair_of(divisor.x, divisor.y + x.y)));
    }
    let sum = pair_sum(Float(1), x.x);
    return log_of(pair_of(sum.x, sum.y + x.y));
}

// Whether log(x) is something else than a finite number: for x <= 0, infinity and NaN.
fn is_log_special(x: Float) -> bool {
    return is_negative(x) || magnitude_bits(x) == Bits(0) || !is_finite(x);
}

fn special_log(x: Float) -> Float {
    if (magnitude_bits(x) == Bits(0)) {
        return -infinity(x);
    }
    return select(x, not_a_number(x), is_negative(x));
}

fn precise_log(x: Float) -> Float {
    if (is_log_special(x)) {
        return special_log(x);
    }
    return log_pair(x).x;
}

fn precise_log2(x: Float) -> Float {
    if (is_log_special(x)) {
        return special_log(x);
    }
    return pair_product(log_pair(x), INVERSE_LN2).x;
}

fn precise_log10(x: Float) -> Float {
    if (is_log_special(x)) {
        return special_log(x);
    }
    return pair_product(log_pair(x), INVERSE_LN10).x;
}

fn precise_log1p(x: Float) -> Float {
    // log(1 + x) is x there, subnormal numbers and zeros with their signs included.
    if (is_within(x, power_of_two(-DIGITS - 2))) {
        return x;
    }
    if (!is_finite(x) || x <= Float(-1)) {
        return special_log(select(x, x + Float(1), is_finite(x)));
    }
    return log1p_of(Pair(x, Float(0))).x;
}

// log(e^x1 + e^x2). Where that is close to 0 because x1 is close to -log(1 + e^(x2 - x1)), a few units in the
// last place of x1 remain of its error.
fn precise_logaddexp(x1: Float, x2: Float) -> Float {
    if (is_nan(x1)) {
        return x1;
    }
    if (is_nan(x2)) {
        return x2;
    }
    let larger = select(x2, x1, x1 > x2);
    let smaller = select(x1, x2, x1 > x2);
    if (is_inf(larger) || is_inf(smaller) || smaller <= larger - EXP_LIMIT) {
        // log(1 + 0) is +0, also where that 1 is e^-0.
        return select(larger, Float(0), magnitude_bits(larger) == Bits(0));
    }
    let difference = pair_sum(smaller, -larger);
    let parts = reduced(difference);
    if (parts.n < -2 * DIGITS) {
        // log(1 + e) is e.
        let e = exp_significand(parts);
        let sum = pair_sum(larger, scaled(e.x, parts.n));
        return sum.x + (sum.y + scaled(e.y, parts.n));
    }
    let rest = log1p_of(exp_significand(parts) * power_of_two(parts.n));
    let sum = pair_sum(larger, rest.x);
    return pair_of(sum.x, sum.y + rest.y).x;
}
