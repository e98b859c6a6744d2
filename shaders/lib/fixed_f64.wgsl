// fixed_f32 for 64 bits: the same names, so that a shader is written once for both.

alias Bits = u64;

fn bits_of_fixed(x: u64, scale: u32) -> u64 {
    if (x == 0lu) {
        return 0lu;
    }
    let high = u32(x >> 32u);
    let zeros = select(countLeadingZeros(high), 32u + countLeadingZeros(u32(x)), high == 0u);
    let significand = x << zeros;
    let rounding = (significand >> 10u) & 1lu;
    return (u64(1085u - zeros - scale) << 52u) + (significand >> 11u) + rounding;
}
