// Floats taken apart and put together by integer arithmetic, which rounds and flushes nothing unasked:
// GPUs flush 32-bit subnormals to zero, and compilers reorder or fuse what is written in floats.
//
// Free names: those of float_format_f32 or float_format_f64.

// What is added to an exponent where it is stored.
const BIAS: i32 = MAX_EXPONENT;
// Digits after the leading one, as exponents count them.
const DIGITS = i32(FRACTION_BITS);

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

fn sign_of(x: Float) -> Bits {
    return bitcast<Bits>(x) & SIGN_BIT;
}

// Whether x³ / 6 is less than a quarter of the last digit of x.
fn is_tiny(x: Float) -> bool {
    return magnitude_bits(x) < ONE_BITS - (Bits(FRACTION_BITS / 2u + 2u) << FRACTION_BITS);
}

// magnitude, which must not be negative, with the sign of x.
fn with_sign_of(magnitude: Float, x: Float) -> Float {
    return bitcast<Float>(bitcast<Bits>(magnitude) | sign_of(x));
}

// |x|, made of the bits: it keeps subnormal numbers.
fn magnitude_of(x: Float) -> Float {
    return from_magnitude_bits(magnitude_bits(x));
}

// Whether |x| < limit. Of a NaN it is false.
fn is_within(x: Float, limit: Float) -> bool {
    return magnitude_bits(x) < magnitude_bits(limit);
}

// x, or `limit` with its sign where |x| is larger, infinite or NaN.
fn limited(x: Float, limit: Float) -> Float {
    return select(with_sign_of(limit, x), x, is_within(x, limit));
}

// 0, which a compiler cannot know.
fn hidden_zero(x: Float) -> u32 {
    return select(0u, 1u, bitcast<Bits>(x) == ~Bits(0));
}

fn infinity(x: Float) -> Float {
    return make_infinity(hidden_zero(x));
}

fn not_a_number(x: Float) -> Float {
    return make_nan(hidden_zero(x));
}

// x 2^n, rounded to nearest once, for a normal x. Integers do it: the device may flush subnormals.
fn scaled(x: Float, n: i32) -> Float {
    let sign = sign_of(x);
    let exponent = exponent_of(x) + n;
    if (exponent > MAX_EXPONENT) {
        return with_sign_of(infinity(x), x);
    }
    let one = Bits(1) << u32(DIGITS);
    let fraction = bitcast<Bits>(x) & (one - Bits(1));
    if (exponent >= MIN_EXPONENT) {
        return bitcast<Float>(sign | (Bits(exponent + MAX_EXPONENT) << u32(DIGITS)) | fraction);
    }
    let shift = u32(min(MIN_EXPONENT - exponent, DIGITS + 2));
    let number = fraction | one;
    let half = Bits(1) << (shift - 1u);
    let is_odd = (number >> shift) & Bits(1);
    return bitcast<Float>(sign | ((number + (half - Bits(1)) + is_odd) >> shift));
}

// digits * 2^-FRACTION_BITS, in [1, 2).
fn unit_float(digits: Bits) -> Float {
    return bitcast<Float>((digits & ((Bits(1) << FRACTION_BITS) - Bits(1))) | ONE_BITS);
}

// x, in a way that hides from a compiler how it was computed: some simplify (a + b) - a to b, and add
// a + (b + c) in another order.
fn opaque(x: Float) -> Float {
    return bitcast<Float>(min(bitcast<Bits>(x), ~Bits(1)));
}

// c - a * b for a * b near c, by exact products of half-length factors, whether fused or not
// (Dekker, Numer. Math. 18 (1971)).
fn residual(c: Float, a: Float, b: Float) -> Float {
    let a1 = leading_half(a);
    let a2 = a - a1;
    let b1 = leading_half(b);
    let b2 = b - b1;
    return opaque(opaque(opaque(c - a1 * b1) - a1 * b2) - a2 * b1) - a2 * b2;
}

// x² in two parts.
struct Square {
    high: Float,
    low: Float,
}

fn squared(x: Float) -> Square {
    let high = opaque(x * x);
    let x1 = leading_half(x);
    let x2 = x - x1;
    return Square(high, opaque(opaque(x1 * x1 - high) + Float(2) * x1 * x2) + x2 * x2);
}
