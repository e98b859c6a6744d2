// Division that rounds down, as Python's // and % do, by long division of the significands.
//
// Free names: those of float_format_f32 or float_format_f64.
// Source: https://data-apis.org/array-api/2025.12/API_specification/generated/array_api.floor_divide.html
// and array_api.remainder.html, for the special cases.

const ZERO: Bits = Bits(0);
// Digits that one word holds in addition to a significand.
const STEP = WORD_BITS - FRACTION_BITS - 1u;
// Digits of a quotient beyond its first that suffice to round it.
const LONGEST = WORD_BITS - 4u;

struct LongDivision {
    quotient: Bits,  // the last WORD_BITS digits of it
    rest: Bits,
}

// dividend * 2^digits by divisor, both of them significands.
fn long_division(dividend: Bits, divisor: Bits, digits: u32) -> LongDivision {
    var quotient = select(ZERO, Bits(1), dividend >= divisor);
    var rest = dividend - select(ZERO, divisor, dividend >= divisor);
    var left = digits;
    while (left > 0u) {
        let step = min(left, STEP);
        let shifted = rest << step;
        let part = shifted / divisor;
        rest = shifted - part * divisor;
        quotient = (quotient << step) + part;
        left -= step;
    }
    return LongDivision(quotient, rest);
}

// The largest integer not above x1 / x2, rounded.
fn floor_quotient(x1: Float, x2: Float) -> Float {
    let m1 = magnitude_bits(x1);
    let m2 = magnitude_bits(x2);
    let sign = sign_of(x1) ^ sign_of(x2);
    if (is_nan(x1) || is_nan(x2) || (is_inf(x1) && is_inf(x2)) || (m1 == ZERO && m2 == ZERO)) {
        return not_a_number(x1);
    }
    if (is_inf(x1) || m2 == ZERO) {
        return bitcast<Float>(sign | INFINITE_BITS);
    }
    if (m1 == ZERO || is_inf(x2)) {
        return bitcast<Float>(sign);
    }
    let dividend = parts_of(x1);
    let divisor = parts_of(x2);
    let distance = dividend.exponent - divisor.exponent;
    if (distance < 0) {
        return bitcast<Float>(sign | select(ZERO, ONE_BITS, sign != ZERO));
    }
    let digits = min(u32(distance), LONGEST);
    let division = long_division(dividend.digits, divisor.digits, digits);
    let beyond = u32(distance) - digits;
    // Below zero a rest moves the quotient away from zero. Above, it counts by the digits it would still give.
    let least = ((divisor.digits - Bits(1)) >> min(beyond, WORD_BITS - 1u)) + Bits(1);
    let more = select(division.rest >= least, division.rest != ZERO, sign != ZERO);
    var quotient = division.quotient;
    if (beyond > 0u) {
        quotient |= select(ZERO, Bits(1), more);
    } else {
        quotient += select(ZERO, Bits(1), more);
    }
    if (quotient == ZERO) {
        return bitcast<Float>(sign);
    }
    return bitcast<Float>(sign | rounded_bits(quotient, i32(beyond)));
}

// x1 - floor(x1 / x2) * x2, with the sign of x2. Exact unless x1 lies between 0 and -x2.
fn floor_remainder(x1: Float, x2: Float) -> Float {
    let m1 = magnitude_bits(x1);
    let m2 = magnitude_bits(x2);
    let sign = sign_of(x2);
    let differ = sign_of(x1) != sign;
    if (!is_finite(x1) || is_nan(x2) || m2 == ZERO) {
        return not_a_number(x1);
    }
    if (m1 == ZERO) {
        return bitcast<Float>(sign);
    }
    if (m1 < m2 && !differ) {
        return x1;
    }
    if (is_inf(x2)) {
        return x2;
    }
    let dividend = parts_of(x1);
    let divisor = parts_of(x2);
    let scale = divisor.exponent - i32(FRACTION_BITS);
    if (m1 < m2) {
        return bitcast<Float>(sign | difference_bits(dividend, divisor));
    }
    var rest = long_division(dividend.digits, divisor.digits, u32(dividend.exponent - divisor.exponent)).rest;
    if (rest == ZERO) {
        return bitcast<Float>(sign);
    }
    rest = select(rest, divisor.digits - rest, differ);
    return bitcast<Float>(sign | rounded_bits(rest, scale));
}

// The bits of larger - smaller. Three more digits suffice to round: unless the exponents differ
// by less than two, at most one leading digit is lost.
fn difference_bits(smaller: Parts, larger: Parts) -> Bits {
    let shift = min(u32(larger.exponent - smaller.exponent), WORD_BITS - 1u);
    let whole = smaller.digits << 3u;
    let moved = whole >> shift;
    let lost = select(ZERO, Bits(1), (moved << shift) != whole);
    let difference = ((larger.digits << 3u) - moved - lost) | lost;
    return rounded_bits(difference, larger.exponent - i32(FRACTION_BITS) - 3);
}
