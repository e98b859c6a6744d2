// erf, erfc and erfcx, for the polynomials of error_function_f32 and error_function_f64.
//
// Source: e^(x²) erfc(x) (1 + 2 x) as one polynomial for all x >= 0, after M. M. Shepherd and J. G. Laframboise,
// Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 <= x < inf, Math. Comp. 36 (1981) 249-253. The exponential
// gets x² as a pair: its error would be multiplied by x².

// Beyond it erf(x) is 1, and (1 + 2 x) erfcx(x) its limit.
const ERF_LIMIT: Float = Float(6);

// e^(x²) erfc(x), for x >= 0.
fn scaled_erfc(x: Float) -> Float {
    let t = opaque(x - Float(3.75)) / (x + Float(3.75));
    return pair_quotient(Pair(erfcx_series(t), Float(0)), pair_sum(Float(1), Float(2) * x)).x;
}

fn pair_square(x: Float) -> Pair {
    return pair_product(Pair(x, Float(0)), Pair(x, Float(0)));
}

// factor e^x, rounded once where it is subnormal, for x.x > -EXP_LIMIT; 0 below.
fn times_exp(factor: Float, x: Pair) -> Float {
    if (x.x <= -EXP_LIMIT) {
        return Float(0);
    }
    let parts = reduced(x);
    return scaled(factor * exp_significand(parts).x, parts.n);
}

// erfc(x), for x >= 0.
fn upper_erfc(x: Float) -> Float {
    let cut = min(x, Float(32));
    return times_exp(scaled_erfc(cut), -pair_square(cut));
}

// erf(x), for |x| <= 1.
fn inner_erf(x: Float) -> Float {
    return x + x * erf_series(x * x);
}

fn precise_erf(x: Float) -> Float {
    if (is_nan(x)) {
        return x;
    }
    if (is_within(x, Float(1))) {
        if (is_within(x, power_of_two(MIN_EXPONENT + DIGITS))) {
            return tiny_erf(x);
        }
        return inner_erf(x);
    }
    return with_sign_of(Float(1) - upper_erfc(limited(magnitude_of(x), ERF_LIMIT)), x);
}

// 2 x / sqrt(pi), where x may be subnormal or become so.
fn tiny_erf(x: Float) -> Float {
    if (magnitude_bits(x) < (Bits(1) << u32(DIGITS))) {
        // A subnormal number is its bits, as an integer, times a power of two.
        let n = Float(magnitude_bits(x));
        return with_sign_of(from_magnitude_bits(Bits(n * Float(1.1283791670955126) + Float(0.5))), x);
    }
    return scaled(significand(x) * Float(1.1283791670955126), exponent_of(x));
}

fn precise_erfc(x: Float) -> Float {
    if (is_nan(x)) {
        return x;
    }
    if (x < Float(-1)) {
        return Float(2) - upper_erfc(limited(magnitude_of(x), ERF_LIMIT));
    }
    if (x < Float(0.5)) {
        return Float(1) - inner_erf(x);
    }
    return upper_erfc(x);
}

fn precise_erfcx(x: Float) -> Float {
    if (is_nan(x)) {
        return x;
    }
    if (is_negative(x)) {
        let cut = limited(magnitude_of(x), ERFCX_LIMIT);
        let square = pair_square(cut);
        let parts = reduced(square);
        let twice = scaled(exp_significand(parts).x, parts.n + 1);
        return twice - scaled_erfc(cut);
    }
    if (is_within(x, Float(0.5))) {
        return exp_of(pair_square(x)) * (Float(1) - inner_erf(x));
    }
    if (is_within(x, power_of_two(DIGITS))) {
        return scaled_erfc(x);
    }
    // 1 / (sqrt(pi) x).
    let inverse = pair_quotient(Pair(Float(0.5641895835477563), Float(0)), Pair(significand(x), Float(0))).x;
    return select(scaled(inverse, -exponent_of(x)), Float(0), is_inf(x));
}
