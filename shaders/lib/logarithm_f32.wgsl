// precise_log, precise_log1p, precise_log2, precise_log10, precise_logaddexp: logarithm.wgsl with the
// constants for f32.
// uses: logarithm, exponential_f32

// Pairs: 2/3, 1 / ln 2, 1 / ln 10.
const TWO_THIRDS = vec2<f32>(0.66650390625, 0.00016276042);
const INVERSE_LN2 = vec2<f32>(1.4423828125, 0.0003122284);
const INVERSE_LN10 = vec2<f32>(0.4342041015625, 9.038034e-5);

// (2 atanh(s) - 2 s - 2 s^3 / 3) / s^5 as a polynomial in z = s^2 for |s| < 0.172, interpolated at
// Chebyshev's points; the error is below 2^-41 of the function's result.
fn atanh_tail(z: f32) -> f32 {
    return 0.4 + z * (0.28571534 + z * (0.22204567 + z * 0.19125734));
}
