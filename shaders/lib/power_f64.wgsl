// The powers of lib/power, precise_pow, for f64.
// uses: power, logarithm_f64
