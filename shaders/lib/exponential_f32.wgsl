// precise_exp, precise_expm1: exponential.wgsl with the constants for f32.
// uses: exponential, pair_f32

// ln 2 = LN2_HIGH + LN2_LOW; multiples n LN2_HIGH with |n| < 2^8 are exact.
const LN2_HIGH: f32 = 0.693145751953125;
const LN2_LOW: f32 = 1.4286068e-6;
const LOG2_E: f32 = 1.442695;

// Beyond it exp(x) is infinite, or 0.
const EXP_LIMIT: f32 = 110.0;
// Within it exp(x) is a normal number.
const EXP_NORMAL: f32 = 87.0;

// (cosh r - 1 - r^2 / 2) / r^4 and (sinh r - r) / r^3 as polynomials in z = r^2 for |r| < 0.357,
// interpolated at Chebyshev's points. That leaves errors below 2^-32 of cosh r and 2^-35 of sinh r.
fn cosh_tail(z: f32) -> f32 {
    return 0.041666437 + z * 0.0013936585;
}

fn sinh_tail(z: f32) -> f32 {
    return 0.16666667 + z * (0.008333308 + z * 0.00019894249);
}
