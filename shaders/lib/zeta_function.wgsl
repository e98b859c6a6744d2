// The zeta functions of Riemann and Hurwitz, and polygamma, for the polynomial of zeta_function_f32 and zeta_function_f64.
//
// Source: Euler and Maclaurin's formula after ten terms or more (DLMF 25.11.5), as in the Cephes library; for q < 0 the
// terms of both sides; Riemann's for x < 0 by reflection (25.4.1), and a polynomial in between.

// B_2j / (2j)! of Bernoulli's numbers.
const BERNOULLI_1: Float = Float(0.08333333333333333);
const BERNOULLI_2: Float = Float(-0.001388888888888889);
const BERNOULLI_3: Float = Float(3.306878306878307e-05);
const BERNOULLI_4: Float = Float(-8.267195767195768e-07);
const BERNOULLI_5: Float = Float(2.08767569878681e-08);
const BERNOULLI_6: Float = Float(-5.284190138687493e-10);
const BERNOULLI_7: Float = Float(1.3382536530684679e-11);
const BERNOULLI_8: Float = Float(-3.3896802963225827e-13);
const BERNOULLI_9: Float = Float(8.586062056277845e-15);

// place^-x: a rounding error of the place would be multiplied by x.
fn inverse_power(place: Pair, x: Float) -> Float {
    return positive_pow(place.x, -x) * (Float(1) - x * (place.y / place.x));
}

// For x > 1 and q > 0, both finite.
fn positive_zeta(x: Float, q: Pair) -> Float {
    var sum = Pair(Float(0), Float(0));
    var point = q;
    var power = Float(0);
    for (var i = 0; i < 21; i++) {
        power = inverse_power(point, x);
        if (is_inf(power)) {
            return power;
        }
        if (i >= 10 && point.x >= Float(10)) {
            break;
        }
        sum = pair_add(sum, Pair(power, Float(0)));
        point = pair_add(point, Pair(Float(1), Float(0)));
        if (power <= sum.x * power_of_two(-2 * DIGITS)) {
            return sum.x;
        }
    }
    let place = point.x;
    let inverse = Float(1) / place;
    let square = inverse * inverse;
    // The series, from its end.
    var series = BERNOULLI_9 * (x + Float(15)) * (x + Float(16)) * square;
    series = (BERNOULLI_8 + series) * (x + Float(13)) * (x + Float(14)) * square;
    series = (BERNOULLI_7 + series) * (x + Float(11)) * (x + Float(12)) * square;
    series = (BERNOULLI_6 + series) * (x + Float(9)) * (x + Float(10)) * square;
    series = (BERNOULLI_5 + series) * (x + Float(7)) * (x + Float(8)) * square;
    series = (BERNOULLI_4 + series) * (x + Float(5)) * (x + Float(6)) * square;
    series = (BERNOULLI_3 + series) * (x + Float(3)) * (x + Float(4)) * square;
    series = (BERNOULLI_2 + series) * (x + Float(1)) * (x + Float(2)) * square;
    let rest = power * (Float(0.5) + (BERNOULLI_1 + series) * x * inverse);
    let integral = pair_quotient(Pair(inverse_power(point, x - Float(1)), Float(0)), Pair(x - Float(1), Float(0))).x;
    return pair_add(sum, pair_sum(integral, rest)).x;
}

fn hurwitz_zeta(x: Float, q: Float) -> Float {
    if (x == Float(1)) {
        return infinity(x);
    }
    if (is_nan(x) || is_nan(q) || x < Float(1)) {
        return not_a_number(x);
    }
    if (is_pole(q)) {
        return infinity(x);
    }
    if (is_inf(x)) {
        return select(select(infinity(x), Float(1), q == Float(1)), Float(0), q > Float(1));
    }
    if (is_inf(q)) {
        return Float(0);
    }
    if (q < Float(0) && floor(x) != x) {
        return not_a_number(x);
    }
    // Of a negative q the terms (q + k)^-x with q + k > 0, and those below, which have the sign of (-1)^x. In a loop, since
    // compilers write out every call.
    let fraction = q - floor(q);
    let is_odd = floor(x) != Float(2) * floor(Float(0.5) * x);
    var sum = Float(0);
    for (var i = 0; i < select(1, 3, q < Float(0)); i++) {
        let below = pair_sum(Float(1), -select(q, fraction, i == 1));
        let place = select(below, Pair(select(q, fraction, q < Float(0)), Float(0)), i == 0);
        let part = positive_zeta(x, place);
        sum += select(part, -part, (i == 1 && is_odd) || (i == 2 && !is_odd));
    }
    return sum;
}

fn riemann_zeta(x: Float) -> Float {
    if (is_nan(x) || (is_inf(x) && is_negative(x))) {
        return not_a_number(x);
    }
    if (x >= Float(0) && x < Float(1)) {
        return pair_quotient(Pair(-zeta_below_one(x), Float(0)), Pair(x - Float(1), Float(0))).x;
    }
    let above = hurwitz_zeta(select(x, Float(1) - x, x < Float(0)), Float(1));
    if (x >= Float(1)) {
        return above;
    }
    // 2 (2 pi)^(x - 1) sin(pi x / 2) gamma(1 - x) zeta(1 - x).
    let reflected = pair_sum(Float(1), -x);
    let half_turns = Float(-0.5) * x;
    if (floor(half_turns) == half_turns) {
        return Float(0);
    }
    let sine = sine_of_half_turns(half_turns);
    if (reflected.x > GAMMA_LIMIT * Float(2)) {
        return with_sign_of(infinity(x), -sine);
    }
    let logarithm = pair_add(log_gamma_pair(reflected), -pair_product(reflected, LOG_TWO_PI));
    return pair_times_exp(Pair(Float(-2) * sine * above, Float(0)), logarithm).x;
}

// The derivative of order n of psi.
fn precise_polygamma(n: Float, x: Float) -> Float {
    if (is_nan(n) || is_nan(x) || floor(n) != n) {
        return not_a_number(n);
    }
    if (n == Float(0)) {
        return precise_psi(x);
    }
    let size = precise_gamma(n + Float(1)) * hurwitz_zeta(n + Float(1), x);
    return select(size, -size, floor(n) == Float(2) * floor(Float(0.5) * n));
}
