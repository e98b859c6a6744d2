// Floats as their bits. WGSL lets a compiler assume that NaN and Inf do not occur, and compilers use
// that to fold `x != x` to false: tests for them are on the bits.

alias Bits = u32;

// The bits of the distance from 1 to the next number.
const EPSILON_BITS: Bits = 0x34000000u;

// The bits without the sign. They order like the magnitudes, with Inf above every number and
// NaN above Inf.
fn magnitude_bits(x: f32) -> Bits {
    return bitcast<u32>(x) & 0x7fffffffu;
}

fn is_nan(x: f32) -> bool {
    return magnitude_bits(x) > 0x7f800000u;
}

fn is_inf(x: f32) -> bool {
    return magnitude_bits(x) == 0x7f800000u;
}

fn is_finite(x: f32) -> bool {
    return magnitude_bits(x) < 0x7f800000u;
}

// The magnitude that has these bits.
fn from_magnitude_bits(bits: Bits) -> f32 {
    return bitcast<f32>(bits);
}

// x cut to the leading half of its digits. Products of two such numbers are exact, so that it does
// not matter whether a compiler contracts them with an addition.
fn leading_half(x: f32) -> f32 {
    return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u);
}

fn is_negative(x: f32) -> bool {
    return (bitcast<u32>(x) & 0x80000000u) != 0u;
}

// WGSL has no constant NaN. `zero` must be a value that the compiler cannot know, a parameter.
fn make_nan(zero: u32) -> f32 {
    return bitcast<f32>(0x7fc00000u | zero);
}
