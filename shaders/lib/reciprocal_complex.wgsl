// 1 / x of complex numbers, brought near 1 first: neither a square nor the quotient leaves the range without need.
// uses: field_complex

fn reciprocal(x: T) -> T {
    let scale = scale_of(x);
    let y = x * scale;
    return conjugate(y) / squared_modulus(y) * scale;
}
