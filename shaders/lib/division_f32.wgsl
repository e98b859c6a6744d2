// floor_quotient() and floor_remainder() of division.wgsl for this type.
// uses: float_format_f32, division
