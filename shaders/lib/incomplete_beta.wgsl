// betainc and betaincc, the regularised incomplete beta function I_x(a, b) and what 1 lacks of it, and stdtr, the
// distribution of Student's t.
//
// Source: the continued fraction of A. R. DiDonato and A. H. Morris, Algorithm 708, ACM Trans. Math. Softw. 18 (1992)
// 360-373, equation 9, for the smaller tail, and the power series (DLMF 8.17.7-8) with pairs where a or b is small.
// x^a (1 - x)^b / B(a, b) is computed with pairs; terms of it cancel to fewer digits for a and b beyond 10^5.
// uses: gamma_function_*, normal_distribution

// A place between 0 and 1: x, what 1 lacks of it, and the logarithms of both.
struct Place {
    x: Pair,
    rest: Pair,
    log_x: Pair,
    log_rest: Pair,
}

fn mirrored(place: Place) -> Place {
    return Place(place.rest, place.x, place.log_rest, place.log_x);
}

// B(a, b) I_x(a, b) / x^a by the power series, for b x of at most 4, and x of at most 1/2 if b < 1.
fn lower_by_powers(a: Float, b: Float, place: Place) -> Pair {
    var term = Pair(Float(1), Float(0));
    var sum = pair_quotient(term, Pair(a, Float(0)));
    for (var i = 1; i < 500 && abs(term.x) > power_of_two(-DIGITS - 10); i++) {
        let n = Float(i);
        let ratio = pair_quotient(pair_product(pair_sum(n, -b), place.x), Pair(n, Float(0)));
        term = pair_product(term, ratio);
        sum = pair_add(sum, pair_quotient(term, pair_sum(a, n)));
    }
    return sum;
}

// B(a, b) I_x(a, b) / (x^a (1 - x)^b) by the continued fraction, for x below about a / (a + b).
fn lower_by_fraction(a: Float, b: Float, place: Place) -> Float {
    let x = place.x.x;
    let excess = pair_add(
        pair_product(Pair(a, Float(0)), place.rest), -pair_product(Pair(b, Float(0)), place.x)).x;
    let c = Float(1) + excess;
    let c0 = b / a;
    let c1 = Float(1) + Float(1) / a;
    var before = vec2<Float>(Float(0), Float(1));
    var fraction = c1 / c;
    var latest = vec2<Float>(Float(1), c / c1);
    var p = Float(1);
    var s = a + Float(1);
    for (var i = 1; i < 20000; i++) {
        let n = Float(i);
        let t = n / a;
        let w = n * (b - n) * x;
        let ratio = a / s;
        let alpha = (p * (p + c0) * ratio * ratio) * (w * x);
        let step = (Float(1) + t) / (c1 + t + t);
        let beta = n + w / s + step * (c + n * (Float(1) + place.rest.x));
        p = Float(1) + t;
        s += Float(2);
        let next = alpha * before + beta * latest;
        before = latest / next.y;
        let found = next.x / next.y;
        latest = vec2<Float>(found, Float(1));
        let change = abs(found - fraction);
        fraction = found;
        if (change <= abs(found) * power_of_two(-DIGITS - 1)) {
            break;
        }
    }
    return fraction;
}

// I_x(a, b) and what 1 lacks of it. Every function is called in one place, since compilers write out every call.
fn beta_portions(a0: Float, b0: Float, place0: Place) -> vec2<Float> {
    var a = a0;
    var b = b0;
    var place = place0;
    let is_swapped = a * place.rest.x < b * place.x.x;
    if (is_swapped) {
        a = b0;
        b = a0;
        place = mirrored(place0);
    }
    let log_beta = log_beta_pair(a, b);
    // By what is above x where that is a series of few terms, unless hardly anything is below.
    let is_from_above = b < Float(3) && a * place.rest.x <= Float(4) && place.rest.x <= Float(0.5);
    var lower = Pair(Float(0), Float(0));
    var upper = lower;
    if (is_from_above || (a <= Float(1) && (b >= Float(1) || place.x.x <= Float(0.5)))) {
        let exponent = select(a, b, is_from_above);
        var reached = place;
        if (is_from_above) {
            reached = mirrored(place);
        }
        let sum = lower_by_powers(exponent, select(b, a, is_from_above), reached);
        let logarithm = pair_add(pair_product(Pair(exponent, Float(0)), reached.log_x), -log_beta);
        let found = pair_times_exp(sum, logarithm);
        let rest = pair_add(Pair(Float(1), Float(0)), -found);
        lower = select(found, rest, is_from_above);
        upper = select(rest, found, is_from_above);
    }
    if (lower.x < power_of_two(-8) && (is_from_above || magnitude_bits(lower.x) == Bits(0))) {
        let powers = pair_add(pair_product(Pair(a, Float(0)), place.log_x), pair_product(Pair(b, Float(0)), place.log_rest));
        lower = pair_times_exp(Pair(lower_by_fraction(a, b, place), Float(0)), pair_add(powers, -log_beta));
        upper = pair_add(Pair(Float(1), Float(0)), -lower);
    }
    return select(vec2<Float>(lower.x, upper.x), vec2<Float>(upper.x, lower.x), is_swapped);
}

fn beta_portions_at(a: Float, b: Float, x: Float) -> vec2<Float> {
    let is_valid = a >= Float(0) && b >= Float(0) && x >= Float(0) && x <= Float(1);
    if (is_nan(a) || is_nan(b) || is_nan(x) || !is_valid || (a == Float(0) && b == Float(0)) || (is_inf(a) && is_inf(b))) {
        return vec2<Float>(not_a_number(a), not_a_number(a));
    }
    if (x == Float(0) || x == Float(1)) {
        return vec2<Float>(abs(x), Float(1) - x);
    }
    if (a == Float(0) || is_inf(b)) {
        return vec2<Float>(Float(1), Float(0));
    }
    if (b == Float(0) || is_inf(a)) {
        return vec2<Float>(Float(0), Float(1));
    }
    return beta_portions(a, b, Place(Pair(x, Float(0)), pair_sum(Float(1), -x), log_pair(x), log1p_of(Pair(-x, Float(0)))));
}

// Of Student's distribution with v degrees of freedom what is above t, and between 0 and t, for t > 0.
fn student_portions(v: Float, t: Float) -> vec2<Float> {
    // x = v / (v + t²), as 1 / (1 + ratio).
    let slope = pair_quotient(Pair(t, Float(0)), pair_root(Pair(v, Float(0))));
    let log_ratio = Float(2) * log_of(slope);
    // Where the square would leave the range, x is as good as 0, but not its logarithm.
    var place = Place(Pair(Float(0), Float(0)), Pair(Float(1), Float(0)), -log_ratio, Pair(Float(0), Float(0)));
    if (slope.x < power_of_two(MAX_EXPONENT / 2 - 2)) {
        let ratio = pair_product(slope, slope);
        let log_sum = log1p_of(ratio);
        let sum = pair_add(Pair(Float(1), Float(0)), ratio);
        let x = pair_quotient(Pair(Float(1), Float(0)), sum);
        place = Place(x, pair_quotient(ratio, sum), -log_sum, pair_add(log_ratio, -log_sum));
    }
    return Float(0.5) * beta_portions(Float(0.5) * v, Float(0.5), place);
}

// The part of Student's distribution with v degrees of freedom that is below t.
fn precise_stdtr(v: Float, t: Float) -> Float {
    if (is_nan(v) || is_nan(t) || v <= Float(0)) {
        return not_a_number(v);
    }
    if (t == Float(0)) {
        return Float(0.5);
    }
    if (is_inf(t)) {
        return select(Float(1), Float(0), is_negative(t));
    }
    if (v > power_of_two(DIGITS + 17)) {
        return precise_ndtr(t);
    }
    let portions = student_portions(v, abs(t));
    if (is_negative(t)) {
        return portions.x;
    }
    return Float(0.5) + portions.y;
}
