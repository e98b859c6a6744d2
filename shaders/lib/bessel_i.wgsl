// Modified Bessel functions of the first kind of orders 0 and 1, for the polynomials of bessel_i_f32 and bessel_i_f64.
//
// Source: the power series (Abramowitz and Stegun 9.6.10), whose terms are all positive, up to 12, and
// sqrt(x) e^-x I(x) as a polynomial in 1 / x beyond (9.7.1), as in the Cephes library.

const BESSEL_SERIES_TO: Float = Float(12);

fn bessel_i_series(x: Float, order: u32) -> Float {
    let half = Float(0.5) * x;
    if (order == 0u) {
        return bessel_i0_series(half * half);
    }
    return half * bessel_i1_series(half * half);
}

// e^-x I(x), for x > 12.
fn bessel_i_tail(x: Float, order: u32) -> Float {
    let inverse = Float(1) / x;
    var sum: Float;
    if (order == 0u) {
        sum = bessel_i0_tail(inverse);
    } else {
        sum = bessel_i1_tail(inverse);
    }
    return pair_quotient(Pair(sum, Float(0)), pair_root(Pair(x, Float(0)))).x;
}

fn bessel_i(x: Float, order: u32) -> Float {
    if (is_nan(x)) {
        return x;
    }
    let size = magnitude_of(x);
    var result: Float;
    if (size <= BESSEL_SERIES_TO) {
        result = bessel_i_series(size, order);
    } else {
        let cut = limited(size, EXP_LIMIT);
        let parts = reduced(Pair(cut, Float(0)));
        result = scaled(exp_significand(parts).x * bessel_i_tail(cut, order), parts.n);
    }
    return select(result, with_sign_of(result, x), order == 1u);
}

fn bessel_i_scaled(x: Float, order: u32) -> Float {
    if (is_nan(x)) {
        return x;
    }
    let size = magnitude_of(x);
    var result: Float;
    if (size <= BESSEL_SERIES_TO) {
        result = bessel_i_series(size, order) * exp_of(Pair(-size, Float(0)));
    } else if (is_inf(x)) {
        result = Float(0);
    } else {
        result = bessel_i_tail(size, order);
    }
    return select(result, with_sign_of(result, x), order == 1u);
}
