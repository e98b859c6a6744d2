// Philox 4×32-10: four random words from a counter and a key, in integer arithmetic.
//
// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy
// as 1, 2, 3", SC11 (2011), section 3.3. https://doi.org/10.1145/2063384.2063405

// uses: wide_u32

fn philox(counter: vec4<u32>, key: vec2<u32>) -> vec4<u32> {
    var c = counter;
    var k = key;
    for (var round = 0u; round < 10u; round++) {
        let high_0 = multiply_high(0xd2511f53u, c.x);
        let high_1 = multiply_high(0xcd9e8d57u, c.z);
        c = vec4<u32>(high_1 ^ c.y ^ k.x, 0xcd9e8d57u * c.z, high_0 ^ c.w ^ k.y, 0xd2511f53u * c.x);
        k += vec2<u32>(0x9e3779b9u, 0xbb67ae85u);
    }
    return c;
}

// The words of block `block` of the stream that starts at `start` (low, high word): the
// counter's lower half counts blocks, its upper half attempts within one.
fn stream(start: vec2<u32>, block: u32, attempt: u32, key: vec2<u32>) -> vec4<u32> {
    let low = start.x + block;
    let carry = select(0u, 1u, low < block);
    return philox(vec4<u32>(low, start.y + carry, attempt, 0u), key);
}
