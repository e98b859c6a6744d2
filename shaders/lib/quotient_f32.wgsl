// Quotients, correctly rounded. WGSL lets a division be 2.5 ulp off, and GPUs use that.
//
// As in square_root_f32.wgsl the rest is taken in integers modulo 2^32. Subnormals are exact as well.
// uses: float_format_f32

fn precise_divide(x1: f32, x2: f32) -> f32 {
    let sign = sign_of(x1) ^ sign_of(x2);
    let m1 = magnitude_bits(x1);
    let m2 = magnitude_bits(x2);
    if (m1 - 1u >= INFINITE_BITS - 1u || m2 - 1u >= INFINITE_BITS - 1u) {
        return special_quotient(x1, x2);
    }
    let dividend = parts_of(x1);
    let divisor = parts_of(x2);
    // The quotient has 24 digits before the point.
    let shift = select(23u, 24u, dividend.digits < divisor.digits);
    let exponent = dividend.exponent - divisor.exponent - i32(shift);
    let estimate = unit_float(dividend.digits) / unit_float(divisor.digits);
    var quotient = u32(estimate * select(8388608.0, 16777216.0, shift == 24u));
    var rest = i32((dividend.digits << shift) - quotient * divisor.digits);
    let step = i32(round(f32(rest) / f32(divisor.digits)));
    quotient += u32(step);
    rest -= step * i32(divisor.digits);
    if (rest < 0) {
        quotient -= 1u;
        rest += i32(divisor.digits);
    } else if (rest >= i32(divisor.digits)) {
        quotient += 1u;
        rest -= i32(divisor.digits);
    }
    // A digit for the half, and one for what is below it: a rest of just a half occurs for subnormals only.
    let doubled = 2u * u32(rest);
    let half = select(0u, 1u, doubled >= divisor.digits);
    let below = select(0u, 1u, rest != 0 && doubled != divisor.digits);
    return bitcast<f32>(sign | rounded_bits(4u * quotient + 2u * half + below, exponent - 2));
}

// Where an argument is zero, infinite or NaN.
fn special_quotient(x1: f32, x2: f32) -> f32 {
    let m1 = magnitude_bits(x1);
    let m2 = magnitude_bits(x2);
    let sign = sign_of(x1) ^ sign_of(x2);
    if (is_nan(x1) || is_nan(x2) || (m1 == m2)) {
        return not_a_number(x1);
    }
    return bitcast<f32>(sign | select(0u, INFINITE_BITS, is_inf(x1) || m2 == 0u));
}
