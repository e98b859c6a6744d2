// erfinv, erfcinv and ndtri, the inverse functions of erf, erfc and ndtr, for the polynomials of normal_quantile_f32
// and normal_quantile_f64.
//
// Source: a polynomial in y² in the middle, and one in sqrt(-log q) for a tail q, as in M. J. Wichura, Algorithm AS
// 241, Appl. Statist. 37 (1988) 477-484. The ends of the interval leave exact tails.

const ROOT_TWO: Float = Float(1.4142135623730951);
const HALF_ROOT_TWO: Float = Float(0.7071067811865476);

// erfinv(y) for |y| <= 1/2.
fn inner_erfinv(y: Float) -> Float {
    return y + y * erfinv_series(y * y);
}

// z > 0 with ndtr(-z) = q / 2^halvings, which must be at most 1/4.
fn tail_quantile(q: Float, halvings: Float) -> Float {
    let logarithm = pair_add(-log_pair(q), halvings * Pair(LN2_HIGH, LN2_LOW));
    // An error of r would be multiplied by 3.
    let r = pair_root(logarithm);
    let ratio = tail_ratio((opaque(r.x - TAIL_CENTRE) + r.y) / (r.x + TAIL_CENTRE));
    return r.x * ratio + r.y * ratio;
}

fn precise_erfinv(y: Float) -> Float {
    let magnitude = magnitude_of(y);
    if (is_nan(y) || magnitude > Float(1)) {
        return not_a_number(y);
    }
    if (magnitude <= Float(0.5)) {
        if (is_within(y, power_of_two(MIN_EXPONENT + DIGITS))) {
            return select(scaled(significand(y) * Float(0.886226925452758), exponent_of(y)), y, magnitude_bits(y) == Bits(0));
        }
        return inner_erfinv(y);
    }
    if (magnitude == Float(1)) {
        return with_sign_of(infinity(y), y);
    }
    return with_sign_of(tail_quantile(Float(1) - magnitude, Float(1)) * HALF_ROOT_TWO, y);
}

fn precise_erfcinv(y: Float) -> Float {
    if (is_nan(y) || y > Float(2) || y < Float(0)) {
        return not_a_number(y);
    }
    if (y >= Float(0.5) && y <= Float(1.5)) {
        return inner_erfinv(Float(1) - y);
    }
    let tail = select(y, Float(2) - y, y > Float(1));
    let quantile = select(tail_quantile(tail, Float(1)) * HALF_ROOT_TWO, infinity(y), magnitude_bits(tail) == Bits(0));
    return select(quantile, -quantile, y > Float(1));
}

fn precise_ndtri(p: Float) -> Float {
    if (is_nan(p) || p > Float(1) || p < Float(0)) {
        return not_a_number(p);
    }
    if (p >= Float(0.25) && p <= Float(0.75)) {
        return ROOT_TWO * inner_erfinv(Float(2) * (p - Float(0.5)));
    }
    let tail = select(p, Float(1) - p, p > Float(0.5));
    let quantile = select(tail_quantile(tail, Float(0)), infinity(p), magnitude_bits(tail) == Bits(0));
    return select(-quantile, quantile, p > Float(0.5));
}
