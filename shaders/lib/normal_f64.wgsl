// normal_f32 in 64 bits, from the same words: one segment per octave, and a higher degree.
//
// Bindings: table (64 octaves, 25 words): scale, then 24 coefficients.

// uses: fixed_f64, wide_u64

const PER_BLOCK = 2u;
const DEGREE = 23u;
const ROW = DEGREE + 2u;

@group(0) @binding(1) var<storage, read> table: array<u64>;

// Number `i` (below PER_BLOCK) of a block of random words.
fn value(words: vec4<u32>, i: u32) -> Bits {
    let sign = u64(words[2u * i] & 1u);
    let low = words[2u * i] | 1u;
    let high = words[2u * i + 1u];
    let octave = select(countLeadingZeros(high), 32u + countLeadingZeros(low), high == 0u);
    // The place in the octave: every bit below the leading one.
    let x = (((u64(high) << 32u) | u64(low)) << octave) << 1u;
    let row = octave * ROW;
    var z = table[row + 1u + DEGREE];
    for (var power = DEGREE; power > 0u; power--) {
        z = table[row + power] - multiply_high_u64(z, x);
    }
    return bits_of_fixed(z, u32(table[row])) | (sign << 63u);
}
