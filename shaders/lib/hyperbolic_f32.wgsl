// precise_sinh, precise_cosh, precise_tanh, precise_asinh, precise_acosh, precise_atanh for f32.
// uses: hyperbolic, logarithm_f32
