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
fn parts_of(x: Real) -> Parts {
    let magnitude = magnitude_bits(x);
    let field = i32(magnitude >> FRACTION_BITS);
    if (field == 0) {
        let shift = zeros_above(magnitude) - (WORD_BITS - 1u - FRACTION_BITS);
        return Parts(magnitude << shift, 1 - BIAS - i32(shift));
    }
    let leading = Bits(1) << FRACTION_BITS;
    return Parts((magnitude & (leading - Bits(1))) | leading, field - BIAS);
}

// The bits of digits * 2^exponent, rounded half to even, for 0 < digits < 2^(WORD_BITS - 2). What lies
// below the last of at least FRACTION_BITS + 3 digits may be given by setting that one.
fn rounded_bits(digits: Bits, exponent: i32) -> Bits {
    let length = i32(WORD_BITS - 1u - zeros_above(digits));
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

fn sign_of(x: Real) -> Bits {
    return bitcast<Bits>(x) & SIGN_BIT;
}

// Whether x³ / 6 is less than a quarter of the last digit of x.
fn is_tiny(x: Real) -> bool {
    return magnitude_bits(x) < ONE_BITS - (Bits(FRACTION_BITS / 2u + 2u) << FRACTION_BITS);
}

fn nan_from(x: Real) -> Real {
    return bitcast<Real>(bitcast<Bits>(x) | QUIET_BITS);
}

// 2^e for 1 - BIAS <= e <= BIAS.
fn power_of_2(e: i32) -> Real {
    return bitcast<Real>(Bits(e + BIAS) << FRACTION_BITS);
}

// digits * 2^-FRACTION_BITS, in [1, 2).
fn unit_float(digits: Bits) -> Real {
    return bitcast<Real>((digits & ((Bits(1) << FRACTION_BITS) - Bits(1))) | ONE_BITS);
}

// x * 2^e for a positive normal x.
fn times_power_of_2(x: Real, e: i32) -> Real {
    let parts = parts_of(x);
    return bitcast<Real>(rounded_bits(parts.digits, parts.exponent - i32(FRACTION_BITS) + e));
}

// x itself, but for zero, through an operation that a compiler cannot see through: some simplify (a + b) - a
// to b, and add a + (b + c) in another order.
fn sealed(x: Real) -> Real {
    return bitcast<Real>(max(bitcast<Bits>(x), Bits(1)));
}

fn leading_digits(x: Real) -> Real {
    return bitcast<Real>(bitcast<Bits>(x) & LEADING_BITS);
}

// c - a * b for a * b near c, by exact products of half-length factors, whether fused or not
// (Dekker, Numer. Math. 18 (1971)).
fn residual(c: Real, a: Real, b: Real) -> Real {
    let a1 = leading_digits(a);
    let a2 = a - a1;
    let b1 = leading_digits(b);
    let b2 = b - b1;
    return sealed(sealed(sealed(c - a1 * b1) - a1 * b2) - a2 * b1) - a2 * b2;
}

// x² in two parts.
struct Square {
    high: Real,
    low: Real,
}

fn squared(x: Real) -> Square {
    let high = sealed(x * x);
    let x1 = leading_digits(x);
    let x2 = x - x1;
    return Square(high, sealed(sealed(x1 * x1 - high) + Real(2) * x1 * x2) + x2 * x2);
}
