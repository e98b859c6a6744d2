// complex_power_f32 for 64 bits: the same names.
// uses: complex_power, pair_f64

const MIDDLE_ANGLE = vec2<f64>(0.38588266939807375lf, 2.378822732491941e-17lf);

// The error is below 2^-65 of the arc tangent.
fn arctangent_tail(z: f64) -> f64 {
    return 0.2lf + z * (-0.1428571428571425lf + z * (0.11111111111087071lf + z * (-0.09090909084890457lf + z *
        (0.07692306936427094lf + z * (-0.06666613230470997lf + z * (0.05880126195326381lf + z *
        (-0.05208709657399415lf + z * 0.04031866242901556lf)))))));
}
