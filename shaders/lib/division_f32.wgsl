// Division that rounds down, as Python's // and % do. The remainder is exact.
// uses: float_bits_f32

// The leading half of the digits, so that a product of two halves is exact.
fn leading_half(x: f32) -> f32 {
    return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u);
}

// c - a * b without the rounding of the product, which fma() need not spare (Dekker 1971).
fn subtract_product(c: f32, a: f32, b: f32) -> f32 {
    // By way of its bits: a compiler that fused c - product would spare the rounding a second time.
    let product = bitcast<f32>(max(bitcast<u32>(a * b), 1u));
    let a1 = leading_half(a);
    let b1 = leading_half(b);
    let a2 = a - a1;
    let b2 = b - b1;
    let rounding = ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2;
    return (c - product) - rounding;
}

// Whether x and y are on different sides of zero.
fn signs_differ(x: f32, y: f32) -> bool {
    return x != 0.0 && is_negative(x) != is_negative(y);
}

// The largest integer not above x1 / x2; infinite or NaN where x1 / x2 is.
fn floor_quotient(x1: f32, x2: f32) -> f32 {
    let quotient = x1 / x2;
    if (!is_finite(quotient)) {
        return quotient;
    }
    // The quotient is rounded, so only what the nearest integer leaves tells on which side it is.
    let nearest = round(quotient);
    var rest = x1;
    if (!is_inf(x2)) {
        rest = subtract_product(x1, nearest, x2);
    }
    return nearest - select(0.0, 1.0, signs_differ(rest, x2));
}

// x1 - floor_quotient(x1, x2) * x2, with the sign of x2; NaN for an infinite x1 and for x2 = 0.
fn floor_remainder(x1: f32, x2: f32) -> f32 {
    if (!is_finite(x1) || is_nan(x2) || x2 == 0.0) {
        return (x1 - x1) / (x2 - x2);
    }
    // Long division: a step takes 12 bits off the quotient, and leaves an exact rest.
    var rest = x1;
    while (abs(rest) >= abs(x2)) {
        var divisor = x2;
        while (is_inf(rest / divisor)) {
            divisor *= bitcast<f32>(0x5f800000u);  // 2^64
        }
        let part = trunc(leading_half(rest / divisor));
        rest = subtract_product(rest, select(part, sign(rest) * sign(x2), part == 0.0), divisor);
    }
    if (rest == 0.0) {
        return bitcast<f32>(bitcast<u32>(x2) & 0x80000000u);
    }
    return select(rest, rest + x2, signs_differ(rest, x2));
}
