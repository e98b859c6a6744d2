// next_after() of neighbour.wgsl for float16, which is computed in f32: both arguments have 16 bits' worth.
// uses: float_bits_f32

// The next float16 after x1 in the direction of x2.
fn next_half(x1: f32, x2: f32) -> f32 {
    if (is_nan(x1)) {
        return x1;
    }
    let start = pack2x16float(vec2<f32>(x1, 0.0));
    let to = pack2x16float(vec2<f32>(x2, 0.0));
    let m1 = start & 0x7fffu;
    let m2 = to & 0x7fffu;
    if (is_nan(x2) || start == to || (m1 | m2) == 0u) {
        return x2;
    }
    if (m1 == 0u) {
        return unpack2x16float((to & 0x8000u) | 1u).x;
    }
    let outwards = m2 > m1 && ((start ^ to) & 0x8000u) == 0u;
    return unpack2x16float(select(start - 1u, start + 1u, outwards)).x;
}
