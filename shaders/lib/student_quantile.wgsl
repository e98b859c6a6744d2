// stdtrit, the quantile of Student's t: the inverse of stdtr in incomplete_beta.wgsl.
//
// Source: Newton's method for the logarithm of the tail, or of what is between 0 and t, as a function of log t. Both are
// concave, so that it converges from the normal quantile, which is smaller, without a bracket.
// uses: incomplete_beta, normal_quantile_*

fn precise_stdtrit(v: Float, p: Float) -> Float {
    if (is_nan(v) || is_nan(p) || v <= Float(0) || p < Float(0) || p > Float(1)) {
        return not_a_number(v);
    }
    let normal = precise_ndtri(p);
    if (p == Float(0.5) || is_inf(normal) || v > power_of_two(DIGITS + 17)) {
        return normal;
    }
    let centred = abs(p - Float(0.5));
    let is_central = centred <= Float(0.25);
    let target_size = select(min(p, Float(1) - p), centred, is_central);
    // The density at 0.
    let density = precise_exp(-log_beta_pair(Float(0.5) * v, Float(0.5)).x) / sqrt(v);
    var t = select(abs(normal), centred / density, is_central);
    for (var i = 0; i < 60; i++) {
        let portions = student_portions(v, t);
        let found = select(portions.x, portions.y, is_central);
        if (found <= Float(0)) {
            return with_sign_of(infinity(v), p - Float(0.5));
        }
        let ratio = t / sqrt(v);
        let is_far = ratio > power_of_two(MAX_EXPONENT / 2 - 2);
        let log_sum = select(precise_log1p(ratio * ratio), Float(2) * precise_log(ratio), is_far);
        let here = density * precise_exp(precise_log(t) - Float(0.5) * (v + Float(1)) * log_sum);
        let step = precise_log(found / target_size) * (found / here) * select(Float(1), Float(-1), is_central);
        if (abs(step) < power_of_two(-DIGITS / 2)) {
            t += t * step;
            break;
        }
        t *= precise_exp(min(step, Float(80)));
    }
    return with_sign_of(t, p - Float(0.5));
}
