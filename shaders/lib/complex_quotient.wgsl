// complex_divide and complex_sign for complex numbers T = (re, im) with parts of type F. Each part is
// right to about one unit in the last place unless more than half of its digits cancel.
//
// The textbook formula with sums of pairs, of operands near 1. A divisor without a real or without an
// imaginary part divides each part on its own, as the Array API standard's table says; where parts
// are infinite, the result is that of C99, Annex G.5.1.
// uses: complex_pairs, complex_scaling, hypotenuse_*, quotient_*

fn complex_divide(x1: T, x2: T) -> T {
    if (magnitude_bits(x2.y) == Bits(0)) {
        return T(precise_divide(x1.x, x2.x), precise_divide(x1.y, x2.x));
    }
    if (magnitude_bits(x2.x) == Bits(0)) {
        return T(precise_divide(x1.y, x2.y), -precise_divide(x1.x, x2.y));
    }
    if (!(is_finite(x1.x) && is_finite(x1.y) && is_finite(x2.x) && is_finite(x2.y))) {
        return quotient_at_infinity(x1, x2);
    }
    let above = complex_exponent(x1);
    let below = complex_exponent(x2);
    let a = x1 * power_of_two(-above);
    let b = x2 * power_of_two(-below);
    let divisor = sum_of_products(b.x, b.x, b.y, b.y);
    let real = pair_quotient(sum_of_products(a.x, b.x, a.y, b.y), divisor).x;
    let imaginary = pair_quotient(sum_of_products(a.y, b.x, -a.x, b.y), divisor).x;
    return T(scaled_part(real, above - below), scaled_part(imaginary, above - below));
}

// 1 with the sign of an infinite part, 0 with the sign of another: the direction of an infinite number.
fn corner(x: F) -> F {
    return with_sign_of(select(F(0), F(1), is_inf(x)), x);
}

fn quotient_at_infinity(x1: T, x2: T) -> T {
    let is_infinite = is_inf(x1.x) || is_inf(x1.y);
    if (is_infinite && is_finite(x2.x) && is_finite(x2.y)) {
        let a = T(corner(x1.x), corner(x1.y));
        let inf = infinity(x1.x);
        return T(inf * (a.x * x2.x + a.y * x2.y), inf * (a.y * x2.x - a.x * x2.y));
    }
    if ((is_inf(x2.x) || is_inf(x2.y)) && is_finite(x1.x) && is_finite(x1.y)) {
        let b = T(corner(x2.x), corner(x2.y));
        return T(F(0) * (x1.x * b.x + x1.y * b.y), F(0) * (x1.y * b.x - x1.x * b.y));
    }
    return T(not_a_number(x1.x));
}

// z / |z|, and 0 of 0.
fn complex_sign(z: T) -> T {
    if ((magnitude_bits(z.x) | magnitude_bits(z.y)) == Bits(0)) {
        return T();
    }
    if (is_nan(z.x) || is_nan(z.y)) {
        return T(not_a_number(z.x));
    }
    let near = z * power_of_two(-complex_exponent(z));
    let modulus = precise_hypot(near.x, near.y);
    return T(precise_divide(near.x, modulus), precise_divide(near.y, modulus));
}
