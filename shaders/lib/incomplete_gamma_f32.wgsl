// The constants and polynomials of incomplete_gamma.wgsl for f32. Written by docs/make_special_tables.py.
// uses: incomplete_gamma, gamma_function_f32, error_function_f32

// c_0.
fn temme_0(eta: f32) -> f32 {
    var sum = -2.1854485e-06;
    sum = sum * eta + 3.9192633e-05;
    sum = sum * eta + -0.00017875514;
    sum = sum * eta + 0.00035273368;
    sum = sum * eta + 0.0011574074;
    sum = sum * eta + -0.014814815;
    sum = sum * eta + 0.083333336;
    sum = sum * eta + -0.33333334;
    return sum;
}

// c_1.
fn temme_1(eta: f32) -> f32 {
    var sum = -1.809855e-05;
    sum = sum * eta + -4.0187757e-07;
    sum = sum * eta + 0.00020576132;
    sum = sum * eta + -0.0009902263;
    sum = sum * eta + 0.0026455026;
    sum = sum * eta + -0.0034722222;
    sum = sum * eta + -0.0018518518;
    return sum;
}

// c_2.
fn temme_2(eta: f32) -> f32 {
    var sum = 5.292345e-05;
    sum = sum * eta + -0.00010736653;
    sum = sum * eta + 2.0093878e-06;
    sum = sum * eta + 0.00077160494;
    sum = sum * eta + -0.002681327;
    sum = sum * eta + 0.004133598;
    return sum;
}

// c_3.
fn temme_3(eta: f32) -> f32 {
    var sum = 0.00026772064;
    sum = sum * eta + -0.0004691895;
    sum = sum * eta + 0.00022947209;
    sum = sum * eta + 0.00064943417;
    return sum;
}

// c_4.
fn temme_4(eta: f32) -> f32 {
    var sum = 0.0007840392;
    sum = sum * eta + -0.0008618883;
    return sum;
}

// The sum of c_k(eta) w^k for w = 1 / a.
fn temme_sum(eta: f32, w: f32) -> f32 {
    return temme_0(eta) + w * (temme_1(eta) + w * (temme_2(eta) + w * (temme_3(eta) + w * temme_4(eta))));
}
