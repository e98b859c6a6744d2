// Fixed-point numbers as the bits of an f32. Floating arithmetic may differ between devices in
// its last bit; shifts do not.

alias Bits = u32;

// x 2^-scale, rounded to nearest (halves up). The result must be a normal number or 0.
fn bits_of_fixed(x: u32, scale: u32) -> u32 {
    if (x == 0u) {
        return 0u;
    }
    let zeros = countLeadingZeros(x);
    let significand = x << zeros;
    let rounding = (significand >> 7u) & 1u;
    // The leading one of the significand adds 1 to the exponent, a carry out of it another.
    return ((157u - zeros - scale) << 23u) + (significand >> 8u) + rounding;
}
