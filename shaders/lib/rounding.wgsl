// Rounding to integers on the bits, which keeps the sign of a zero. Drivers' own functions for f64 were
// seen to lose digits.
//
// Free names: those of float_format_f32 or float_format_f64.

// The bits below the units of |x| >= 1; none for what is an integer, infinite or NaN.
fn fraction_mask(x: Float) -> Bits {
    let exponent = i32(magnitude_bits(x) >> FRACTION_BITS) - BIAS;
    return (Bits(1) << u32(max(i32(FRACTION_BITS) - exponent, 0))) - Bits(1);
}

fn precise_trunc(x: Float) -> Float {
    if (magnitude_bits(x) < ONE_BITS) {
        return bitcast<Float>(sign_of(x));
    }
    return bitcast<Float>(bitcast<Bits>(x) & ~fraction_mask(x));
}

// The integer at or beyond x, away from zero.
fn round_away(x: Float) -> Float {
    let magnitude = magnitude_bits(x);
    if (magnitude < ONE_BITS) {
        return bitcast<Float>(sign_of(x) | select(ONE_BITS, Bits(0), magnitude == Bits(0)));
    }
    let mask = fraction_mask(x);
    return bitcast<Float>((bitcast<Bits>(x) + mask) & ~mask);
}

fn precise_floor(x: Float) -> Float {
    if (is_negative(x)) {
        return round_away(x);
    }
    return precise_trunc(x);
}

fn precise_ceil(x: Float) -> Float {
    if (is_negative(x)) {
        return precise_trunc(x);
    }
    return round_away(x);
}

// Halves go to the even integer.
fn precise_round(x: Float) -> Float {
    let magnitude = magnitude_bits(x);
    if (magnitude < ONE_BITS) {
        let half = ONE_BITS - (Bits(1) << FRACTION_BITS);
        return bitcast<Float>(sign_of(x) | select(Bits(0), ONE_BITS, magnitude > half));
    }
    let mask = fraction_mask(x);
    let unit = mask + Bits(1);
    let odd = select(Bits(0), Bits(1), (magnitude & unit) != Bits(0));
    // Without a fraction mask >> 1 is 0, and there is nothing to round.
    let carried = bitcast<Bits>(x) + (mask >> 1u) + select(odd, Bits(0), mask == Bits(0));
    return bitcast<Float>(carried & ~mask);
}
