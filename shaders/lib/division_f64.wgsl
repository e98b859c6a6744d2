// division_f32 for 64 bits: the same names, so that an expression is written once for both.
// uses: float_bits_f64

// The leading half of the digits, so that a product of two halves is exact.
fn leading_half(x: f64) -> f64 {
    return bitcast<f64>(bitcast<u64>(x) & 0xfffffffff8000000lu);
}

// c - a * b without the rounding of the product, which fma() need not spare (Dekker 1971).
fn subtract_product(c: f64, a: f64, b: f64) -> f64 {
    let product = a * b;
    let a1 = leading_half(a);
    let b1 = leading_half(b);
    let a2 = a - a1;
    let b2 = b - b1;
    let rounding = ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2;
    return (c - product) - rounding;
}

// The largest integer not above x1 / x2; infinite or NaN where x1 / x2 is.
fn floor_quotient(x1: f64, x2: f64) -> f64 {
    let quotient = x1 / x2;
    if (!is_finite(quotient)) {
        return quotient;
    }
    // Division rounds: the integer found may be one too large or too small.
    let down = floor(quotient);
    let rest = subtract_product(x1, down, x2);
    if (rest != 0.0lf && is_negative(rest) != is_negative(x2)) {
        return down - 1.0lf;
    }
    return select(down, down + 1.0lf, abs(rest) >= abs(x2));
}

// x1 - floor_quotient(x1, x2) * x2, with the sign of x2; NaN for an infinite x1 and for x2 = 0.
fn floor_remainder(x1: f64, x2: f64) -> f64 {
    var rest = x1;
    if (!is_inf(x2) || !is_finite(x1)) {
        rest = subtract_product(x1, floor(x1 / x2), x2);
        if (abs(rest) >= abs(x2)) {
            rest -= x2;
        }
    }
    if (rest == 0.0lf) {
        return bitcast<f64>(bitcast<u64>(x2) & 0x8000000000000000lu);
    }
    return select(rest, rest + x2, is_negative(rest) != is_negative(x2) && !is_nan(rest));
}
