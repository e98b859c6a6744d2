// cbrt: e^(log|x| / 3), with the logarithm and the quotient as pairs.
// uses: logarithm_*

fn precise_cbrt(x: Float) -> Float {
    let size = magnitude_of(x);
    if (!is_finite(x) || magnitude_bits(x) == Bits(0)) {
        return x;
    }
    return with_sign_of(exp_of(pair_quotient(log_pair(size), Pair(Float(3), Float(0)))), x);
}
