// float_bits_f32 for 64 bits: the same names, so that a shader is written once for both.

alias Bits = u64;

// The bits of the distance from 1 to the next number.
const EPSILON_BITS: Bits = 0x3cb0000000000000lu;

fn magnitude_bits(x: f64) -> Bits {
    return bitcast<u64>(x) & 0x7ffffffffffffffflu;
}

fn is_nan(x: f64) -> bool {
    return magnitude_bits(x) > 0x7ff0000000000000lu;
}

fn is_inf(x: f64) -> bool {
    return magnitude_bits(x) == 0x7ff0000000000000lu;
}

fn is_finite(x: f64) -> bool {
    return magnitude_bits(x) < 0x7ff0000000000000lu;
}

fn from_magnitude_bits(bits: Bits) -> f64 {
    return bitcast<f64>(bits);
}

fn leading_half(x: f64) -> f64 {
    return bitcast<f64>(bitcast<u64>(x) & 0xfffffffff8000000lu);
}

fn is_negative(x: f64) -> bool {
    return (bitcast<u64>(x) >> 63u) != 0lu;
}

// `zero` must be a value that the compiler cannot know, a parameter.
fn make_nan(zero: u32) -> f64 {
    return bitcast<f64>(0x7ff8000000000000lu | u64(zero));
}
