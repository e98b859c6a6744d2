// hyperbolic_f32 for 64 bits: the same names.
// uses: hyperbolic, logarithm_f64
