// precise_hypot() of hypotenuse.wgsl for this type.
// uses: float_format_f32, hypotenuse
