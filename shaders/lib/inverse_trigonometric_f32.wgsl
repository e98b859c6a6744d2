// The numbers of inverse_trigonometric.wgsl for this type: polynomials that interpolate at the nodes of Chebyshev
// in z = x², and angles in two parts.
// uses: float_format_f32, quotient_f32, inverse_trigonometric

const PI_HIGH: Float = 3.1415927410125732;
const PI_LOW: Float = -8.742278e-08;
const HALF_PI_HIGH: Float = 1.5707963705062866;
const HALF_PI_LOW: Float = -4.371139e-08;
const QUARTER_PI_HIGH: Float = 0.7853981852531433;
const QUARTER_PI_LOW: Float = -2.1855694e-08;
const ATAN_HALF_HIGH: Float = 0.46364760398864746;
const ATAN_HALF_LOW: Float = 5.0121587e-09;

// (asin(x) / x - 1) / z for z <= 1/4.
fn arcsine_series(z: f32) -> f32 {
    var sum = 0.03097454;
    sum = sum * z + 0.010574415;
    sum = sum * z + 0.023611818;
    sum = sum * z + 0.030269139;
    sum = sum * z + 0.044647664;
    sum = sum * z + 0.07499992;
    sum = sum * z + 0.16666667;
    return sum;
}

// (atan(x) / x - 1) / z for z <= (7/16)².
fn arctangent_series(z: f32) -> f32 {
    var sum = -0.038235016;
    sum = sum * z + 0.07025186;
    sum = sum * z + -0.09008415;
    sum = sum * z + 0.11105739;
    sum = sum * z + -0.14285545;
    sum = sum * z + 0.19999997;
    sum = sum * z + -0.33333334;
    return sum;
}
