// precise_pow for f64.
// uses: power, logarithm_f64
