// Powers of floats, with the special cases of the Array API. WGSL's pow() knows no negative base
// and loses digits with the size of the exponent; here log2(x1) is carried in two parts (Dekker
// 1971), so that the result is right to a few units in the last place.
// uses: division_f32, float_bits_f32

// An unevaluated sum. The head has the leading half of the digits: it comes from
// leading_half(), through which no compiler sees to fold (a + b) - a into b.
struct Pair {
    head: f32,
    tail: f32,
}

fn product(a: Pair, b: Pair) -> Pair {
    let head = a.head * b.head;
    let tail = -subtract_product(head, a.head, b.head) + (a.head * b.tail + a.tail * b.head + a.tail * b.tail);
    return renormalized(head, tail);
}

// head + tail with |tail| small beside |head|. The head loses its last digits, not the sum.
fn renormalized(head: f32, tail: f32) -> Pair {
    let rounded = leading_half(head + tail);
    return Pair(rounded, (head - rounded) + tail);
}

// 2 to the power n, for n in the range of normal exponents.
fn power_of_two(n: i32) -> f32 {
    return bitcast<f32>(u32(n + 127) << 23u);
}

// log2(x) for a finite x > 0: 2 / ln 2 * artanh((m - 1) / (m + 1)) + e for x = m * 2^e.
fn log2_pair(x: f32) -> Pair {
    var bits = bitcast<u32>(x);
    var exponent = -127;
    if (bits < 0x800000u) {
        bits = bitcast<u32>(x * power_of_two(24));
        exponent -= 24;
    }
    exponent += i32(bits >> 23u);
    var m = bitcast<f32>((bits & 0x7fffffu) | 0x3f800000u);
    if (m > 1.414213562e+00f) {
        m *= 0.5;
        exponent += 1;
    }
    let above = m - 1.0;
    let below = leading_half(m + 1.0);
    let left = m - (below - 1.0);
    let quotient = above / (m + 1.0);
    let rest = (subtract_product(above, quotient, below) - quotient * left) / below;
    let square = quotient * quotient;
    let series = quotient * square * (((((7.692307692e-02f * square + 9.090909091e-02f) * square + 1.111111111e-01f) * square + 1.428571429e-01f) * square + 2.000000000e-01f) * square + 3.333333333e-01f);
    let scaled = product(renormalized(quotient, rest + series), Pair(2.884765625e+00f, 6.244567779e-04f));
    let head = leading_half(f32(exponent) + scaled.head);
    return Pair(head, ((f32(exponent) - head) + scaled.head) + scaled.tail);
}

// 2 to the power head + tail.
fn exp2_pair(x: Pair) -> f32 {
    let n = round(clamp(x.head, -160.0, 137.0));
    let fraction = clamp((x.head - n) + x.tail, -1.0, 1.0);
    let power = 1.0 + fraction * ((((((1.525273380e-05f * fraction + 1.540353039e-04f) * fraction + 1.333355815e-03f) * fraction + 9.618129108e-03f) * fraction + 5.550410866e-02f) * fraction + 2.402265070e-01f) * fraction + 6.931471806e-01f);
    // In two steps, because 2^n alone may leave the range where the result does not.
    let half = i32(n) / 2;
    return power * power_of_two(half) * power_of_two(i32(n) - half);
}

fn is_integer(x: f32) -> bool {
    return is_finite(x) && trunc(x) == x;
}

fn is_odd(x: f32) -> bool {
    return is_integer(x) && trunc(x * 0.5) * 2.0 != x;
}

fn infinity(zero: u32) -> f32 {
    return bitcast<f32>(0x7f800000u | zero);
}

// x1 to the power x2, for a magnitude x1.
fn power_of_magnitude(x1: f32, x2: f32, zero: u32) -> f32 {
    let falls = (x1 < 1.0) != is_negative(x2);
    if (x1 == 1.0) {
        return 1.0;
    }
    if (x1 == 0.0 || is_inf(x1) || is_inf(x2)) {
        return select(infinity(zero), 0.0, falls);
    }
    return exp2_pair(product(log2_pair(x1), Pair(x2, 0.0)));
}

fn power(x1: f32, x2: f32) -> f32 {
    // Not known to the compiler, which must not meet a constant NaN or Inf.
    let zero = magnitude_bits(x1) & 0x80000000u;
    if (x2 == 0.0 || x1 == 1.0) {
        return 1.0;
    }
    if (is_nan(x1) || is_nan(x2)) {
        return x1 + x2;
    }
    if (is_negative(x1) && is_finite(x1) && x1 != 0.0 && is_finite(x2) && !is_integer(x2)) {
        return make_nan(u32(zero));
    }
    let magnitude = power_of_magnitude(abs(x1), x2, zero);
    return select(magnitude, -magnitude, is_negative(x1) && is_odd(x2));
}
