// inverse_trigonometric_f32 for 64 bits: the same names.
// uses: float_format_f64, quotient_f64, inverse_trigonometric

const PI_HIGH: Float = 3.141592653589793lf;
const PI_LOW: Float = 1.2246467991473532e-16lf;
const HALF_PI_HIGH: Float = 1.5707963267948966lf;
const HALF_PI_LOW: Float = 6.123233995736766e-17lf;
const QUARTER_PI_HIGH: Float = 0.7853981633974483lf;
const QUARTER_PI_LOW: Float = 3.061616997868383e-17lf;
const ATAN_HALF_HIGH: Float = 0.4636476090008061lf;
const ATAN_HALF_LOW: Float = 2.2698777452961687e-17lf;

// (asin(x) / x - 1) / z for z <= 1/4.
fn arcsine_series(z: f64) -> f64 {
    var sum = 0.02961201126495512lf;
    sum = sum * z + -0.01924167174674304lf;
    sum = sum * z + 0.019554513336123378lf;
    sum = sum * z + 0.0030448799094556773lf;
    sum = sum * z + 0.009319560794767446lf;
    sum = sum * z + 0.009621842970100282lf;
    sum = sum * z + 0.011566459612121669lf;
    sum = sum * z + 0.01396378001220357lf;
    sum = sum * z + 0.017352816540325496lf;
    sum = sum * z + 0.02237215744350722lf;
    sum = sum * z + 0.03038194447553234lf;
    sum = sum * z + 0.044642857142551895lf;
    sum = sum * z + 0.07500000000000118lf;
    sum = sum * z + 0.16666666666666666lf;
    return sum;
}

// (atan(x) / x - 1) / z for z <= (7/16)².
fn arctangent_series(z: f64) -> f64 {
    var sum = -0.01247828841810916lf;
    sum = sum * z + 0.029129820886358408lf;
    sum = sum * z + -0.04035583595865857lf;
    sum = sum * z + 0.047013257120571396lf;
    sum = sum * z + -0.0525503746983189lf;
    sum = sum * z + 0.05881595786423508lf;
    sum = sum * z + -0.06666617951924629lf;
    sum = sum * z + 0.07692305580670687lf;
    sum = sum * z + -0.09090909031927462lf;
    sum = sum * z + 0.11111111110127751lf;
    sum = sum * z + -0.14285714285705747lf;
    sum = sum * z + 0.1999999999999997lf;
    sum = sum * z + -0.3333333333333333lf;
    return sum;
}
