// The constants and polynomials of gamma_function.wgsl for f64. Written by docs/make_special_tables.py.
// uses: gamma_function, logarithm_f64, trigonometric_f64

const LOG_GAMMA_LIMIT: f64 = 2.5563481638716906e+305lf;
const GAMMA_LIMIT: f64 = 179.0lf;
const HALF_LOG_TWO_PI = vec2<f64>(0.9189385324716568lf, 7.330159424639235e-10lf);
const LOG_PI = vec2<f64>(1.144729882478714lf, 3.370686184885615e-09lf);
const PI_PAIR = vec2<f64>(3.1415926814079285lf, -2.7818135228334233e-08lf);
// x times what Stirling's formula lacks, in z = 1 / x², for x >= 8.
fn stirling_series(z: f64) -> f64 {
    var sum = -0.020855820837463117lf;
    sum = sum * z + 0.0062081367662297935lf;
    sum = sum * z + -0.001914965912162907lf;
    sum = sum * z + 0.0008417325268022405lf;
    sum = sum * z + -0.0005952380234291254lf;
    sum = sum * z + 0.0007936507935117282lf;
    sum = sum * z + -0.0027777777777776747lf;
    sum = sum * z + 0.08333333333333333lf;
    return sum;
}

// log gamma(x) / ((x - 1) (x - 2)) in z = x - 1.075, for |z| <= 0.375.
fn log_gamma_near_one(z: f64) -> f64 {
    var sum = -0.00921767699118875lf;
    sum = sum * z + 0.01034247159233299lf;
    sum = sum * z + -0.004497678542657183lf;
    sum = sum * z + 0.005099466215422833lf;
    sum = sum * z + -0.008179525731633216lf;
    sum = sum * z + 0.00928602763935077lf;
    sum = sum * z + -0.010126299731632727lf;
    sum = sum * z + 0.011583252498076334lf;
    sum = sum * z + -0.013357134691085421lf;
    sum = sum * z + 0.015412667264130141lf;
    sum = sum * z + -0.017877502085042084lf;
    sum = sum * z + 0.02087389160906755lf;
    sum = sum * z + -0.0245585343736918lf;
    sum = sum * z + 0.029161778397931274lf;
    sum = sum * z + -0.035030711622171806lf;
    sum = sum * z + 0.042716154650657256lf;
    sum = sum * z + -0.053156906325445105lf;
    sum = sum * z + 0.06811094346373954lf;
    sum = sum * z + -0.09131969306368483lf;
    sum = sum * z + 0.1323421575301783lf;
    sum = sum * z + -0.22373502306694779lf;
    sum = sum * z + 0.5596502987219166lf;
    return sum;
}

// log gamma(x) / ((x - 1) (x - 2)) in z = x - 1.9, for |z| <= 0.45.
fn log_gamma_near_two(z: f64) -> f64 {
    var sum = -5.830805456257068e-07lf;
    sum = sum * z + 1.1658735696953288e-06lf;
    sum = sum * z + -1.8064424420274858e-06lf;
    sum = sum * z + 3.6401784416240735e-06lf;
    sum = sum * z + -7.565254715148226e-06lf;
    sum = sum * z + 1.5364556047139564e-05lf;
    sum = sum * z + -3.1322907288052795e-05lf;
    sum = sum * z + 6.433154034881458e-05lf;
    sum = sum * z + -0.00013310296987402052lf;
    sum = sum * z + 0.0002778911502152336lf;
    sum = sum * z + -0.0005868992550691968lf;
    sum = sum * z + 0.0012583582833094085lf;
    sum = sum * z + -0.0027539305371334566lf;
    sum = sum * z + 0.006205604089338886lf;
    sum = sum * z + -0.014614298955544421lf;
    sum = sum * z + 0.03700272175014562lf;
    sum = sum * z + -0.10730293411095194lf;
    sum = sum * z + 0.43315862136759253lf;
    return sum;
}
