// trigonometric_f32 for 64 bits: the same names.
// uses: float_format_f64, wide_u64, trigonometric

// Above, the parts of pi/2 have too few digits.
const FEW_TURNS: Float = 1.6e6lf;
const TWO_OVER_PI: Float = 0.6366197723675814lf;
const HALF_PI_1: Float = 1.5707963267341256lf;
const HALF_PI_2: Float = 6.077094383272197e-11lf;
const HALF_PI_3: Float = 6.12323399538461e-17lf;
const HALF_PI_4: Float = 3.5215598651832e-27lf;

// pi/2 with the point after the first digit, and the digits of a word that a significand has no room for.
const HALF_PI_BITS: Bits = 0xc90fdaa22168c234lu;
const SURPLUS_BITS: Bits = 0x7fflu;

// A word of zeros, then the digits of 2/pi after the point.
var<private> two_over_pi: array<u64, 20> = array<u64, 20>(
    0x0000000000000000lu, 0xa2f9836e4e441529lu, 0xfc2757d1f534ddc0lu, 0xdb6295993c439041lu,
    0xfe5163abdebbc561lu, 0xb7246e3a424dd2e0lu, 0x06492eea09d1921clu, 0xfe1deb1cb129a73elu,
    0xe88235f52ebb4484lu, 0xe99c7026b45f7e41lu, 0x3991d639835339f4lu, 0x9c845f8bbdf9283blu,
    0x1ff897ffde05980flu, 0xef2f118b5a0a6d1flu, 0x6d367ecf27cb09b7lu, 0x4f463f669e5fea2dlu,
    0x7527bac7ebe5f17blu, 0x3d0739f78a5292ealu, 0x6bfb5fb11f8d5d08lu, 0x56033046fc7b6bablu,
);

fn product_high(a: Bits, b: Bits) -> Bits {
    return multiply_high_u64(a, b);
}

// (sin(x) / x - 1) / z.
fn sine_series(z: f64) -> f64 {
    var sum = -7.586576648405261e-13lf;
    sum = sum * z + 1.6058529573291737e-10lf;
    sum = sum * z + -2.5052106219528367e-08lf;
    sum = sum * z + 2.7557319219301936e-06lf;
    sum = sum * z + -0.00019841269841265017lf;
    sum = sum * z + 0.008333333333333331lf;
    sum = sum * z + -0.16666666666666666lf;
    return sum;
}

// (cos(x) - 1 + z / 2) / z².
fn cosine_series(z: f64) -> f64 {
    var sum = 4.74580492324984e-14lf;
    sum = sum * z + -1.1470459750244853e-11lf;
    sum = sum * z + 2.0876755783897636e-09lf;
    sum = sum * z + -2.7557319221382125e-07lf;
    sum = sum * z + 2.4801587301584618e-05lf;
    sum = sum * z + -0.0013888888888888887lf;
    sum = sum * z + 0.041666666666666664lf;
    return sum;
}

// (tan(x) / x - 1) / z.
fn tangent_series(z: f64) -> f64 {
    var sum = 3.96919871208727e-06lf;
    sum = sum * z + -9.832779690481298e-06lf;
    sum = sum * z + 1.971257197891616e-05lf;
    sum = sum * z + -1.0406547613504569e-05lf;
    sum = sum * z + 2.7273202947843618e-05lf;
    sum = sum * z + 3.383889715395333e-05lf;
    sum = sum * z + 9.880382017933713e-05lf;
    sum = sum * z + 0.0002386517751133861lf;
    sum = sum * z + 0.0005901147020558141lf;
    sum = sum * z + 0.0014558230557834536lf;
    sum = sum * z + 0.0035921290493352268lf;
    sum = sum * z + 0.00886323547067296lf;
    sum = sum * z + 0.021869488538244202lf;
    sum = sum * z + 0.05396825396821537lf;
    sum = sum * z + 0.1333333333333336lf;
    sum = sum * z + 0.3333333333333333lf;
    return sum;
}
