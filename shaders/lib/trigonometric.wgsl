// sin, cos and tan to about one unit in the last place, for all finite arguments.
//
// The argument is reduced to |r| <= pi/4 beside a multiple of pi/2, in two parts: with pi/2 in four parts where
// the multiple is small (Cody and Waite, Software Manual for the Elementary Functions, 1980), else in integers
// with that piece of 2/pi that matters (Payne and Hanek, ACM SIGNUM Newsletter 18 (1983)).
// Every product whose rounding would count is exact, so that it is the same whether fused or not.
//
// Free names: those of float_format_f32 and trigonometric_f32, or of the files for f64.

// x = quadrant * pi/2 + high + low, but for multiples of 2 pi.
struct InQuadrant {
    quadrant: u32,
    high: Float,
    low: Float,
}

// For a finite x >= 0.
fn in_quadrant(x: Float) -> InQuadrant {
    if (x > FEW_TURNS) {
        return in_quadrant_of_many(x);
    }
    let quadrant = u32(x * TWO_OVER_PI + Float(0.5));
    let n = Float(quadrant);
    // The first two differences are exact.
    let rest = opaque(x - n * HALF_PI_1) - n * HALF_PI_2;
    let high = opaque(rest - n * HALF_PI_3);
    return InQuadrant(quadrant, high, opaque(opaque(rest - high) - n * HALF_PI_3) - n * HALF_PI_4);
}

fn in_quadrant_of_many(x: Float) -> InQuadrant {
    let parts = parts_of(x);
    // Digits of 2/pi that give multiples of 4 quarter turns do not matter, nor those after three words more.
    let first = u32(parts.exponent - i32(FRACTION_BITS) - 2 + i32(WORD_BITS));
    let low = product_high(table_word(first + 2u * WORD_BITS), parts.digits);
    let word = table_word(first + WORD_BITS);
    let middle = word * parts.digits + low;
    let carry = select(Bits(0), Bits(1), middle < low);
    let top = table_word(first) * parts.digits + product_high(word, parts.digits) + carry;
    // Two digits of quarter turns, then their fraction.
    var quadrant = u32(top >> (WORD_BITS - 2u));
    var fraction = (top << 2u) | (middle >> (WORD_BITS - 2u));
    var beyond = middle << 2u;
    let is_negative = (fraction & SIGN_BIT) != Bits(0);
    if (is_negative) {
        quadrant += 1u;
        fraction = ~fraction;
        beyond = ~beyond;
    }
    var shift = 0u;
    if (fraction == Bits(0)) {
        fraction = beyond;
        beyond = Bits(0);
        shift = WORD_BITS;
    }
    let zeros = zeros_above(fraction);
    // In two steps: a shift by a whole word is not defined.
    fraction = (fraction << zeros) | ((beyond >> 1u) >> (WORD_BITS - 1u - zeros));
    let angle = product_high(fraction, HALF_PI_BITS);
    let unit = power_of_two(1 - i32(WORD_BITS + shift + zeros)) * select(Float(1), Float(-1), is_negative);
    return InQuadrant(quadrant, Float(angle & ~SURPLUS_BITS) * unit, Float(angle & SURPLUS_BITS) * unit);
}

// WORD_BITS digits from the one at `place` of the table.
fn table_word(place: u32) -> Bits {
    let i = place / WORD_BITS;
    let shift = place % WORD_BITS;
    return (two_over_pi[i] << shift) | ((two_over_pi[i + 1u] >> 1u) >> (WORD_BITS - 1u - shift));
}

fn sine_of(r: InQuadrant) -> Float {
    let z = r.high * r.high;
    return r.high + opaque(r.high * z * sine_series(z) + r.low * (Float(1) - Float(0.5) * z));
}

fn cosine_of(r: InQuadrant) -> Float {
    let square = squared(r.high);
    let z = square.high;
    let most = opaque(Float(1) - Float(0.5) * z);
    let rounding = opaque(Float(1) - most) - Float(0.5) * z;
    return most + opaque(rounding + (z * z * cosine_series(z) - (Float(0.5) * square.low + r.high * r.low)));
}

fn precise_sin(x: Float) -> Float {
    if (!is_finite(x)) {
        return not_a_number(x);
    }
    if (is_tiny(x)) {
        return x;
    }
    let r = in_quadrant(abs(x));
    var result = sine_of(r);
    if ((r.quadrant & 1u) != 0u) {
        result = cosine_of(r);
    }
    let sign = sign_of(x) ^ select(Bits(0), SIGN_BIT, (r.quadrant & 2u) != 0u);
    return bitcast<Float>(bitcast<Bits>(result) ^ sign);
}

fn precise_cos(x: Float) -> Float {
    if (!is_finite(x)) {
        return not_a_number(x);
    }
    let r = in_quadrant(abs(x));
    var result = cosine_of(r);
    if ((r.quadrant & 1u) != 0u) {
        result = sine_of(r);
    }
    let sign = select(Bits(0), SIGN_BIT, ((r.quadrant + 1u) & 2u) != 0u);
    return bitcast<Float>(bitcast<Bits>(result) ^ sign);
}

fn precise_tan(x: Float) -> Float {
    if (!is_finite(x)) {
        return not_a_number(x);
    }
    if (is_tiny(x)) {
        return x;
    }
    let r = in_quadrant(abs(x));
    let square = squared(r.high);
    let series = tangent_series(square.high);
    let more = r.high * square.high * series;
    let slope = Float(1) + (r.high + more) * (r.high + more);
    let rest = opaque(more + (r.high * square.low * series + r.low * slope));
    let high = opaque(r.high + rest);
    var result = high;
    if ((r.quadrant & 1u) != 0u) {
        // -1 / (high + low).
        let low = opaque(r.high - high) + rest;
        let estimate = Float(-1) / high;
        result = estimate + estimate * (residual(Float(1), -estimate, high) + estimate * low);
    }
    return bitcast<Float>(bitcast<Bits>(result) ^ sign_of(x));
}
