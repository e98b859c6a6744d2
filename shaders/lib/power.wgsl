// pow for both floating types: e^(x2 log x1), with the logarithm and the product as pairs.
//
// Special cases: the Array API standard's, which are those of C99, Annex F.9.4.4.

// Whether a finite x is an integer, and whether that is odd.
struct Integrality {
    is_integer: bool,
    is_odd: bool,
}

fn integrality(x: Float) -> Integrality {
    let exponent = exponent_of(x);
    if (exponent < 0 || exponent > DIGITS) {
        // Large floats are even; of the small ones only 0 is an integer.
        return Integrality(exponent > DIGITS || magnitude_bits(x) == Bits(0), false);
    }
    let number = (Bits(1) << u32(DIGITS)) | magnitude_bits(x);
    let n_fraction = u32(DIGITS - exponent);
    let is_integer = (number & ((Bits(1) << n_fraction) - Bits(1))) == Bits(0);
    // With exponent 0 the leading one is not among the stored digits, but the number is odd.
    return Integrality(is_integer, is_integer && ((number >> n_fraction) & Bits(1)) == Bits(1));
}

// x1^x2 for x1 > 0 finite, x2 finite.
fn positive_pow(x1: Float, x2: Float) -> Float {
    let logarithm = log_pair(x1);
    // The product may be too large for a float: its size is known from the exponents.
    let size = exponent_of(x2) + exponent_of(logarithm.x);
    if (size < -DIGITS - 4 || magnitude_bits(x2) == Bits(0) || magnitude_bits(logarithm.x) == Bits(0)) {
        return Float(1);
    }
    if (size > 10) {
        return select(Float(0), infinity(x1), is_negative(x2) == is_negative(logarithm.x));
    }
    let product = pair_product(logarithm, Pair(x2, Float(0)));
    if (!is_within(product.x, EXP_LIMIT)) {
        return select(Float(0), infinity(x1), !is_negative(product.x));
    }
    return exp_of(product);
}

fn precise_pow(x1: Float, x2: Float) -> Float {
    if (magnitude_bits(x2) == Bits(0) || bitcast<Bits>(x1) == bitcast<Bits>(Float(1))) {
        return Float(1);
    }
    if (is_nan(x1) || is_nan(x2)) {
        return not_a_number(x1);
    }
    let magnitude = magnitude_of(x1);
    if (is_inf(x2)) {
        if (magnitude == Float(1)) {
            return Float(1);
        }
        return select(Float(0), infinity(x2), is_within(x1, Float(1)) == is_negative(x2));
    }
    let exponent = integrality(x2);
    if (is_negative(x1) && magnitude_bits(x1) != Bits(0) && is_finite(x1) && !exponent.is_integer) {
        return not_a_number(x1);
    }
    var power: Float;
    if (magnitude_bits(x1) == Bits(0) || is_inf(x1)) {
        power = select(Float(0), infinity(x2), is_inf(x1) != is_negative(x2));
    } else {
        power = positive_pow(magnitude, x2);
    }
    return select(power, with_sign_of(power, x1), exponent.is_odd);
}
