// precise_trunc(), precise_floor(), precise_ceil() and precise_round() of rounding.wgsl for this type.
// uses: float_format_f32, rounding
