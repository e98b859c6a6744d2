// exp and expm1, for the constants and polynomials of exponential_f32 and exponential_f64.
//
// Source: x = n ln 2 + r with |r| <= ln(2) / 2, after W. J. Cody and W. Waite, Software Manual for the
// Elementary Functions (1980), chapter 6; e^r as cosh r + sinh r, so that the hyperbolic
// functions share it.

// x = n ln 2 + r; cosh r = 1 + half_square + cosh_rest, sinh r = r.x + sinh_rest. half_square is exact.
struct Reduced {
    n: i32,
    r: Pair,
    half_square: Float,
    cosh_rest: Float,
    sinh_rest: Float,
}

// n for which x - n ln 2 is smallest.
fn multiple_of_ln2(x: Float) -> i32 {
    return i32(x * LOG2_E + select(Float(0.5), Float(-0.5), is_negative(x)));
}

// |x| must be at most EXP_LIMIT.
fn reduced(x: Pair) -> Reduced {
    let n = multiple_of_ln2(x.x);
    let high = opaque(x.x - Float(n) * LN2_HIGH);
    let r = pair_sum(high, x.y - Float(n) * LN2_LOW);
    let z = r.x * r.x;
    let half = leading_half(r.x);
    let half_square = Float(0.5) * (half * half);
    let square_rest = Float(0.5) * ((r.x - half) * (r.x + half));
    // r.y adds r.y cosh r to sinh r, and r.y sinh r to cosh r.
    let cosh_rest = square_rest + (z * z * cosh_tail(z) + r.x * r.y);
    let sinh_rest = r.y + r.x * z * sinh_tail(z);
    return Reduced(n, r, half_square, cosh_rest, sinh_rest);
}

// e^x / 2^n.
fn exp_significand(x: Reduced) -> Pair {
    let sum = pair_of(Float(1), x.r.x);
    let more = pair_of(sum.x, x.half_square);
    return pair_of(more.x, (sum.y + more.y) + (x.sinh_rest + x.cosh_rest));
}

// e^x. |x| must be at most EXP_LIMIT.
fn exp_of(x: Pair) -> Float {
    let parts = reduced(x);
    return scaled(exp_significand(parts).x, parts.n);
}

fn precise_exp(x: Float) -> Float {
    if (is_within(x, EXP_NORMAL)) {
        return normal_exp(x);
    }
    if (is_nan(x)) {
        return x;
    }
    return exp_of(Pair(limited(x, EXP_LIMIT), Float(0)));
}

// e^x where it is a normal number. Without pairs, which costs half a unit in the last place and saves half of the time.
fn normal_exp(x: Float) -> Float {
    let n = multiple_of_ln2(x);
    let r = opaque(x - Float(n) * LN2_HIGH) - Float(n) * LN2_LOW;
    let z = r * r;
    let rest = z * (Float(0.5) + z * cosh_tail(z)) + r * z * sinh_tail(z);
    return (Float(1) + opaque(r + rest)) * power_of_two(n);
}

fn precise_expm1(x: Float) -> Float {
    // e^x - 1 is x there, subnormal numbers and zeros with their signs included.
    if (is_nan(x) || is_within(x, power_of_two(-DIGITS - 2))) {
        return x;
    }
    // Below the limit, -1 is the float closest to the result.
    let parts = reduced(Pair(max(limited(x, EXP_LIMIT), Float(-DIGITS)), Float(0)));
    // 2^n ((1 - 2^-n) + (e^r - 1)).
    let one = pair_sum(Float(1), -power_of_two(-min(parts.n, 2 * DIGITS)));
    let sum = pair_sum(one.x, parts.r.x);
    let more = pair_sum(sum.x, parts.half_square);
    let rest = one.y + (parts.sinh_rest + parts.cosh_rest);
    return scaled(pair_of(more.x, (sum.y + more.y) + rest).x, parts.n);
}
