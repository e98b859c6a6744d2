// exponential_f32 for 64 bits: the same names.
// uses: exponential, pair_f64

// Multiples n LN2_HIGH with |n| < 2^13 are exact.
const LN2_HIGH: f64 = 0.6931471805592082lf;
const LN2_LOW: f64 = 7.371002565167799e-13lf;
const LOG2_E: f64 = 1.4426950408889634lf;

const EXP_LIMIT: f64 = 750.0lf;
const EXP_NORMAL: f64 = 708.0lf;

// The errors are below 2^-68 of cosh r and 2^-59 of sinh r.
fn cosh_tail(z: f64) -> f64 {
    return 0.04166666666666668lf + z * (0.001388888888887624lf + z * (2.4801587343747262e-05lf + z *
        (2.7557255711346645e-07lf + z * 2.0920848726481485e-09lf)));
}

fn sinh_tail(z: f64) -> f64 {
    return 0.16666666666666669lf + z * (0.008333333333329118lf + z * (0.00019841269867619096lf + z *
        (2.755726159314501e-06lf + z * 2.5103548257500047e-08lf)));
}
