// logarithm_f32 for 64 bits: the same names.
// uses: logarithm, exponential_f64

const TWO_THIRDS = vec2<f64>(0.6666666567325592lf, 9.934107462565104e-09lf);
const INVERSE_LN2 = vec2<f64>(1.4426950216293335lf, 1.9259629911266175e-08lf);
const INVERSE_LN10 = vec2<f64>(0.4342944771051407lf, 4.798111141615973e-09lf);

// The error is below 2^-69 of the function's result.
fn atanh_tail(z: f64) -> f64 {
    return 0.4lf + z * (0.28571428571429397lf + z * (0.22222222221636845lf + z * (0.18181818339697634lf + z *
        (0.1538459450380989lf + z * (0.13334829573906534lf + z * (0.1170557189567721lf + z *
        0.1173010786189303lf))))));
}
