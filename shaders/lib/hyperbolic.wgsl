// Hyperbolic functions and their inverses, for both floating types.
//
// Source: with x = n ln 2 + r (exponential.wgsl), 2 cosh x = 2^n ((1 + w) cosh r + (1 - w) sinh r) for
// w = 2^-2n, and 2 sinh x is the same with -w: neither divides, and neither cancels. The inverse
// functions are logarithms, near 0 written as 2 atanh(s), which keeps the digits of a small s.

// (1 + w) cosh r + (1 - w) sinh r.
fn cosh_and_sinh(x: Reduced, w: Float) -> Pair {
    let one = pair_of(Float(1), w);
    let r = pair_of(x.r.x, -w * x.r.x);
    let sum = pair_sum(one.x, r.x);
    let rest = (one.y + r.y) + (one.x * (x.half_square + x.cosh_rest) + (Float(1) - w) * x.sinh_rest);
    return pair_of(sum.x, sum.y + rest);
}

// 2^-2n, to where it no longer counts beside 1.
fn inverse_square(n: i32) -> Float {
    return power_of_two(-2 * min(n, DIGITS));
}

// |x|, cut to EXP_LIMIT: beyond it nothing changes any more.
fn reduced_magnitude(x: Float) -> Reduced {
    return reduced(Pair(limited(magnitude_of(x), EXP_LIMIT), Float(0)));
}

// Whether x is so small that sinh, tanh and their inverses of it are x. They are NaN of a NaN, too.
fn is_own_result(x: Float) -> bool {
    return is_nan(x) || is_within(x, power_of_two(-DIGITS / 2 - 3));
}

fn precise_sinh(x: Float) -> Float {
    if (is_own_result(x)) {
        return x;
    }
    let parts = reduced_magnitude(x);
    let sinh = cosh_and_sinh(parts, -inverse_square(parts.n));
    return with_sign_of(scaled(sinh.x, parts.n - 1), x);
}

fn precise_cosh(x: Float) -> Float {
    if (is_nan(x)) {
        return x;
    }
    let parts = reduced_magnitude(x);
    return scaled(cosh_and_sinh(parts, inverse_square(parts.n)).x, parts.n - 1);
}

fn precise_tanh(x: Float) -> Float {
    if (is_own_result(x)) {
        return x;
    }
    let parts = reduced_magnitude(x);
    let w = inverse_square(parts.n);
    return with_sign_of(pair_quotient(cosh_and_sinh(parts, -w), cosh_and_sinh(parts, w)).x, x);
}

// log(2 x), for large x.
fn log_of_double(x: Float) -> Float {
    let logarithm = log_pair(x);
    let sum = pair_of(logarithm.x, LN2_HIGH);
    return pair_of(sum.x, sum.y + (logarithm.y + LN2_LOW)).x;
}

// Whether x^2 + 1 and x^2 - 1 are x^2 to all digits that count.
fn is_large(x: Float) -> bool {
    return !is_within(x, power_of_two(DIGITS / 2 + 2));
}

fn precise_asinh(x: Float) -> Float {
    if (is_own_result(x) || is_inf(x)) {
        return x;
    }
    let a = magnitude_of(x);
    if (is_large(x)) {
        return with_sign_of(log_of_double(a), x);
    }
    let square = pair_product(Pair(a, Float(0)), Pair(a, Float(0)));
    let sum = pair_sum(Float(1), square.x);
    let root = pair_root(pair_of(sum.x, sum.y + square.y));
    // With s = a / (1 + root), a is sinh(2 atanh s).
    let is_small = a < Float(0.35);
    let other = pair_sum(root.x, select(a, Float(1), is_small));
    let argument = pair_of(other.x, other.y + root.y);
    if (is_small) {
        return with_sign_of(twice_atanh(pair_quotient(Pair(a, Float(0)), argument)).x, x);
    }
    return with_sign_of(log_of(argument).x, x);
}

fn precise_acosh(x: Float) -> Float {
    if (is_nan(x) || x < Float(1)) {
        return not_a_number(x);
    }
    if (x == Float(1)) {
        return Float(0);
    }
    if (is_inf(x)) {
        return x;
    }
    if (is_large(x)) {
        return log_of_double(x);
    }
    if (x < Float(1.06)) {
        // s^2 = (x - 1) / (x + 1), and the difference is exact.
        return twice_atanh(pair_root(pair_quotient(Pair(x - Float(1), Float(0)), pair_of(x, Float(1))))).x;
    }
    let square = pair_product(Pair(x, Float(0)), Pair(x, Float(0)));
    let difference = pair_of(square.x, Float(-1));
    let root = pair_root(pair_of(difference.x, difference.y + square.y));
    let sum = pair_of(x, root.x);
    return log_of(pair_of(sum.x, sum.y + root.y)).x;
}

fn precise_atanh(x: Float) -> Float {
    if (is_own_result(x)) {
        return x;
    }
    if (!is_within(x, Float(1))) {
        return select(not_a_number(x), with_sign_of(infinity(x), x), magnitude_bits(x) == magnitude_bits(Float(1)));
    }
    let a = magnitude_of(x);
    if (a < Float(0.17)) {
        return with_sign_of(Float(0.5) * twice_atanh(Pair(a, Float(0))).x, x);
    }
    let quotient = pair_quotient(pair_of(Float(1), a), pair_of(Float(1), -a));
    return with_sign_of(Float(0.5) * log_of(quotient).x, x);
}
