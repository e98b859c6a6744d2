// What an inverse is worth: 1 / (‖A‖₁ ‖A⁻¹‖₁) from the two norms, whose product may overflow.
// Free names: F, real, and float_bits of F.

// 0 for a singular matrix, and for an inverse that overflowed. `norm`, `inverse_norm` are bits of
// magnitudes, in which a NaN survives a maximum.
fn reciprocal_condition(norm: Bits, inverse_norm: Bits, singular: bool) -> F {
    let rcond = (F(1) / from_magnitude_bits(norm)) / from_magnitude_bits(inverse_norm);
    return select(rcond, F(0), singular || !is_finite(from_magnitude_bits(inverse_norm)) || !is_finite(rcond));
}
