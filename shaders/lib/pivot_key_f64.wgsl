// pivot_key_f32 for 64 bits: the exponent and 13 digits of the magnitude.
// uses: pivot_tag

fn pivot_key(x: f64) -> u32 {
    return u32(bitcast<u64>(x) >> 31u) & ~KEY_TAG;
}
