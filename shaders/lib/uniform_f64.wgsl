// Uniform over the multiples of 2^-53 in [0, 1): two words, the lower one first, give their
// upper 53 bits.

// uses: fixed_f64

const PER_BLOCK = 2u;

// Number `i` (below PER_BLOCK) of a block of random words.
fn value(words: vec4<u32>, i: u32) -> Bits {
    let word = (u64(words[2u * i + 1u]) << 32u) | u64(words[2u * i]);
    return bits_of_fixed(word >> 11u, 53u);
}
