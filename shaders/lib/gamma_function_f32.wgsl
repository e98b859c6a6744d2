// The constants and polynomials of gamma_function.wgsl for f32. Written by docs/make_special_tables.py.
// uses: gamma_function, logarithm_f32, trigonometric_f32

const LOG_GAMMA_LIMIT: f32 = 4.0850034e+36;
const GAMMA_LIMIT: f32 = 4e+01;
const HALF_LOG_TWO_PI = vec2<f32>(0.9189453, -6.7792953e-06);
const LOG_PI = vec2<f32>(1.1445312, 0.00019863585);
const PI_PAIR = vec2<f32>(3.1416016, -8.90891e-06);
// x times what Stirling's formula lacks, in z = 1 / x², for x >= 8.
fn stirling_series(z: f32) -> f32 {
    var sum = 0.0007800347;
    sum = sum * z + -0.0027776984;
    sum = sum * z + 0.083333336;
    return sum;
}

// log gamma(x) / ((x - 1) (x - 2)) in z = x - 1.075, for |z| <= 0.375.
fn log_gamma_near_one(z: f32) -> f32 {
    var sum = 0.028137565;
    sum = sum * z + -0.032968342;
    sum = sum * z + 0.02807674;
    sum = sum * z + -0.033775173;
    sum = sum * z + 0.042784788;
    sum = sum * z + -0.053236302;
    sum = sum * z + 0.0681092;
    sum = sum * z + -0.09131767;
    sum = sum * z + 0.13234217;
    sum = sum * z + -0.22373503;
    sum = sum * z + 0.5596503;
    return sum;
}

// log gamma(x) / ((x - 1) (x - 2)) in z = x - 1.9, for |z| <= 0.45.
fn log_gamma_near_two(z: f32) -> f32 {
    var sum = 0.0003094672;
    sum = sum * z + -0.00065216323;
    sum = sum * z + 0.0012534512;
    sum = sum * z + -0.002743791;
    sum = sum * z + 0.006205883;
    sum = sum * z + -0.0146148745;
    sum = sum * z + 0.037002716;
    sum = sum * z + -0.10730293;
    sum = sum * z + 0.43315864;
    return sum;
}
