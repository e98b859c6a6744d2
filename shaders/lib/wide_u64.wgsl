// The upper half of a product of two 64-bit words.

fn multiply_high_u64(a: u64, b: u64) -> u64 {
    let a_low = a & 0xfffffffflu;
    let a_high = a >> 32u;
    let b_low = b & 0xfffffffflu;
    let b_high = b >> 32u;
    let cross_1 = a_low * b_high;
    let cross_2 = a_high * b_low;
    let middle = ((a_low * b_low) >> 32u) + (cross_1 & 0xfffffffflu) + (cross_2 & 0xfffffffflu);
    return a_high * b_high + (cross_1 >> 32u) + (cross_2 >> 32u) + (middle >> 32u);
}
