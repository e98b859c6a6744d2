// asin, acos, atan and atan2 to about one unit in the last place.
//
// Angles are sums of two parts, of which the second is small, added up last. Differences that are to be exact
// go through opaque(), and products through residual(), so that no compiler's fusing or reordering matters.
//
// Free names: those of float_format_f32 and inverse_trigonometric_f32, or of the files for f64.

struct Angle {
    high: Float,
    low: Float,
}

// base - factor * x, rounded once. factor is a power of two, |base| >= |factor * x| or base = 0.
fn rotated(base: Angle, factor: Float, x: Angle) -> Float {
    let high = opaque(base.high - factor * x.high);
    let rounding = opaque(base.high - high) - factor * x.high;
    return high + opaque(rounding + (base.low - factor * x.low));
}

// asin(x) for |x| <= 1/2.
fn arcsine(x: Float) -> Angle {
    let z = x * x;
    return Angle(x, x * z * arcsine_series(z));
}

// acos(x) / 2 for x >= 1/2: asin(sqrt((1 - x) / 2)), the root to twice its digits.
fn half_arccosine(x: Float) -> Angle {
    let z = Float(0.5) - Float(0.5) * x;
    if (z == Float(0)) {
        return Angle(z, z);
    }
    let root = sqrt(z);
    let low = residual(z, root, root) / (Float(2) * root);
    return Angle(root, low + root * z * arcsine_series(z));
}

fn precise_asin(x: Float) -> Float {
    let magnitude = from_magnitude_bits(magnitude_bits(x));
    if (magnitude_bits(x) > ONE_BITS) {
        return not_a_number(x);
    }
    if (is_tiny(x)) {
        return x;
    }
    var result = Float(0);
    if (magnitude <= Float(0.5)) {
        let angle = arcsine(magnitude);
        result = angle.high + angle.low;
    } else {
        result = rotated(Angle(HALF_PI_HIGH, HALF_PI_LOW), Float(2), half_arccosine(magnitude));
    }
    return bitcast<Float>(bitcast<Bits>(result) | sign_of(x));
}

fn precise_acos(x: Float) -> Float {
    if (magnitude_bits(x) > ONE_BITS) {
        return not_a_number(x);
    }
    if (abs(x) <= Float(0.5)) {
        return rotated(Angle(HALF_PI_HIGH, HALF_PI_LOW), Float(1), arcsine(x));
    }
    let half = half_arccosine(abs(x));
    if (is_negative(x)) {
        return rotated(Angle(PI_HIGH, PI_LOW), Float(2), half);
    }
    return Float(2) * (half.high + half.low);
}

// atan(y / x) for 0 < y <= x, both in the middle of the range.
// atan(q) = atan(c) + atan((q - c) / (1 + c * q)) with c one of 0, 1/2 and 1 (as in fdlibm's s_atan.c).
fn arctangent(y: Float, x: Float) -> Angle {
    var base = Angle(Float(0), Float(0));
    var c = Float(0);
    if (y > Float(0.6875) * x) {
        base = Angle(QUARTER_PI_HIGH, QUARTER_PI_LOW);
        c = Float(1);
    } else if (y > Float(0.4375) * x) {
        base = Angle(ATAN_HALF_HIGH, ATAN_HALF_LOW);
        c = Float(0.5);
    }
    // Exact, because c * x is close to y.
    let dividend = y - c * x;
    let divisor = opaque(x + c * y);
    let divisor_low = opaque(x - divisor) + c * y;
    let t = dividend / divisor;
    let z = t * t;
    let t_low = (residual(dividend, t, divisor) - t * divisor_low) / divisor;
    let more = t * z * arctangent_series(z) + t_low * (Float(1) - z);
    let high = opaque(base.high + t);
    return Angle(high, opaque(opaque(base.high - high) + t) + (base.low + more));
}

// The angle of the point (x2, x1), the quadrant taken into account.
fn precise_atan2(x1: Float, x2: Float) -> Float {
    if (is_nan(x1) || is_nan(x2)) {
        return not_a_number(x1);
    }
    let angle = angle_above(magnitude_bits(x1), magnitude_bits(x2), is_negative(x2));
    return bitcast<Float>(bitcast<Bits>(angle) | sign_of(x1));
}

fn precise_atan(x: Float) -> Float {
    return precise_atan2(x, Float(1));
}

// The angle of a point in the upper half plane, from the bits of its coordinates' magnitudes.
fn angle_above(y: Bits, x: Bits, is_left: bool) -> Float {
    var short = min(x, y);
    var long = max(x, y);
    if (short == long) {
        // Also where both are zero or infinite.
        let is_zero = long == Bits(0);
        short = select(ONE_BITS, Bits(0), is_zero);
        long = ONE_BITS;
    }
    let is_steep = y > x;
    var base = Angle(Float(0), Float(0));
    if (is_steep) {
        base = Angle(HALF_PI_HIGH, HALF_PI_LOW);
    } else if (is_left) {
        base = Angle(PI_HIGH, PI_LOW);
    }
    if (short == Bits(0) || long == INFINITE_BITS) {
        return base.high;
    }
    // From the vertical to the left, or from the horizontal on the right, the angle is added.
    let factor = select(Float(1), Float(-1), is_steep == is_left);
    let dividend = parts_of(from_magnitude_bits(short));
    let divisor = parts_of(from_magnitude_bits(long));
    let distance = divisor.exponent - dividend.exponent;
    // Where t³ / 3 is below the digits of t.
    if (distance > i32(FRACTION_BITS) / 2 + 2) {
        let quotient = precise_divide(from_magnitude_bits(short), from_magnitude_bits(long));
        if (!is_steep && !is_left) {
            return quotient;
        }
        return rotated(base, factor, Angle(quotient, Float(0)));
    }
    let angle = arctangent(unit_float(dividend.digits) * power_of_two(-distance), unit_float(divisor.digits));
    return rotated(base, factor, angle);
}
