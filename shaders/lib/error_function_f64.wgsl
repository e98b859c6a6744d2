// The constants and polynomials of error_function.wgsl for f64. Written by docs/make_special_tables.py.
// uses: error_function, exponential_f64

const ERFCX_LIMIT: f64 = 27.0lf;
// erf(x) / x - 1 in z = x², for |x| <= 1.
fn erf_series(z: f64) -> f64 {
    var sum = 5.957176147748911e-11lf;
    sum = sum * z + -1.1372848856791674e-09lf;
    sum = sum * z + 1.4659775274047436e-08lf;
    sum = sum * z + -1.6350312701054695e-07lf;
    sum = sum * z + 1.6461000484121368e-06lf;
    sum = sum * z + -1.4925595266831182e-05lf;
    sum = sum * z + 0.0001205533111164271lf;
    sum = sum * z + -0.000854832698083379lf;
    sum = sum * z + 0.0052239776248180145lf;
    sum = sum * z + -0.026866170645076792lf;
    sum = sum * z + 0.11283791670954879lf;
    sum = sum * z + -0.3761263890318375lf;
    sum = sum * z + 0.1283791670955126lf;
    return sum;
}

// (1 + 2 x) e^(x²) erfc(x) in z = (x - 3.75) / (x + 3.75), for x >= 0.
fn erfcx_series(z: f64) -> f64 {
    var sum = 4.434959070009628e-10lf;
    sum = sum * z + 3.110310719839165e-10lf;
    sum = sum * z + -5.28428697963142e-09lf;
    sum = sum * z + -3.743568033634583e-09lf;
    sum = sum * z + 3.8965452548985966e-08lf;
    sum = sum * z + 2.3261913276696566e-08lf;
    sum = sum * z + -2.591069687796658e-07lf;
    sum = sum * z + -5.721597255990987e-08lf;
    sum = sum * z + 1.752057970166318e-06lf;
    sum = sum * z + -9.735619015182663e-07lf;
    sum = sum * z + -1.1444412439171722e-05lf;
    sum = sum * z + 2.2384240314224437e-05lf;
    sum = sum * z + 5.1649211390702855e-05lf;
    sum = sum * z + -0.0002901540809795271lf;
    sum = sum * z + 0.0002937136342850081lf;
    sum = sum * z + 0.0017556258530017257lf;
    sum = sum * z + -0.009746579552504244lf;
    sum = sum * z + 0.028362277418940665lf;
    sum = sum * z + -0.058693398590212366lf;
    sum = sum * z + 0.09230432116037876lf;
    sum = sum * z + -0.10880393014171785lf;
    sum = sum * z + 0.08227673849014516lf;
    sum = sum * z + 0.003585415485463775lf;
    sum = sum * z + -0.14024059858554697lf;
    sum = sum * z + 1.2375126308378275lf;
    return sum;
}
