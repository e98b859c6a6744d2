// The numbers of trigonometric.wgsl for this type. The polynomials interpolate at the nodes of Chebyshev in z = x²,
// for |x| <= pi/4; pi/2 is cut so that the products with a number of quarter turns are exact.
// uses: float_format_f32, wide_u32, trigonometric

// Above, the parts of pi/2 have too few digits.
const FEW_TURNS: Float = 3200.0;
const TWO_OVER_PI: Float = 0.63661975;
const HALF_PI_1: Float = 1.5703125;
const HALF_PI_2: Float = 0.0004838109016418457;
const HALF_PI_3: Float = 1.5890691429376602e-08;
const HALF_PI_4: Float = 2.563344e-12;

// pi/2 with the point after the first digit, and the digits of a word that a significand has no room for.
const HALF_PI_BITS: Bits = 0xc90fdaa2u;
const SURPLUS_BITS: Bits = 0xffu;

// A word of zeros, then the digits of 2/pi after the point.
var<private> two_over_pi: array<u32, 8> = array<u32, 8>(
    0x00000000u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u,
    0x3c439041u, 0xfe5163abu,
);

fn product_high(a: Bits, b: Bits) -> Bits {
    return multiply_high(a, b);
}

// (sin(x) / x - 1) / z.
fn sine_series(z: f32) -> f32 {
    var sum = 2.7249314e-06;
    sum = sum * z + -0.00019840083;
    sum = sum * z + 0.008333332;
    sum = sum * z + -0.16666667;
    return sum;
}

// (cos(x) - 1 + z / 2) / z².
fn cosine_series(z: f32) -> f32 {
    var sum = -2.730045e-07;
    sum = sum * z + 2.4800596e-05;
    sum = sum * z + -0.0013888888;
    sum = sum * z + 0.041666668;
    return sum;
}

// (tan(x) / x - 1) / z.
fn tangent_series(z: f32) -> f32 {
    var sum = 0.0017936865;
    sum = sum * z + -8.851454e-06;
    sum = sum * z + 0.0044322084;
    sum = sum * z + 0.00860661;
    sum = sum * z + 0.02191119;
    sum = sum * z + 0.05396497;
    sum = sum * z + 0.13333343;
    sum = sum * z + 0.33333334;
    return sum;
}
