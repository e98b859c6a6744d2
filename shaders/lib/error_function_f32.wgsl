// The constants and polynomials of error_function.wgsl for f32. Written by docs/make_special_tables.py.
// uses: error_function, exponential_f32

const ERFCX_LIMIT: f32 = 1e+01;
// erf(x) / x - 1 in z = x², for |x| <= 1.
fn erf_series(z: f32) -> f32 {
    var sum = 7.875875e-05;
    sum = sum * z + -0.00080168643;
    sum = sum * z + 0.0051890872;
    sum = sum * z + -0.026854211;
    sum = sum * z + 0.11283594;
    sum = sum * z + -0.37612626;
    sum = sum * z + 0.12837917;
    return sum;
}

// (1 + 2 x) e^(x²) erfc(x) in z = (x - 3.75) / (x + 3.75), for x >= 0.
fn erfcx_series(z: f32) -> f32 {
    var sum = 1.8780736e-05;
    sum = sum * z + 2.1987966e-05;
    sum = sum * z + -0.00028515432;
    sum = sum * z + 0.00033034422;
    sum = sum * z + 0.0017522095;
    sum = sum * z + -0.009770286;
    sum = sum * z + 0.028363474;
    sum = sum * z + -0.058685336;
    sum = sum * z + 0.092304125;
    sum = sum * z + -0.108805254;
    sum = sum * z + 0.082276754;
    sum = sum * z + 0.0035854974;
    sum = sum * z + -0.1402406;
    sum = sum * z + 1.2375126;
    return sum;
}
