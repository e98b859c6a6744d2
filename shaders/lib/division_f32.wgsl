// Division that rounds down, as Python's // and % do. Right while the quotient has at most
// 24 bits (52 for f64); beyond, the remainder is as uncertain as the quotient's last digit.
// uses: float_bits_f32

// The leading half of the digits, so that a product of two halves is exact.
fn leading_half(x: f32) -> f32 {
    return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u);
}

// c - a * b without the rounding of the product, which fma() need not spare (Dekker 1971).
fn subtract_product(c: f32, a: f32, b: f32) -> f32 {
    let product = a * b;
    let a1 = leading_half(a);
    let b1 = leading_half(b);
    let a2 = a - a1;
    let b2 = b - b1;
    let rounding = ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2;
    return (c - product) - rounding;
}

// The largest integer not above x1 / x2; infinite or NaN where x1 / x2 is.
fn floor_quotient(x1: f32, x2: f32) -> f32 {
    let quotient = x1 / x2;
    if (!is_finite(quotient)) {
        return quotient;
    }
    // Division rounds: the integer found may be one too large or too small.
    let down = floor(quotient);
    let rest = subtract_product(x1, down, x2);
    if (rest != 0.0 && is_negative(rest) != is_negative(x2)) {
        return down - 1.0;
    }
    return select(down, down + 1.0, abs(rest) >= abs(x2));
}

// x1 - floor_quotient(x1, x2) * x2, with the sign of x2; NaN for an infinite x1 and for x2 = 0.
fn floor_remainder(x1: f32, x2: f32) -> f32 {
    var rest = x1;
    if (!is_inf(x2) || !is_finite(x1)) {
        rest = subtract_product(x1, floor(x1 / x2), x2);
        if (abs(rest) >= abs(x2)) {
            rest -= x2;
        }
    }
    if (rest == 0.0) {
        return bitcast<f32>(bitcast<u32>(x2) & 0x80000000u);
    }
    return select(rest, rest + x2, is_negative(rest) != is_negative(x2) && !is_nan(rest));
}
