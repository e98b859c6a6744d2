// Whole random words of 32 bits out of a block, and parameters of that type.

const PER_BLOCK = 4u;

fn draw(words: vec4<u32>, i: u32) -> u32 {
    return words[i];
}

fn parameter(bits: vec4<u32>) -> u32 {
    return bits.x;
}
