// complex_exp, complex_expm1 for complex numbers T = (re, im) with parts of type F.
//
// e^(x + iy) = e^x (cos y + i sin y). The significand of e^x is multiplied and its exponent added
// afterwards, so that nothing overflows where the product does not.
// Special cases: the Array API standard's, which are those of C99, Annex G.6.3.
// uses: complex_scaling, exponential_*, trigonometric_*

// e^x 2^n (cos y + i sin y) for a finite y and any x but NaN.
fn spiral(x: F, y: F, n: i32) -> T {
    // With a small sine the result is finite for larger x than exp(x) is, but not beyond this.
    let parts = reduced(Pair(limited(x, F(2) * EXP_LIMIT), F(0)));
    let growth = exp_significand(parts).x;
    let shift = parts.n + n;
    return T(scaled_part(growth * precise_cos(y), shift), scaled_part(growth * precise_sin(y), shift));
}

fn complex_exp(z: T) -> T {
    let nan = not_a_number(z.x);
    if (magnitude_bits(z.y) == Bits(0)) {
        return T(precise_exp(z.x), z.y);
    }
    if (is_finite(z.y) && !is_nan(z.x)) {
        return spiral(z.x, z.y, 0);
    }
    // Without a direction, zero and infinity remain.
    if (is_inf(z.x)) {
        return select(T(z.x, nan), T(F(0)), is_negative(z.x));
    }
    return T(nan);
}

// For small x the real part is (e^x - 1) cos y - 2 sin(y / 2)^2, which keeps the digits where e^z is close to 1.
fn complex_expm1(z: T) -> T {
    if (magnitude_bits(z.y) == Bits(0)) {
        // The standard wants a positive zero of either.
        return T(select(precise_expm1(z.x), F(0), magnitude_bits(z.x) == Bits(0)), z.y);
    }
    let power = complex_exp(z);
    if (!is_within(z.x, F(0.7))) {
        return T(power.x - F(1), power.y);
    }
    let half_sine = precise_sin(F(0.5) * z.y);
    return T(precise_expm1(z.x) * precise_cos(z.y) - F(2) * half_sine * half_sine, power.y);
}
