// Whole random words of 32 bits out of a block, and parameters of that type.

alias Bits = u32;

const PER_BLOCK = 4u;

fn draw(words: vec4<u32>, i: u32) -> Bits {
    return words[i];
}

fn parameter(bits: vec4<u32>) -> Bits {
    return bits.x;
}
