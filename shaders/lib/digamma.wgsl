// psi, the logarithmic derivative of gamma, for the constants and polynomials of digamma_f32 and digamma_f64.
//
// Source: the asymptotic series at 8 or more (Abramowitz and Stegun 6.3.18), where the recurrence leads, in pairs; a
// polynomial around the root at 1.46; reflection (6.3.7) for negative arguments.

// psi(x), for x > 0.
fn digamma_pair(x: Float) -> Pair {
    var shifted = Pair(x, Float(0));
    var sum = Pair(Float(0), Float(0));
    while (shifted.x < STIRLING_FROM) {
        sum = pair_add(sum, pair_quotient(Pair(Float(1), Float(0)), shifted));
        shifted = pair_add(shifted, Pair(Float(1), Float(0)));
    }
    let inverse = Float(1) / shifted.x;
    let half = pair_quotient(Pair(Float(-0.5), Float(0)), shifted);
    let most = pair_add(log_of(shifted), half);
    let square = inverse * inverse;
    return pair_add(pair_add(most, -sum), Pair(square * digamma_series(square), Float(0)));
}

fn precise_psi(x: Float) -> Float {
    if (is_nan(x) || (x < Float(0) && is_pole(x)) || (is_inf(x) && is_negative(x))) {
        return not_a_number(x);
    }
    if (is_within(x, power_of_two(-DIGITS - 2))) {
        // -1 / x.
        if (magnitude_bits(x) < ONE_BITS / Bits(64)) {
            return with_sign_of(infinity(x), -x);
        }
        return -pair_quotient(Pair(Float(1), Float(0)), Pair(significand(x), Float(0))).x * power_of_two(-exponent_of(x));
    }
    if (x > Float(0)) {
        if (is_inf(x)) {
            return x;
        }
        let root = opaque(x - DIGAMMA_ROOT.x) - DIGAMMA_ROOT.y;
        if (is_within(root, Float(0.29))) {
            return root * digamma_near_root(root);
        }
        if (x > power_of_two(2 * DIGITS)) {
            return log_pair(x).x;
        }
        return digamma_pair(x).x;
    }
    // psi(1 - x) - pi / tan(pi x), and psi(1 - x) = psi(-x) - 1 / x.
    let size = magnitude_of(x);
    let sine = sine_of_half_turns(size);
    let cosine = sine_of_half_turns(size - floor(size) + Float(0.5));
    let sign = select(Float(1), Float(-1), floor(size) != Float(2) * floor(Float(0.5) * size));
    let cotangent = pair_product(PI_PAIR, pair_quotient(Pair(sign * cosine, Float(0)), Pair(sine, Float(0))));
    let inverse = pair_quotient(Pair(Float(1), Float(0)), Pair(size, Float(0)));
    return pair_add(pair_add(digamma_pair(size), inverse), cotangent).x;
}
