// sqrt(x1² + x2²) to less than one unit in the last place, without overflow or underflow on the way.
//
// The squares are summed with about twice the digits, and the root is corrected by what it leaves of the sum.
// Free names: those of float_format_f32 or float_format_f64.

fn precise_hypot(x1: Float, x2: Float) -> Float {
    let long = max(magnitude_bits(x1), magnitude_bits(x2));
    let short = min(magnitude_bits(x1), magnitude_bits(x2));
    if (is_inf(x1) || is_inf(x2)) {
        // An infinite side wins over a NaN.
        return from_magnitude_bits(min(long, INFINITE_BITS));
    }
    if (long > INFINITE_BITS || short == Bits(0)) {
        return from_magnitude_bits(long);
    }
    let a = parts_of(from_magnitude_bits(long));
    let b = parts_of(from_magnitude_bits(short));
    let distance = a.exponent - b.exponent;
    if (distance > i32(FRACTION_BITS)) {
        return from_magnitude_bits(long);
    }
    let a2 = squared(unit_float(a.digits));
    let b2 = squared(unit_float(b.digits) * power_of_two(-distance));
    let sum = opaque(a2.high + b2.high);
    let low = opaque(opaque(a2.high - sum) + b2.high) + opaque(a2.low + b2.low);
    let root = sqrt(sum);
    let refined = root + (residual(sum, root, root) + low) / (Float(2) * root);
    return scaled(refined, a.exponent);
}
