// Steps from one float to the next, on the bits, so that subnormals survive.
//
// Free names: those of float_format_f32 or float_format_f64.

// The next float after x1 in the direction of x2.
fn next_after(x1: Float, x2: Float) -> Float {
    let m1 = magnitude_bits(x1);
    let m2 = magnitude_bits(x2);
    let bits = bitcast<Bits>(x1);
    if (is_nan(x1)) {
        return x1;
    }
    if (is_nan(x2) || bits == bitcast<Bits>(x2) || (m1 | m2) == Bits(0)) {
        return x2;
    }
    if (m1 == Bits(0)) {
        return bitcast<Float>(sign_of(x2) | Bits(1));
    }
    let outwards = m2 > m1 && sign_of(x1) == sign_of(x2);
    return bitcast<Float>(select(bits - Bits(1), bits + Bits(1), outwards));
}
