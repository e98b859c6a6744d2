// The upper half of a product of two words, which WGSL has no operation for.

fn multiply_high(a: u32, b: u32) -> u32 {
    let a_low = a & 0xffffu;
    let a_high = a >> 16u;
    let b_low = b & 0xffffu;
    let b_high = b >> 16u;
    let cross_1 = a_low * b_high;
    let cross_2 = a_high * b_low;
    let middle = ((a_low * b_low) >> 16u) + (cross_1 & 0xffffu) + (cross_2 & 0xffffu);
    return a_high * b_high + (cross_1 >> 16u) + (cross_2 >> 16u) + (middle >> 16u);
}
