// Uniform over the multiples of 2^-24 in [0, 1): a word gives its upper 24 bits.

// uses: fixed_f32

const PER_BLOCK = 4u;

// Number `i` (below PER_BLOCK) of a block of random words.
fn value(words: vec4<u32>, i: u32) -> Bits {
    return bits_of_fixed(words[i] >> 8u, 24u);
}
