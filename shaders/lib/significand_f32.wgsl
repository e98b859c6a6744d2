// A float taken apart into significand and exponent, and put together again. The file for f64
// has the same names, so that a shader is written once for both.
// uses: float_bits_f32

const MIN_EXPONENT: i32 = -126;
const MAX_EXPONENT: i32 = 127;

// e with 2^e <= |x| < 2^(e + 1), for a normal x.
fn exponent_of(x: f32) -> i32 {
    return i32(magnitude_bits(x) >> 23u) - 127;
}

// x / 2^exponent_of(x), exactly: in [1, 2) or (-2, -1].
fn significand(x: f32) -> f32 {
    return bitcast<f32>((bitcast<u32>(x) & 0x807fffffu) | 0x3f800000u);
}

// 2^e for MIN_EXPONENT <= e <= MAX_EXPONENT.
fn power_of_two(e: i32) -> f32 {
    return bitcast<f32>(u32(e + 127) << 23u);
}

// WGSL has no constant infinity. `zero` must be a value that the compiler cannot know.
fn make_infinity(zero: u32) -> f32 {
    return bitcast<f32>(0x7f800000u | zero);
}
