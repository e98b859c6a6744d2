// The constants and polynomials of zeta_function.wgsl for f32. Written by docs/make_special_tables.py.
// uses: zeta_function, digamma_f32, power_f32

const LOG_TWO_PI = vec2<f32>(1.8378906, -1.3558591e-05);
// (1 - x) zeta(x) in z = x, for 0 <= x <= 1.
fn zeta_below_one(z: f32) -> f32 {
    var sum = 4.5632005e-06;
    sum = sum * z + -0.00012750697;
    sum = sum * z + 0.0009090433;
    sum = sum * z + 0.0023919637;
    sum = sum * z + -0.08423952;
    sum = sum * z + -0.41893855;
    sum = sum * z + -0.5;
    return sum;
}
