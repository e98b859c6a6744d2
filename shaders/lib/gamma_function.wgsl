// gammaln, gamma, rgamma, gammasgn and betaln, for the constants and polynomials of gamma_function_f32 and
// gamma_function_f64.
//
// Source: Stirling's formula at 8 or more (Abramowitz and Stegun 6.1.41), where the recurrence leads, both in pairs;
// polynomials around the zeros at 1 and 2; reflection (6.1.17) for negative arguments. The difference of logarithms
// in betaln is that of A. R. DiDonato and A. H. Morris, Algorithm 708, ACM Trans. Math. Softw. 18 (1992) 360-373.

// Where the recurrence leads.
const STIRLING_FROM: Float = Float(8);

// What is added to (x - 1/2) log x - x + log(2 pi) / 2, for x >= 8.
fn stirling_rest(x: Float) -> Float {
    let inverse = Float(1) / x;
    return inverse * stirling_series(inverse * inverse);
}

// log gamma(x), for x > 0 below LOG_GAMMA_LIMIT. The error is far below the last place of 1, but near the zeros at 1
// and 2 not below that of the result.
fn log_gamma_pair(x: Pair) -> Pair {
    if (x.x < power_of_two(-DIGITS - 2)) {
        return -log_of(x);
    }
    var shifted = x;
    var product = Pair(Float(1), Float(0));
    while (shifted.x < STIRLING_FROM) {
        product = pair_product(product, shifted);
        shifted = pair_add(shifted, Pair(Float(1), Float(0)));
    }
    let logarithm = log_of(shifted);
    let most = pair_product(pair_add(shifted, Pair(Float(-0.5), Float(0))), logarithm);
    let sum = pair_add(pair_add(most, -shifted), Pair(HALF_LOG_TWO_PI.x, HALF_LOG_TWO_PI.y + stirling_rest(shifted.x)));
    if (product.x == Float(1)) {
        return sum;
    }
    return pair_add(sum, -log_of(product));
}

// log(|x| sin(pi |x|) / pi), for a negative x that is no integer: -log gamma(x) - log gamma(-x).
fn log_reflected(x: Float) -> Pair {
    let size = magnitude_of(x);
    let sine = pair_add(log_pair(size), log_pair(abs(sine_of_half_turns(size))));
    return pair_add(sine, -LOG_PI);
}

// sin(pi x), for x >= 0.
fn sine_of_half_turns(x: Float) -> Float {
    let rest = x - floor(x);
    let near = min(rest, Float(1) - rest);
    var sine: Float;
    if (near <= Float(0.25)) {
        let angle = pair_product(Pair(near, Float(0)), PI_PAIR);
        sine = sine_of(InQuadrant(0u, angle.x, angle.y));
    } else {
        let angle = pair_product(Pair(Float(0.5) - near, Float(0)), PI_PAIR);
        sine = cosine_of(InQuadrant(0u, angle.x, angle.y));
    }
    return select(sine, -sine, floor(x) != Float(2) * floor(Float(0.5) * x));
}

// sin(pi x) / (pi x), with 1 at 0.
fn precise_sinc(x: Float) -> Float {
    if (!is_finite(x)) {
        return not_a_number(x);
    }
    let size = magnitude_of(x);
    if (is_within(x, power_of_two(-DIGITS))) {
        return Float(1);
    }
    if (size >= power_of_two(DIGITS)) {
        return Float(0);
    }
    return pair_quotient(Pair(sine_of_half_turns(size), Float(0)), pair_product(Pair(size, Float(0)), PI_PAIR)).x;
}

// Whether x is 0, or a negative integer.
fn is_pole(x: Float) -> bool {
    return x <= Float(0) && floor(x) == x;
}

fn precise_gammaln(x: Float) -> Float {
    if (is_nan(x)) {
        return x;
    }
    if (is_inf(x) || is_pole(x) || magnitude_of(x) > LOG_GAMMA_LIMIT) {
        return select(infinity(x), -infinity(x), is_negative(x) && (is_inf(x) || !is_pole(x)));
    }
    if (x == Float(1) || x == Float(2)) {
        return Float(0);
    }
    if (x > Float(0.7) && x < Float(2.35)) {
        var ratio: Float;
        if (x < Float(1.45)) {
            ratio = log_gamma_near_one(x - Float(1.075));
        } else {
            ratio = log_gamma_near_two(x - Float(1.9));
        }
        return (x - Float(1)) * (x - Float(2)) * ratio;
    }
    if (is_within(x, power_of_two(-DIGITS - 2))) {
        return -log_pair(magnitude_of(x)).x;
    }
    if (x > Float(0)) {
        return log_gamma_pair(Pair(x, Float(0))).x;
    }
    return -pair_add(log_gamma_pair(Pair(-x, Float(0))), log_reflected(x)).x;
}

// The sign of gamma(x) where it is one: that of zero at zero.
fn sign_of_gamma(x: Float) -> Float {
    if (is_nan(x) || (x < Float(0) && is_pole(x)) || (is_inf(x) && is_negative(x))) {
        return not_a_number(x);
    }
    let is_odd = floor(x) != Float(2) * floor(Float(0.5) * x);
    return select(Float(1), Float(-1), is_negative(x) && (is_odd || magnitude_bits(x) == Bits(0)));
}

// log |gamma(x)|, where that is a number, cut to what exp_of() takes.
fn cut_log_gamma(x: Float) -> Pair {
    if (is_within(x, power_of_two(-DIGITS - 2))) {
        return -log_pair(magnitude_of(x));
    }
    let cut = limited(magnitude_of(x), GAMMA_LIMIT);
    let logarithm = log_gamma_pair(Pair(cut, Float(0)));
    if (x > Float(0)) {
        return logarithm;
    }
    let reflected = -pair_add(logarithm, log_reflected(select(-cut, x, is_within(x, GAMMA_LIMIT))));
    return Pair(limited(reflected.x, EXP_LIMIT), select(Float(0), reflected.y, is_within(reflected.x, EXP_LIMIT)));
}

fn precise_gamma(x: Float) -> Float {
    if (magnitude_bits(x) == Bits(0)) {
        return with_sign_of(infinity(x), x);
    }
    let sign = sign_of_gamma(x);
    if (is_nan(sign)) {
        return sign;
    }
    if (x < -GAMMA_LIMIT) {
        return with_sign_of(Float(0), sign);
    }
    return sign * exp_of(cut_log_gamma(x));
}

fn precise_rgamma(x: Float) -> Float {
    if (is_pole(x)) {
        return select(Float(0), x, magnitude_bits(x) == Bits(0));
    }
    let sign = sign_of_gamma(x);
    if (is_nan(sign)) {
        return sign;
    }
    if (x < -GAMMA_LIMIT) {
        return with_sign_of(infinity(x), sign);
    }
    return sign * exp_of(-cut_log_gamma(x));
}

// log gamma(a + b) - log gamma(a), for a >= 8 and a >= b > 0.
fn log_gamma_difference(a: Float, b: Float) -> Pair {
    let ratio = pair_quotient(Pair(b, Float(0)), Pair(a, Float(0)));
    let sum = pair_sum(a, b);
    let slope = pair_product(pair_add(sum, Pair(Float(-0.5), Float(0))), log1p_of(ratio));
    let growth = pair_product(Pair(b, Float(0)), pair_add(log_pair(a), Pair(Float(-1), Float(0))));
    let rest = stirling_rest(sum.x) - stirling_rest(a);
    return pair_add(pair_add(slope, growth), Pair(rest, Float(0)));
}

// The logarithm of the beta function of positive numbers. In a loop, since compilers write out every call.
fn log_beta_pair(x1: Float, x2: Float) -> Pair {
    let a = max(x1, x2);
    let b = min(x1, x2);
    var result = Pair(Float(0), Float(0));
    let n_gammas = select(3, 1, a >= STIRLING_FROM);
    for (var i = 0; i < n_gammas; i++) {
        let place = select(Pair(select(a, b, i == 0), Float(0)), pair_sum(a, b), i == 2);
        let logarithm = log_gamma_pair(place);
        result = pair_add(result, select(logarithm, -logarithm, i == 2));
    }
    if (a >= STIRLING_FROM) {
        result = pair_add(result, -log_gamma_difference(a, b));
    }
    return result;
}

fn precise_betaln(x1: Float, x2: Float) -> Float {
    if (is_nan(x1) || is_nan(x2)) {
        return not_a_number(x1);
    }
    var a = max(x1, x2);
    var b = min(x1, x2);
    // A pole of gamma(a) or gamma(b), that of gamma(a + b) may take away.
    let pole = select(b, a, is_pole(a));
    let other = select(a, b, is_pole(a));
    if (is_pole(pole)) {
        let reflected = Float(1) - pole - other;
        if (!is_within(pole, Float(2147483648.0)) || floor(other) != other || other <= Float(0) || reflected <= Float(0)) {
            return infinity(a);
        }
        a = max(reflected, other);
        b = min(reflected, other);
    }
    if (b > Float(0)) {
        if (is_inf(a)) {
            return -infinity(a);
        }
        if (a <= power_of_two(MAX_EXPONENT - 12)) {
            return log_beta_pair(a, b).x;
        }
        if (b >= power_of_two(2 * DIGITS)) {
            return -(a * precise_log1p(b / a) + b * precise_log1p(a / b));
        }
    }
    // In a loop, since compilers write out every call.
    var result = Float(0);
    for (var i = 0; i < select(3, 1, b > Float(0)); i++) {
        let logarithm = precise_gammaln(select(select(a + b, a, i == 1), b, i == 0));
        result += select(logarithm, -logarithm, i == 2);
    }
    if (b > Float(0)) {
        return result - b * precise_log(a);
    }
    return result;
}

// factor e^x: rounded once where it is subnormal, a pair elsewhere; 0 where x.x <= -EXP_LIMIT.
fn pair_times_exp(factor: Pair, x: Pair) -> Pair {
    if (x.x <= -EXP_LIMIT) {
        return Pair(Float(0), Float(0));
    }
    let parts = reduced(x);
    let product = pair_product(factor, exp_significand(parts));
    if (parts.n < MIN_EXPONENT + 2 * DIGITS || parts.n > MAX_EXPONENT - 2) {
        return Pair(scaled(product.x, parts.n), Float(0));
    }
    return product * power_of_two(parts.n);
}
