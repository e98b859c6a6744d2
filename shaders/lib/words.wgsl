// 64-bit integers as two words, the lower one first, for devices that have no wider integer:
// conversions from and to WGSL's own types. Of integers the lower bits are kept. A float beyond the
// range gives its nearest end, as in WGSL; a NaN gives 0.

fn words_i64_from_bool(x: bool) -> vec2<u32> {
    return vec2<u32>(select(0u, 1u, x), 0u);
}

fn words_u64_from_bool(x: bool) -> vec2<u32> {
    return words_i64_from_bool(x);
}

fn bool_from_words_i64(x: vec2<u32>) -> bool {
    return any(x != vec2<u32>(0u));
}

fn bool_from_words_u64(x: vec2<u32>) -> bool {
    return bool_from_words_i64(x);
}

fn words_i64_from_u32(x: u32) -> vec2<u32> {
    return vec2<u32>(x, 0u);
}

fn words_u64_from_u32(x: u32) -> vec2<u32> {
    return vec2<u32>(x, 0u);
}

fn words_i64_from_i32(x: i32) -> vec2<u32> {
    return vec2<u32>(bitcast<u32>(x), bitcast<u32>(x >> 31u));
}

fn words_u64_from_i32(x: i32) -> vec2<u32> {
    return words_i64_from_i32(x);
}

fn u32_from_words_i64(x: vec2<u32>) -> u32 {
    return x.x;
}

fn u32_from_words_u64(x: vec2<u32>) -> u32 {
    return x.x;
}

fn i32_from_words_i64(x: vec2<u32>) -> i32 {
    return bitcast<i32>(x.x);
}

fn i32_from_words_u64(x: vec2<u32>) -> i32 {
    return bitcast<i32>(x.x);
}

// Rounded to the nearest, halves to even: WGSL would leave the direction to the device.
fn f32_from_words_u64(x: vec2<u32>) -> f32 {
    if (all(x == vec2<u32>(0u))) {
        return 0.0;
    }
    let leading = select(x, vec2<u32>(0u, x.x), x.y == 0u);
    let zeros = countLeadingZeros(leading.y);
    let exponent = select(190u, 158u, x.y == 0u) - zeros;
    // The leading one stands highest; 24 bits of the upper word are kept.
    let high = (leading.y << zeros) | ((leading.x >> 1u) >> (31u - zeros));
    let cut = (high << 24u) | select(0u, 1u, (leading.x << zeros) != 0u);
    let is_up = cut > 0x80000000u || (cut == 0x80000000u && (high & 0x100u) != 0u);
    // The leading one counts as 1 in the exponent, and a carry does so once more.
    return bitcast<f32>(((exponent - 1u) << 23u) + (high >> 8u) + select(0u, 1u, is_up));
}

fn f32_from_words_i64(x: vec2<u32>) -> f32 {
    if (is_negative_words(x)) {
        return -f32_from_words_u64(negated_words(x));
    }
    return f32_from_words_u64(x);
}

fn words_u64_from_f32(x: f32) -> vec2<u32> {
    return select(words_from_magnitude(bitcast<u32>(x)), vec2<u32>(0u), (bitcast<u32>(x) >> 31u) == 1u);
}

fn words_i64_from_f32(x: f32) -> vec2<u32> {
    let bits = bitcast<u32>(x) & 0x7fffffffu;
    let found = words_from_magnitude(bits);
    let magnitude = select(found, vec2<u32>(0xffffffffu, 0x7fffffffu), is_negative_words(found));
    if ((bitcast<u32>(x) >> 31u) == 0u) {
        return magnitude;
    }
    return select(negated_words(magnitude), vec2<u32>(0u, 0x80000000u), is_negative_words(found));
}

// The whole part of the float that has these bits, without the sign.
fn words_from_magnitude(bits: u32) -> vec2<u32> {
    let exponent = bits >> 23u;
    if (exponent < 127u || bits > 0x7f800000u) {
        return vec2<u32>(0u);
    }
    if (exponent >= 191u) {
        return vec2<u32>(0xffffffffu);
    }
    // The leading one in the highest bit of the upper word, 63 places above the lowest of the lower one.
    let significand = (bits << 8u) | 0x80000000u;
    let shift = 190u - exponent;
    let high = select(significand, 0u, shift >= 32u);
    let low = select(0u, significand, shift >= 32u);
    let n = shift & 31u;
    return vec2<u32>((low >> n) | ((high << 1u) << (31u - n)), high >> n);
}

fn is_negative_words(x: vec2<u32>) -> bool {
    return (x.y >> 31u) == 1u;
}

fn negated_words(x: vec2<u32>) -> vec2<u32> {
    return vec2<u32>(0u - x.x, ~x.y + select(0u, 1u, x.x == 0u));
}
