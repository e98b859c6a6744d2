// significand_f32 for 64 bits: the same names.
// uses: float_bits_f64

const MIN_EXPONENT: i32 = -1022;
const MAX_EXPONENT: i32 = 1023;

fn exponent_of(x: f64) -> i32 {
    return i32(magnitude_bits(x) >> 52u) - 1023;
}

fn significand(x: f64) -> f64 {
    return bitcast<f64>((bitcast<u64>(x) & 0x800ffffffffffffflu) | 0x3ff0000000000000lu);
}

fn power_of_two(e: i32) -> f64 {
    return bitcast<f64>(u64(e + 1023) << 52u);
}

fn make_infinity(zero: u32) -> f64 {
    return bitcast<f64>(0x7ff0000000000000lu | u64(zero));
}
