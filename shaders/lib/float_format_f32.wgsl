// How a float is laid out in its bits, for libraries that are written once for both sizes.
// uses: float_bits_f32, float_format

alias Real = f32;

const WORD_BITS = 32u;
const FRACTION_BITS = 23u;
const BIAS = 127;
const SIGN_BIT: Bits = 0x80000000u;
const ONE_BITS: Bits = 0x3f800000u;
const INFINITE_BITS: Bits = 0x7f800000u;
const QUIET_BITS: Bits = 0x7fc00000u;
// The leading half of a significand: a product of two such is exact.
const LEADING_BITS: Bits = 0xfffff000u;

fn zeros_above(x: Bits) -> u32 {
    return countLeadingZeros(x);
}
