// draw_u64 for a device without 64-bit integers: two words stay two.

const PER_BLOCK = 2u;

fn draw(words: vec4<u32>, i: u32) -> vec2<u32> {
    return select(words.xy, words.zw, i == 1u);
}

fn parameter(bits: vec4<u32>) -> vec2<u32> {
    return bits.xy;
}
