// complex_pow for complex numbers T = (re, im) with parts of type F.
//
// Small integer powers are products, exact where these are. Others are e^(w log z), the real part of
// the exponent as a pair. 0^w is 0 where the real part of w is positive, 1 where w is 0, and else NaN.
// uses: complex_exponential, complex_logarithm, complex_quotient, number_complex

// The largest power that is computed as a product.
const MOST_FACTORS = 32;

fn complex_pow(z: T, w: T) -> T {
    if ((magnitude_bits(w.x) | magnitude_bits(w.y)) == Bits(0)) {
        return T(F(1), F(0));
    }
    if ((magnitude_bits(z.x) | magnitude_bits(z.y)) == Bits(0)) {
        return select(T(not_a_number(z.x)), T(), w.x > F(0));
    }
    let modulus = real_log(z);
    let turn = precise_atan2(z.y, z.x);
    let is_small = is_within(w.x, F(MOST_FACTORS + 1)) && magnitude_bits(w.y) == Bits(0);
    if (is_small && F(i32(w.x)) == w.x) {
        let n = i32(w.x);
        // No power on the way is larger or smaller than the last one.
        if (is_finite(modulus.x) && is_within(F(n) * modulus.x, F(MAX_EXPONENT / 2))) {
            let power = product_of_equals(z, u32(abs(n)));
            if (n < 0) {
                return complex_divide(T(F(1), F(0)), power);
            }
            return power;
        }
        if (n == 1) {
            return z;
        }
    }
    let exponent = times(w, T(modulus.x, turn));
    // A pair holds digits of moderate numbers only.
    if (!is_within(max(magnitude_of(exponent.x), magnitude_of(exponent.y)), power_of_two(DIGITS + 2))) {
        return complex_exp(exponent);
    }
    if (!is_within(max(magnitude_of(w.x), magnitude_of(w.y)), power_of_two(2 * DIGITS))) {
        return complex_exp(exponent);
    }
    let real = pair_difference(pair_product(modulus, Pair(w.x, F(0))), pair_product(Pair(turn, F(0)), Pair(w.y, F(0))));
    let angle = pair_difference(pair_product(modulus, Pair(w.y, F(0))), pair_product(Pair(turn, F(0)), Pair(-w.x, F(0))));
    let growth = reduced(select(real, Pair(limited(real.x, F(2) * EXP_LIMIT), F(0)), !is_within(real.x, EXP_LIMIT)));
    let significand = exp_significand(growth).x;
    let cosine = precise_cos(angle.x);
    let sine = precise_sin(angle.x);
    return T(
        scaled_part(significand * (cosine - sine * angle.y), growth.n),
        scaled_part(significand * (sine + cosine * angle.y), growth.n),
    );
}

fn pair_difference(a: Pair, b: Pair) -> Pair {
    let sum = pair_sum(a.x, -b.x);
    return pair_sum(sum.x, sum.y + (a.y - b.y));
}

// z^n by repeated squaring, for n >= 1.
fn product_of_equals(z: T, n: u32) -> T {
    var square = z;
    var rest = n - 1u;
    var product = z;
    while (rest != 0u) {
        if ((rest & 1u) != 0u) {
            product = times(product, square);
        }
        rest >>= 1u;
        if (rest != 0u) {
            square = times(square, square);
        }
    }
    return product;
}
