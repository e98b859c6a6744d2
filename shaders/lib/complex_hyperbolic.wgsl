// complex_sinh, complex_cosh, complex_tanh for complex numbers T = (re, im) with parts of type F.
//
// sinh(x + iy) = sinh x cos y + i cosh x sin y, cosh(x + iy) = cosh x cos y + i sinh x sin y. Where
// |x| is large both are half a power of e, which overflows later than its factors.
// tanh(x + iy) = (sinh x cosh x + i sin y cos y) / (sinh^2 x + cos^2 y): no sum cancels.
// Special cases: the Array API standard's, which are those of C99, Annex G.6.2.
// uses: complex_exponential, complex_pairs, hyperbolic_*, quotient_*

// Whether e^-|x| does not count beside e^|x|. Of a NaN it is true.
fn is_one_sided(x: F) -> bool {
    return !is_within(x, F(DIGITS / 2 + 1));
}

fn complex_sinh(z: T) -> T {
    let nan = not_a_number(z.x);
    if (magnitude_bits(z.y) == Bits(0)) {
        return T(precise_sinh(z.x), z.y);
    }
    if (is_nan(z.x)) {
        return T(nan);
    }
    if (!is_finite(z.y)) {
        return T(select(nan, z.x, magnitude_bits(z.x) == Bits(0) || is_inf(z.x)), nan);
    }
    if (is_one_sided(z.x)) {
        let half = spiral(magnitude_of(z.x), z.y, -1);
        return T(select(half.x, -half.x, is_negative(z.x)), half.y);
    }
    return T(precise_sinh(z.x) * precise_cos(z.y), precise_cosh(z.x) * precise_sin(z.y));
}

fn complex_cosh(z: T) -> T {
    let nan = not_a_number(z.x);
    let product_sign = select(z.y, -z.y, is_negative(z.x));
    if (magnitude_bits(z.y) == Bits(0)) {
        return T(precise_cosh(z.x), product_sign);
    }
    if (is_nan(z.x)) {
        return T(nan);
    }
    if (!is_finite(z.y)) {
        let is_zero = magnitude_bits(z.x) == Bits(0);
        return T(select(nan, magnitude_of(z.x), is_inf(z.x)), select(nan, z.x, is_zero));
    }
    if (is_one_sided(z.x)) {
        let half = spiral(magnitude_of(z.x), z.y, -1);
        return T(half.x, select(half.y, -half.y, is_negative(z.x)));
    }
    return T(precise_cosh(z.x) * precise_cos(z.y), precise_sinh(z.x) * precise_sin(z.y));
}

fn complex_tanh(z: T) -> T {
    let nan = not_a_number(z.x);
    if (magnitude_bits(z.y) == Bits(0)) {
        return T(precise_tanh(z.x), z.y);
    }
    if (is_inf(z.x)) {
        return T(with_sign_of(F(1), z.x), select(F(0), with_sign_of(F(0), z.y), is_finite(z.y)));
    }
    if (is_nan(z.x)) {
        return T(nan);
    }
    if (!is_finite(z.y)) {
        return T(select(nan, z.x, magnitude_bits(z.x) == Bits(0)), nan);
    }
    let sine = precise_sin(z.y);
    let cosine = precise_cos(z.y);
    if (is_one_sided(z.x)) {
        let decay = precise_exp(-magnitude_of(z.x));
        return T(with_sign_of(F(1), z.x), F(4) * ((decay * sine) * (decay * cosine)));
    }
    let s = precise_sinh(z.x);
    let divisor = sum_of_products(s, s, cosine, cosine).x;
    return T(precise_divide(s * precise_cosh(z.x), divisor), precise_divide(sine * cosine, divisor));
}
