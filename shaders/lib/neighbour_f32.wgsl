// next_after() of neighbour.wgsl for this type.
// uses: float_format_f32, neighbour
