// The constants and polynomials of digamma.wgsl for f64. Written by docs/make_special_tables.py.
// uses: digamma, gamma_function_f64

const DIGAMMA_ROOT = vec2<f64>(1.4616321325302124lf, 1.2438149938918909e-08lf);
// digamma(x) / z in z = x - DIGAMMA_ROOT, for |z| <= 0.29.
fn digamma_near_root(z: f64) -> f64 {
    var sum = -0.0008834675832074392lf;
    sum = sum * z + 0.001291344003994795lf;
    sum = sum * z + -0.001553218671798887lf;
    sum = sum * z + 0.002270458807985642lf;
    sum = sum * z + -0.0033718521035769255lf;
    sum = sum * z + 0.0049297784293051055lf;
    sum = sum * z + -0.007204431794797976lf;
    sum = sum * z + 0.010538641663867556lf;
    sum = sum * z + -0.01542476890940202lf;
    sum = sum * z + 0.022597652623670663lf;
    sum = sum * z + -0.03316112642552825lf;
    sum = sum * z + 0.048804288092055934lf;
    sum = sum * z + -0.07219956125685967lf;
    sum = sum * z + 0.10782405069185427lf;
    sum = sum * z + -0.16394270544240525lf;
    sum = sum * z + 0.25849976095564914lf;
    sum = sum * z + -0.4427631689835921lf;
    sum = sum * z + 0.9676722454476212lf;
    return sum;
}

// x² (digamma(x) - log x + 1 / (2 x)) in z = 1 / x², for x >= 8.
fn digamma_series(z: f64) -> f64 {
    var sum = 0.299425370626735lf;
    sum = sum * z + -0.08002337465397756lf;
    sum = sum * z + 0.02105106090804774lf;
    sum = sum * z + -0.007575459920369176lf;
    sum = sum * z + 0.004166665501516725lf;
    sum = sum * z + -0.003968253965999701lf;
    sum = sum * z + 0.008333333333331664lf;
    sum = sum * z + -0.08333333333333333lf;
    return sum;
}
