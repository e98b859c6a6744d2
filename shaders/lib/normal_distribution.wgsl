// ndtr and log_ndtr, the distribution of normal numbers and its logarithm.
//
// Source: ndtr(x) = erfc(-x / sqrt(2)) / 2, with erfc as in error_function.wgsl; the exponential gets x² / 2 as a pair.
// uses: error_function_*, logarithm_*

const ROOT_HALF: Float = Float(0.7071067811865476);
// Beyond it ndtr(-x) is 0, and so is its difference from 1.
const NDTR_LIMIT: Float = Float(45);

// ndtr(-x) / e^(-x² / 2), for x >= 0.
fn scaled_tail(x: Float) -> Float {
    return Float(0.5) * scaled_erfc(x * ROOT_HALF);
}

// ndtr(-x), for x >= 0.
fn normal_tail(x: Float) -> Float {
    let cut = limited(x, NDTR_LIMIT);
    return times_exp(scaled_tail(cut), Float(-0.5) * pair_square(cut));
}

fn precise_ndtr(x: Float) -> Float {
    if (is_nan(x)) {
        return x;
    }
    if (x < Float(-0.6)) {
        return normal_tail(-x);
    }
    if (x < Float(1)) {
        return Float(0.5) + Float(0.5) * inner_erf(x * ROOT_HALF);
    }
    return Float(1) - normal_tail(x);
}

fn precise_log_ndtr(x: Float) -> Float {
    if (is_nan(x)) {
        return x;
    }
    if (x >= Float(1)) {
        return precise_log1p(-normal_tail(x));
    }
    if (x > Float(-1)) {
        return log_of(pair_of(Float(0.5), Float(0.5) * inner_erf(x * ROOT_HALF))).x;
    }
    if (!is_within(x, power_of_two(MAX_EXPONENT / 2))) {
        return -infinity(x);
    }
    let most = Float(-0.5) * pair_square(x);
    if (!is_within(x, power_of_two(DIGITS))) {
        return most.x;
    }
    return pair_add(most, log_pair(scaled_tail(-x))).x;
}
