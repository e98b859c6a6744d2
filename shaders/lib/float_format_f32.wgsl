// How a float is laid out in its bits, for libraries that are written once for both sizes.
// uses: significand_f32, float_format

alias Float = f32;

const WORD_BITS = 32u;
const FRACTION_BITS = 23u;
const SIGN_BIT: Bits = 0x80000000u;
const ONE_BITS: Bits = 0x3f800000u;
const INFINITE_BITS: Bits = 0x7f800000u;

fn zeros_above(x: Bits) -> u32 {
    return countLeadingZeros(x);
}
