// draw_u32 for 64 bits: two words make one, the lower first.

const PER_BLOCK = 2u;

fn draw(words: vec4<u32>, i: u32) -> u64 {
    return (u64(words[2u * i + 1u]) << 32u) | u64(words[2u * i]);
}

fn parameter(bits: vec4<u32>) -> u64 {
    return (u64(bits.y) << 32u) | u64(bits.x);
}
