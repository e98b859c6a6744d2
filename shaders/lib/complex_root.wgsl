// complex_sqrt for complex numbers T = (re, im) with parts of type F.
//
// t = sqrt((|x| + |z|) / 2) is one part, and y / 2t the other. z is brought near 1 for the sum.
// Special cases: the Array API standard's, which are those of C99, Annex G.6.4.2.
// uses: complex_scaling, hypotenuse_*, quotient_*, square_root_*

fn complex_sqrt(z: T) -> T {
    let nan = not_a_number(z.x);
    if (is_inf(z.y)) {
        return T(magnitude_of(z.y), z.y);
    }
    if (is_nan(z.x)) {
        return T(nan);
    }
    if (is_inf(z.x)) {
        let limit = T(z.x, select(with_sign_of(F(0), z.y), nan, is_nan(z.y)));
        return select(limit, T(magnitude_of(limit.y), with_sign_of(magnitude_of(z.x), z.y)), is_negative(z.x));
    }
    if (is_nan(z.y)) {
        return T(nan);
    }
    if ((magnitude_bits(z.x) | magnitude_bits(z.y)) == Bits(0)) {
        return T(F(0), z.y);
    }
    let half_exponent = complex_exponent(z) >> 1u;
    let near = z * power_of_two(-2 * half_exponent);
    let square = F(0.5) * (magnitude_of(near.x) + precise_hypot(near.x, near.y));
    let root = precise_sqrt(square) * power_of_two(half_exponent);
    let other = precise_divide(magnitude_of(z.y), F(2) * root);
    if (is_negative(z.x)) {
        return T(other, with_sign_of(root, z.y));
    }
    return T(root, with_sign_of(other, z.y));
}
