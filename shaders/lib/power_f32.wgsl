// The powers of lib/power, precise_pow, for f32.
// uses: power, logarithm_f32
