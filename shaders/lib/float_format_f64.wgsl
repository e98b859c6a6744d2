// float_format_f32 for 64 bits: the same names.
// uses: significand_f64, float_format

alias Float = f64;

const WORD_BITS = 64u;
const FRACTION_BITS = 52u;
const SIGN_BIT: Bits = 0x8000000000000000lu;
const ONE_BITS: Bits = 0x3ff0000000000000lu;
const INFINITE_BITS: Bits = 0x7ff0000000000000lu;

fn zeros_above(x: Bits) -> u32 {
    let high = u32(x >> 32u);
    return select(countLeadingZeros(high), 32u + countLeadingZeros(u32(x)), high == 0u);
}
