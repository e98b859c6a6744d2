// Quarter turns: they tie the trigonometric functions of complex numbers to the hyperbolic ones.
// Free name: T, a complex type.

fn times_i(z: T) -> T {
    return T(-z.y, z.x);
}

fn over_i(z: T) -> T {
    return T(z.y, -z.x);
}
