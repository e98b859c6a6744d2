// next_after(), copy_sign() and sign_bit() of neighbour.wgsl for this type.
// uses: float_format_f64, neighbour
