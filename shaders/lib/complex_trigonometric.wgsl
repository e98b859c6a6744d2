// complex_sin, complex_cos, complex_tan: the hyperbolic functions of i z.
// uses: complex_hyperbolic, complex_rotation

fn complex_sin(z: T) -> T {
    return over_i(complex_sinh(times_i(z)));
}

fn complex_cos(z: T) -> T {
    return complex_cosh(times_i(z));
}

fn complex_tan(z: T) -> T {
    return over_i(complex_tanh(times_i(z)));
}
