// The constants and polynomials of bessel_i.wgsl for f32. Written by docs/make_special_tables.py.
// uses: bessel_i, exponential_f32

// I0(x) in z = x² / 4, for |x| <= 12.
fn bessel_i0_series(z: f32) -> f32 {
    var sum = 4.2703517e-22;
    sum = sum * z + -1.6736596e-20;
    sum = sum * z + 7.69276e-18;
    sum = sum * z + 4.603631e-16;
    sum = sum * z + 8.1685825e-14;
    sum = sum * z + 7.454487e-12;
    sum = sum * z + 6.1754607e-10;
    sum = sum * z + 3.9337436e-08;
    sum = sum * z + 1.9292763e-06;
    sum = sum * z + 6.944287e-05;
    sum = sum * z + 0.0017361173;
    sum = sum * z + 0.027777763;
    sum = sum * z + 0.25000003;
    sum = sum * z + 1.0;
    sum = sum * z + 1.0;
    return sum;
}

// 2 I1(x) / x in z = x² / 4, for |x| <= 12.
fn bessel_i1_series(z: f32) -> f32 {
    var sum = 5.9858497e-21;
    sum = sum * z + -2.1714566e-19;
    sum = sum * z + 9.202783e-17;
    sum = sum * z + 5.097097e-15;
    sum = sum * z + 8.1488174e-13;
    sum = sum * z + 6.716286e-11;
    sum = sum * z + 4.938628e-09;
    sum = sum * z + 2.7539002e-07;
    sum = sum * z + 1.1575358e-05;
    sum = sum * z + 0.0003472164;
    sum = sum * z + 0.0069444603;
    sum = sum * z + 0.08333331;
    sum = sum * z + 0.5;
    sum = sum * z + 1.0;
    return sum;
}

// sqrt(x) e^-x I0(x) in z = 1 / x, for x >= 12.
fn bessel_i0_tail(z: f32) -> f32 {
    var sum = 0.19715351;
    sum = sum * z + 0.032789443;
    sum = sum * z + 0.02978208;
    sum = sum * z + 0.028039126;
    sum = sum * z + 0.04986787;
    sum = sum * z + 0.3989423;
    return sum;
}

// sqrt(x) e^-x I1(x) in z = 1 / x, for x >= 12.
fn bessel_i1_tail(z: f32) -> f32 {
    var sum = -0.23452605;
    sum = sum * z + -0.043695726;
    sum = sum * z + -0.041556958;
    sum = sum * z + -0.046737775;
    sum = sum * z + -0.14960346;
    sum = sum * z + 0.3989423;
    return sum;
}
