// power_f32 for 64 bits: the same names, so that an expression is written once for both.
// uses: division_f64, float_bits_f64

// An unevaluated sum. The head has the leading half of the digits: it comes from
// leading_half(), through which no compiler sees to fold (a + b) - a into b.
struct Pair {
    head: f64,
    tail: f64,
}

fn product(a: Pair, b: Pair) -> Pair {
    let head = a.head * b.head;
    let tail = -subtract_product(head, a.head, b.head) + (a.head * b.tail + a.tail * b.head + a.tail * b.tail);
    return renormalized(head, tail);
}

// head + tail with |tail| small beside |head|. The head loses its last digits, not the sum.
fn renormalized(head: f64, tail: f64) -> Pair {
    let rounded = leading_half(head + tail);
    return Pair(rounded, (head - rounded) + tail);
}

// 2 to the power n, for n in the range of normal exponents.
fn power_of_two(n: i32) -> f64 {
    return bitcast<f64>(u64(n + 1023) << 52u);
}

// log2(x) for a finite x > 0: 2 / ln 2 * artanh((m - 1) / (m + 1)) + e for x = m * 2^e.
fn log2_pair(x: f64) -> Pair {
    var bits = bitcast<u64>(x);
    var exponent = -1023;
    if (bits < 0x10000000000000lu) {
        bits = bitcast<u64>(x * power_of_two(53));
        exponent -= 53;
    }
    exponent += i32(bits >> 52u);
    var m = bitcast<f64>((bits & 0xffffffffffffflu) | 0x3ff0000000000000lu);
    if (m > 1.41421356237309515e+00lf) {
        m *= 0.5lf;
        exponent += 1;
    }
    let above = m - 1.0lf;
    let below = leading_half(m + 1.0lf);
    let left = m - (below - 1.0lf);
    let quotient = above / (m + 1.0lf);
    let rest = (subtract_product(above, quotient, below) - quotient * left) / below;
    let square = quotient * quotient;
    let series = quotient * square * ((((((((((((3.70370370370370350e-02lf * square + 4.00000000000000008e-02lf) * square + 4.34782608695652162e-02lf) * square + 4.76190476190476164e-02lf) * square + 5.26315789473684181e-02lf) * square + 5.88235294117647051e-02lf) * square + 6.66666666666666657e-02lf) * square + 7.69230769230769273e-02lf) * square + 9.09090909090909116e-02lf) * square + 1.11111111111111105e-01lf) * square + 1.42857142857142849e-01lf) * square + 2.00000000000000011e-01lf) * square + 3.33333333333333315e-01lf);
    let scaled = product(renormalized(quotient, rest + series), Pair(2.88539004325866699e+00lf, 3.85192598225323494e-08lf));
    let head = leading_half(f64(exponent) + scaled.head);
    return Pair(head, ((f64(exponent) - head) + scaled.head) + scaled.tail);
}

// 2 to the power head + tail.
fn exp2_pair(x: Pair) -> f64 {
    let n = round(clamp(x.head, -1085.0lf, 1033.0lf));
    let fraction = clamp((x.head - n) + x.tail, -1.0lf, 1.0lf);
    let power = 1.0lf + fraction * (((((((((((((6.77872635482254506e-14lf * fraction + 1.36914888539041281e-12lf) * fraction + 2.56784359934882055e-11lf) * fraction + 4.44553827187081162e-10lf) * fraction + 7.05491162080112336e-09lf) * fraction + 1.01780860092396999e-07lf) * fraction + 1.32154867901443095e-06lf) * fraction + 1.52527338040598411e-05lf) * fraction + 1.54035303933816088e-04lf) * fraction + 1.33335581464284433e-03lf) * fraction + 9.61812910762847688e-03lf) * fraction + 5.55041086648215831e-02lf) * fraction + 2.40226506959100722e-01lf) * fraction + 6.93147180559945286e-01lf);
    // In two steps, because 2^n alone may leave the range where the result does not.
    let half = i32(n) / 2;
    return power * power_of_two(half) * power_of_two(i32(n) - half);
}

fn is_integer(x: f64) -> bool {
    return is_finite(x) && trunc(x) == x;
}

fn is_odd(x: f64) -> bool {
    return is_integer(x) && trunc(x * 0.5lf) * 2.0lf != x;
}

fn infinity(zero: u64) -> f64 {
    return bitcast<f64>(0x7ff0000000000000lu | zero);
}

// x1 to the power x2, for a magnitude x1.
fn power_of_magnitude(x1: f64, x2: f64, zero: u64) -> f64 {
    let falls = (x1 < 1.0lf) != is_negative(x2);
    if (x1 == 1.0lf) {
        return 1.0lf;
    }
    if (x1 == 0.0lf || is_inf(x1) || is_inf(x2)) {
        return select(infinity(zero), 0.0lf, falls);
    }
    return exp2_pair(product(log2_pair(x1), Pair(x2, 0.0lf)));
}

fn power(x1: f64, x2: f64) -> f64 {
    // Not known to the compiler, which must not meet a constant NaN or Inf.
    let zero = magnitude_bits(x1) & 0x8000000000000000lu;
    if (x2 == 0.0lf || x1 == 1.0lf) {
        return 1.0lf;
    }
    if (is_nan(x1) || is_nan(x2)) {
        return x1 + x2;
    }
    if (is_negative(x1) && is_finite(x1) && x1 != 0.0lf && is_finite(x2) && !is_integer(x2)) {
        return make_nan(u32(zero));
    }
    let magnitude = power_of_magnitude(abs(x1), x2, zero);
    return select(magnitude, -magnitude, is_negative(x1) && is_odd(x2));
}
