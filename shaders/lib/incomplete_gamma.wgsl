// gammainc and gammaincc, the regularised incomplete gamma functions P(a, x) and Q(a, x), for the coefficients of
// incomplete_gamma_f32 and incomplete_gamma_f64.
//
// Source: as in A. R. DiDonato and A. H. Morris, ACM Trans. Math. Softw. 12 (1986) 377-393: the power series (DLMF
// 8.11.4), the continued fraction (8.9.2), for large a and x close to it the uniform expansion of Temme (8.12.7-8), and
// for small x and a the series of Q (as in the Cephes library). x^a e^-x / gamma(a) is computed with pairs.
// uses: log1p_rest

// P and Q.
struct Portions {
    lower: Float,
    upper: Float,
}

// The smaller of the two, and whether it is Q; the other is what 1 lacks.
fn portions_of(smaller: Float, is_upper: bool) -> Portions {
    if (is_upper) {
        return Portions(Float(1) - smaller, smaller);
    }
    return Portions(smaller, Float(1) - smaller);
}

// log(x^a e^-x).
fn log_power_pair(a: Float, x: Float) -> Pair {
    return pair_add(pair_product(Pair(a, Float(0)), log_pair(x)), Pair(-x, Float(0)));
}

// For x within 30 % of a >= 20.
fn near_portions(a: Float, x: Float) -> Portions {
    let mu = pair_quotient(Pair(x - a, Float(0)), Pair(a, Float(0)));
    let half_square = log1p_rest(mu);
    let exponent = pair_product(Pair(a, Float(0)), half_square);
    let root = sqrt(max(exponent.x, Float(0)));
    let eta = with_sign_of(sqrt(max(Float(2) * half_square.x, Float(0))), mu.x);
    let series = temme_sum(eta, Float(1) / a) / sqrt(Float(6.283185307179586) * a);
    let smaller = times_exp(Float(0.5) * scaled_erfc(root) + select(series, -series, is_negative(mu.x)), -exponent);
    return portions_of(smaller, !is_negative(mu.x));
}

// P by its series, whose terms are all positive: with pairs, so that 1 - P keeps digits.
fn lower_by_series(a: Float, x: Float) -> Pair {
    var term = Pair(Float(1), Float(0));
    var sum = term;
    for (var n = 1; n < 1000 && term.x > sum.x * power_of_two(-DIGITS - 10); n++) {
        term = pair_quotient(pair_product(term, Pair(x, Float(0))), pair_sum(a, Float(n)));
        sum = pair_add(sum, term);
    }
    let logarithm = pair_add(log_power_pair(a, x), -log_gamma_pair(pair_sum(a, Float(1))));
    return pair_times_exp(sum, logarithm);
}

// The series of Q for x <= 0.6 and small a, where 1 - P would cancel.
fn upper_by_series(a: Float, x: Float) -> Float {
    var factor = Float(1);
    var sum = Float(0);
    for (var n = 1; n < 60; n++) {
        factor *= -x / Float(n);
        let term = factor * (a / (a + Float(n)));
        sum += term;
        if (abs(term) <= abs(sum) * power_of_two(-DIGITS - 3)) {
            break;
        }
    }
    let logarithm = a * log_pair(x).x;
    // 1 - x^a / gamma(1 + a) (1 + sum).
    let power = logarithm - log_gamma_of_one_and(a);
    return -precise_expm1(power) - precise_exp(power) * sum;
}

// log gamma(1 + a), for 0 <= a <= 0.3, where 1 + a would lose digits of a.
fn log_gamma_of_one_and(a: Float) -> Float {
    return a * (a - Float(1)) * log_gamma_near_one(a - Float(0.075));
}

// The continued fraction of Q, for x > a and x > 0.6, from its end: errors of its tail are multiplied by less than 1 at
// each step. After n terms e^(-4 sqrt(n x)) is left out if n is large, and a fifth of it at each step if x and a are.
fn upper_by_fraction(a: Float, x: Float) -> Float {
    let digits = Float(DIGITS + 2);
    let n_terms = i32(digits * digits * Float(0.03) / x) + DIGITS / 2 + 4;
    let excess = x - a;
    var fraction = excess + Float(2 * n_terms + 1);
    for (var i = n_terms; i > 0; i--) {
        let n = Float(i);
        fraction = (excess + (n + n - Float(1))) - n * ((n - a) / fraction);
    }
    let inverse = pair_quotient(Pair(Float(1), Float(0)), Pair(fraction, Float(0))).x;
    return times_exp(inverse, pair_add(log_power_pair(a, x), -log_gamma_pair(Pair(a, Float(0)))));
}

fn portions(a: Float, x: Float) -> Portions {
    if (is_nan(a) || is_nan(x) || a < Float(0) || x < Float(0) || (a == Float(0) && x == Float(0)) || (is_inf(a) && is_inf(x))) {
        return Portions(not_a_number(a), not_a_number(a));
    }
    if (a == Float(0) || is_inf(x)) {
        return Portions(Float(1), Float(0));
    }
    if (x == Float(0) || is_inf(a)) {
        return Portions(Float(0), Float(1));
    }
    if (a >= Float(20) && abs(x - a) < Float(0.3) * a) {
        return near_portions(a, x);
    }
    // Beside x = a the fraction converges slowly, and 1 - P keeps enough digits.
    let is_beside = a >= Float(0.3) && x < a + Float(1) + sqrt(a);
    if (x > a && x > Float(0.6) && !is_beside) {
        return portions_of(upper_by_fraction(a, x), true);
    }
    let lower = lower_by_series(a, x);
    if (a < Float(0.3) && lower.x > Float(0.5)) {
        return Portions(lower.x, upper_by_series(a, x));
    }
    return Portions(lower.x, pair_add(Pair(Float(1), Float(0)), -lower).x);
}
