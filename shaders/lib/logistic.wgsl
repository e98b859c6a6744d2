// expit, its logarithm and its inverse logit.
//
// Source: the definitions, with the exponential and the logarithms as pairs.
// uses: logarithm_*

// 1 / (1 + e^-x) as e / (1 + e) with e = e^-|x|.
fn precise_expit(x: Float) -> Float {
    if (is_nan(x)) {
        return x;
    }
    let parts = reduced(Pair(-limited(magnitude_of(x), EXP_LIMIT), Float(0)));
    let e = exp_significand(parts);
    if (parts.n < -2 * DIGITS) {
        return select(Float(1), scaled(e.x, parts.n), is_negative(x));
    }
    let small = e * power_of_two(parts.n);
    let sum = pair_add(Pair(Float(1), Float(0)), small);
    if (is_negative(x)) {
        return pair_quotient(small, sum).x;
    }
    return pair_quotient(Pair(Float(1), Float(0)), sum).x;
}

fn precise_log_expit(x: Float) -> Float {
    if (is_nan(x)) {
        return x;
    }
    // min(x, 0) - log(1 + e^-|x|).
    let parts = reduced(Pair(-limited(magnitude_of(x), EXP_LIMIT), Float(0)));
    let e = exp_significand(parts);
    if (parts.n < -2 * DIGITS) {
        return select(scaled(-e.x, parts.n), x, is_negative(x));
    }
    let rest = log1p_of(e * power_of_two(parts.n));
    return pair_add(Pair(select(Float(0), x, is_negative(x)), Float(0)), -rest).x;
}

// log(p / (1 - p)).
fn precise_logit(p: Float) -> Float {
    if (is_nan(p) || p > Float(1) || p < Float(0)) {
        return not_a_number(p);
    }
    if (magnitude_bits(p) == Bits(0) || p == Float(1)) {
        return select(-infinity(p), infinity(p), p == Float(1));
    }
    // 2 atanh(2 p - 1), without cancellation in between.
    let centred = Float(2) * (p - Float(0.5));
    if (is_within(centred, Float(0.17))) {
        return twice_atanh(Pair(centred, Float(0))).x;
    }
    return pair_add(log_pair(p), -log_of(pair_sum(Float(1), -p))).x;
}
