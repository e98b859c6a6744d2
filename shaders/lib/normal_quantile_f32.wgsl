// The constants and polynomials of normal_quantile.wgsl for f32. Written by docs/make_special_tables.py.
// uses: normal_quantile, logarithm_f32

const TAIL_CENTRE: f32 = 1.5;
// erfinv(y) / y - 1 in z = y², for |y| <= 1/2.
fn erfinv_series(z: f32) -> f32 {
    var sum = 0.09744709;
    sum = sum * z + 0.029879803;
    sum = sum * z + 0.06896368;
    sum = sum * z + 0.08618737;
    sum = sum * z + 0.12757173;
    sum = sum * z + 0.23201342;
    sum = sum * z + -0.11377307;
    return sum;
}

// z / r for the upper tail e^(-r²) of z, in t = (r - TAIL_CENTRE) / (r + TAIL_CENTRE).
fn tail_ratio(z: f32) -> f32 {
    var sum = -0.1801663;
    sum = sum * z + 0.8838201;
    sum = sum * z + -2.055607;
    sum = sum * z + 3.112465;
    sum = sum * z + -3.6388752;
    sum = sum * z + 3.7238967;
    sum = sum * z + -3.6269057;
    sum = sum * z + 3.4719832;
    sum = sum * z + -3.2846513;
    sum = sum * z + 3.023395;
    sum = sum * z + -2.6491761;
    sum = sum * z + 1.7998047;
    sum = sum * z + 0.8342486;
    return sum;
}
