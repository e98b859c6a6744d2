// Floats taken apart and put together by integer arithmetic, which rounds and flushes nothing unasked:
// GPUs flush 32-bit subnormals to zero, and compilers reorder or fuse what is written in floats.
//
// Free names: those of float_bits_f32 and float_format_f32, or of the files for f64.

// |x| = digits * 2^(exponent - FRACTION_BITS), the leading digit at FRACTION_BITS for subnormals too.
struct Parts {
    digits: Bits,
    exponent: i32,
}

// For a finite x that is not zero.
fn parts_of(x: Float) -> Parts {
    let magnitude = magnitude_bits(x);
    let field = i32(magnitude >> FRACTION_BITS);
    if (field == 0) {
        let shift = leading_zeros(magnitude) - (WORD_BITS - 1u - FRACTION_BITS);
        return Parts(magnitude << shift, 1 - BIAS - i32(shift));
    }
    let leading = Bits(1) << FRACTION_BITS;
    return Parts((magnitude & (leading - Bits(1))) | leading, field - BIAS);
}

// The bits of digits * 2^exponent, rounded half to even, for 0 < digits < 2^(WORD_BITS - 2). What lies
// below the last of at least FRACTION_BITS + 3 digits may be given by setting that one.
fn rounded_bits(digits: Bits, exponent: i32) -> Bits {
    let length = i32(WORD_BITS - 1u - leading_zeros(digits));
    let field = max(exponent + length + BIAS, 1);
    if (field > 2 * BIAS) {
        return INFINITE_BITS;
    }
    // The weight of the last bit of the result, relative to that of the last digit.
    let drop = min(field - BIAS - i32(FRACTION_BITS) - exponent, length + 2);
    let base = Bits(field - 1) << FRACTION_BITS;
    if (drop <= 0) {
        return base + (digits << u32(-drop));
    }
    let kept = digits >> u32(drop);
    let half = Bits(1) << u32(drop - 1);
    let rest = digits - (kept << u32(drop));
    let up = rest > half || (rest == half && (kept & Bits(1)) != Bits(0));
    return base + kept + select(Bits(0), Bits(1), up);
}

fn sign_of(x: Float) -> Bits {
    return bitcast<Bits>(x) & SIGN_BIT;
}

fn nan_from(x: Float) -> Float {
    return bitcast<Float>(bitcast<Bits>(x) | QUIET_BITS);
}

// 2^e for 1 - BIAS <= e <= BIAS.
fn power_of_2(e: i32) -> Float {
    return bitcast<Float>(Bits(e + BIAS) << FRACTION_BITS);
}

// digits * 2^-FRACTION_BITS, in [1, 2).
fn unit_float(digits: Bits) -> Float {
    return bitcast<Float>((digits & ((Bits(1) << FRACTION_BITS) - Bits(1))) | ONE_BITS);
}

// x * 2^e for a positive normal x.
fn scaled(x: Float, e: i32) -> Float {
    let parts = parts_of(x);
    return bitcast<Float>(rounded_bits(parts.digits, parts.exponent - i32(FRACTION_BITS) + e));
}

// x itself, through an operation that a compiler cannot see through: some simplify (a + b) - a to b.
fn sealed(x: Float) -> Float {
    return bitcast<Float>(max(bitcast<Bits>(x), Bits(1)));
}

fn leading_half(x: Float) -> Float {
    return bitcast<Float>(bitcast<Bits>(x) & LEADING_BITS);
}

// c - a * b for a * b near c, by exact products of half-length factors, whether fused or not
// (Dekker, Numer. Math. 18 (1971)).
fn residual(c: Float, a: Float, b: Float) -> Float {
    let a1 = leading_half(a);
    let a2 = a - a1;
    let b1 = leading_half(b);
    let b2 = b - b1;
    return (((c - a1 * b1) - a1 * b2) - a2 * b1) - a2 * b2;
}
