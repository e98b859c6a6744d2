// entr, rel_entr, kl_div, xlogy and xlog1py: products with logarithms, which are 0 where the factor is.
//
// Source: the definitions; nearly equal arguments by log1p of their relative difference, which is exact.
// uses: logarithm_*, log1p_rest

// x y, with a logarithm y.
fn log_multiple(x: Float, y: Pair) -> Float {
    // Factors so large or small that halves of them would leave the range, and zeros, which keep their sign.
    if (magnitude_bits(y.x) == Bits(0) || !is_within(x, power_of_two(MAX_EXPONENT - 12)) || is_within(x, power_of_two(MIN_EXPONENT + 2 * DIGITS))) {
        return x * y.x;
    }
    return pair_product(Pair(x, Float(0)), y).x;
}

fn precise_entr(x: Float) -> Float {
    if (is_nan(x)) {
        return x;
    }
    if (magnitude_bits(x) == Bits(0)) {
        return Float(0);
    }
    if (is_negative(x) || is_inf(x)) {
        return -infinity(x);
    }
    return -log_multiple(x, log_pair(x));
}

// Whether neither is far from the other, and what x / y exceeds 1 by.
fn is_near(x: Float, y: Float) -> bool {
    return x > Float(0.75) * y && x < Float(1.375) * y;
}

fn relative_excess(x: Float, y: Float) -> Pair {
    return pair_quotient(Pair(x - y, Float(0)), Pair(y, Float(0)));
}

// x log(x / y).
fn precise_rel_entr(x: Float, y: Float) -> Float {
    if (is_nan(x) || is_nan(y)) {
        return not_a_number(x);
    }
    if (magnitude_bits(x) == Bits(0) && y >= Float(0)) {
        return Float(0);
    }
    if (x <= Float(0) || y <= Float(0)) {
        return infinity(x);
    }
    if (is_inf(x) || is_inf(y)) {
        if (is_inf(x) && is_inf(y)) {
            return not_a_number(x);
        }
        return select(-infinity(x), infinity(x), is_inf(x));
    }
    if (is_near(x, y)) {
        return log_multiple(x, log1p_of(relative_excess(x, y)));
    }
    return log_multiple(x, pair_add(log_pair(x), -log_pair(y)));
}

// x log(x / y) - x + y.
fn precise_kl_div(x: Float, y: Float) -> Float {
    if (is_nan(x) || is_nan(y)) {
        return not_a_number(x);
    }
    if (magnitude_bits(x) == Bits(0) && y >= Float(0)) {
        return y;
    }
    if (x <= Float(0) || y <= Float(0)) {
        return infinity(x);
    }
    if (is_inf(x) || is_inf(y)) {
        return select(infinity(x), not_a_number(x), is_inf(x) && is_inf(y));
    }
    if (is_near(x, y)) {
        // x (d - log(1 + d)) for y = x (1 + d).
        return log_multiple(x, log1p_rest(relative_excess(y, x)));
    }
    let logarithm = pair_add(log_pair(x), -log_pair(y));
    let difference = pair_sum(y, -x);
    if (is_within(x, power_of_two(MAX_EXPONENT - 12)) && !is_within(x, power_of_two(MIN_EXPONENT + 2 * DIGITS))) {
        return pair_add(pair_product(Pair(x, Float(0)), logarithm), difference).x;
    }
    return x * logarithm.x + difference.x;
}

fn precise_xlogy(x: Float, y: Float) -> Float {
    if (is_nan(x) || is_nan(y)) {
        return not_a_number(x);
    }
    if (magnitude_bits(x) == Bits(0)) {
        return Float(0);
    }
    if (is_log_special(y) || !is_finite(x)) {
        return x * precise_log(y);
    }
    return log_multiple(x, log_pair(y));
}

fn precise_xlog1py(x: Float, y: Float) -> Float {
    if (is_nan(x) || is_nan(y)) {
        return not_a_number(x);
    }
    if (magnitude_bits(x) == Bits(0)) {
        return Float(0);
    }
    if (!is_finite(y) || y <= Float(-1) || !is_finite(x) || is_within(y, power_of_two(MIN_EXPONENT + 2 * DIGITS))) {
        return x * precise_log1p(y);
    }
    return log_multiple(x, log1p_of(Pair(y, Float(0))));
}
