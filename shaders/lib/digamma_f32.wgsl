// The constants and polynomials of digamma.wgsl for f32. Written by docs/make_special_tables.py.
// uses: digamma, gamma_function_f32

const DIGAMMA_ROOT = vec2<f32>(1.4614258, 0.00020636372);
// digamma(x) / z in z = x - DIGAMMA_ROOT, for |z| <= 0.29.
fn digamma_near_root(z: f32) -> f32 {
    var sum = -0.017041732;
    sum = sum * z + 0.024962865;
    sum = sum * z + -0.033039678;
    sum = sum * z + 0.048626643;
    sum = sum * z + -0.07220324;
    sum = sum * z + 0.10782944;
    sum = sum * z + -0.16394266;
    sum = sum * z + 0.2584997;
    sum = sum * z + -0.44276318;
    sum = sum * z + 0.9676722;
    return sum;
}

// x² (digamma(x) - log x + 1 / (2 x)) in z = 1 / x², for x >= 8.
fn digamma_series(z: f32) -> f32 {
    var sum = 0.003943137;
    sum = sum * z + -0.00396611;
    sum = sum * z + 0.008333326;
    sum = sum * z + -0.083333336;
    return sum;
}
