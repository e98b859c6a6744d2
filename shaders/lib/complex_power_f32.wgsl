// complex_pow of complex_power.wgsl for parts of this type.
// uses: complex_power, pair_f32

// atan(13 / 32), as a pair.
const MIDDLE_ANGLE = vec2<f32>(0.38588268, -6.2496617e-09);

// (atan(s) - s + s^3 / 3) / s^5 as a polynomial in z = s^2 for |s| < 0.2027, interpolated at
// Chebyshev's points; the error is below 2^-36 of the arc tangent.
fn arctangent_tail(z: f32) -> f32 {
    return 0.2 + z * (-0.1428559 + z * (0.11095863 - z * 0.084882945));
}
