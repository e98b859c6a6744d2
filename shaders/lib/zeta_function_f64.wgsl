// The constants and polynomials of zeta_function.wgsl for f64. Written by docs/make_special_tables.py.
// uses: zeta_function, digamma_f64, power_f64

const LOG_TWO_PI = vec2<f64>(1.8378770649433136lf, 1.466031884927847e-09lf);
// (1 - x) zeta(x) in z = x, for 0 <= x <= 1.
fn zeta_below_one(z: f64) -> f64 {
    var sum = -1.0374671134728075e-10lf;
    sum = sum * z + 9.172463374216495e-10lf;
    sum = sum * z + 5.068173860126123e-09lf;
    sum = sum * z + -1.745844466440025e-07lf;
    sum = sum * z + 1.4698901208415832e-06lf;
    sum = sum * z + 6.396964225322278e-07lf;
    sum = sum * z + -0.00012264138083913474lf;
    sum = sum * z + 0.0009058949738544683lf;
    sum = sum * z + 0.0023930334775210823lf;
    sum = sum * z + -0.08423969474963419lf;
    sum = sum * z + -0.41893853320467245lf;
    sum = sum * z + -0.5lf;
    return sum;
}
