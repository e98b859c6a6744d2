// Standard normal numbers by inversion of the tail probability, in integer arithmetic.
//
// Two words, the lower one first, are a 64-bit number. Its lowest bit is the sign; the number
// with that bit set is q, for the tail probability q 2^-65, of which |z| is the inverse.
// random/make_normal_tables.py tells how `table` is made and cites the source.
//
// Bindings: table (64 octaves, 4 segments, 8 words): scale, then 7 coefficients.

// uses: fixed_f32, wide_u32

const PER_BLOCK = 2u;
const DEGREE = 6u;
const ROW = DEGREE + 2u;

@group(0) @binding(1) var<storage, read> table: array<u32>;

// Number `i` (below PER_BLOCK) of a block of random words.
fn value(words: vec4<u32>, i: u32) -> Bits {
    let sign = words[2u * i] & 1u;
    var low = words[2u * i] | 1u;
    var high = words[2u * i + 1u];
    var octave = countLeadingZeros(high);
    if (high == 0u) {
        octave = 32u + countLeadingZeros(low);
        high = low;
        low = 0u;
    }
    let zeros = octave & 31u;
    high = (high << zeros) | ((low >> 1u) >> (31u - zeros));
    low <<= zeros;
    // Below the leading one: two bits of segment, then the place in it.
    let row = (4u * octave + ((high >> 29u) & 3u)) * ROW;
    let x = (high << 3u) | (low >> 29u);
    var z = table[row + 1u + DEGREE];
    for (var power = DEGREE; power > 0u; power--) {
        z = table[row + power] - multiply_high(z, x);
    }
    return bits_of_fixed(z, table[row]) | (sign << 31u);
}
