// complex_pow for complex numbers T = (re, im) with parts of type F.
//
// Small integer powers are products, exact where these are. Others are e^(w log z), with the logarithm
// and the product as pairs: e^ multiplies their errors. Where the product has many turns, fewer digits
// of its angle remain. 0^w is 0 where the real part of w is positive, 1 where w is 0, and else NaN.
//
// Free names: those of complex_power_f32 or complex_power_f64.
// uses: complex_exponential, complex_logarithm, complex_pairs, complex_quotient, number_complex

// The largest power that is computed as a product.
const MOST_FACTORS = 32;

// A complex number of pairs.
struct LongComplex {
    re: Pair,
    im: Pair,
}

fn long_times(a: LongComplex, b: LongComplex) -> LongComplex {
    return LongComplex(
        pair_total(pair_product(a.re, b.re), -pair_product(a.im, b.im)),
        pair_total(pair_product(a.re, b.im), pair_product(a.im, b.re)),
    );
}

fn lengthened(z: T) -> LongComplex {
    return LongComplex(Pair(z.x, F(0)), Pair(z.y, F(0)));
}

// z^n by repeated squaring, for n >= 1.
fn product_of_equals(z: T, n: u32) -> T {
    var square = lengthened(z);
    var product = square;
    for (var rest = n - 1u; rest != 0u; rest >>= 1u) {
        if ((rest & 1u) != 0u) {
            product = long_times(product, square);
        }
        square = long_times(square, square);
    }
    return T(product.re.x, product.im.x);
}

// atan(s), for |s| < 0.2027.
fn arctangent_pair(s: Pair) -> Pair {
    let square = pair_product(s, s);
    let cubic = pair_product(pair_product(square, s), F(-0.5) * TWO_THIRDS);
    let rest = s.x * square.x * square.x * arctangent_tail(square.x);
    let sum = pair_of(s.x, cubic.x);
    return pair_of(sum.x, sum.y + ((s.y + cubic.y) + rest));
}

// The angle of a finite z that is not zero.
fn angle_pair(z: T) -> Pair {
    let near = z * power_of_two(-complex_exponent(z));
    let x = magnitude_of(near.x);
    let y = magnitude_of(near.y);
    let long = max(x, y);
    let short = min(x, y);
    // atan(q) = atan(c) + atan((q - c) / (1 + c q)), with angles atan(c) that are about as far apart.
    var base = Pair(F(0));
    var c = F(0);
    if (short > F(0.663) * long) {
        base = Pair(QUARTER_PI_HIGH, QUARTER_PI_LOW);
        c = F(1);
    } else if (short > F(0.1954) * long) {
        base = MIDDLE_ANGLE;
        c = F(0.40625);
    }
    let step = Pair(c, F(0));
    let dividend = pair_total(Pair(short, F(0)), -pair_product(step, Pair(long, F(0))));
    let divisor = pair_total(Pair(long, F(0)), pair_product(step, Pair(short, F(0))));
    var angle = pair_total(base, arctangent_pair(pair_quotient(dividend, divisor)));
    if (y > x) {
        angle = pair_total(Pair(HALF_PI_HIGH, HALF_PI_LOW), -angle);
    }
    if (is_negative(z.x)) {
        angle = pair_total(Pair(PI_HIGH, PI_LOW), -angle);
    }
    return select(angle, -angle, is_negative(z.y));
}

// e^z.
fn long_exp(z: LongComplex) -> T {
    let limit = F(2) * EXP_LIMIT;
    let parts = reduced(select(Pair(limited(z.re.x, limit), F(0)), z.re, is_within(z.re.x, limit)));
    let growth = exp_significand(parts).x;
    // Of a large angle the second of the pair is an angle, too.
    let leading = T(precise_cos(z.im.x), precise_sin(z.im.x));
    let turn = growth * times(leading, T(precise_cos(z.im.y), precise_sin(z.im.y)));
    return T(scaled_part(turn.x, parts.n), scaled_part(turn.y, parts.n));
}

fn complex_pow(z: T, w: T) -> T {
    if ((magnitude_bits(w.x) | magnitude_bits(w.y)) == Bits(0)) {
        return T(F(1), F(0));
    }
    if ((magnitude_bits(z.x) | magnitude_bits(z.y)) == Bits(0)) {
        return select(T(not_a_number(z.x)), T(), w.x > F(0));
    }
    let is_real = magnitude_bits(w.y) == Bits(0);
    if (is_real && w.x == F(1)) {
        return z;
    }
    let modulus = real_log(z);
    let most = max(magnitude_of(w.x), magnitude_of(w.y));
    // A pair has the digits of moderate numbers only.
    if (!is_finite(modulus.x) || !is_within(most, power_of_two(DIGITS + 2))) {
        return complex_exp(times(w, T(modulus.x, precise_atan2(z.y, z.x))));
    }
    let n = i32(limited(w.x, F(MOST_FACTORS + 1)));
    // Neither overflow nor underflow on the way.
    let is_moderate = is_within(w.x * modulus.x, F(MAX_EXPONENT / 2));
    if (is_real && F(n) == w.x && abs(n) <= MOST_FACTORS && is_moderate) {
        let power = product_of_equals(z, u32(abs(n)));
        if (n > 0) {
            return power;
        }
        return complex_divide(T(F(1), F(0)), power);
    }
    return long_exp(long_times(lengthened(w), LongComplex(modulus, angle_pair(z))));
}
