// Square roots, correctly rounded. WGSL lets sqrt() be 3 ulp off, and GPUs use that.
//
// The square of the estimate is subtracted in integers modulo 2^32: the rest is small, so that its last
// 32 bits are all of it.
// uses: float_format_f32

fn precise_sqrt(x: f32) -> f32 {
    let magnitude = magnitude_bits(x);
    if (magnitude == 0u || (magnitude >= INFINITE_BITS && !(is_inf(x) && is_negative(x)))) {
        return x;
    }
    if (is_negative(x)) {
        return not_a_number(x);
    }
    let parts = parts_of(x);
    // x = radicand * 4^n with the root of the radicand in [1, 2).
    let odd = u32(parts.exponent & 1);
    let n = (parts.exponent - i32(odd)) / 2;
    let radicand = unit_float(parts.digits) * select(1.0, 2.0, odd == 1u);
    var root = u32(sqrt(radicand) * 8388608.0);
    var rest = i32((parts.digits << (23u + odd)) - root * root);
    // Newton's step, and what its rounding leaves: 0 <= rest <= 2 * root in the end.
    let step = i32(round(f32(rest) / f32(2u * root)));
    rest -= step * i32(2u * root) + step * step;
    root += u32(step);
    if (rest < 0) {
        root -= 1u;
        rest += i32(2u * root + 1u);
    } else if (rest > i32(2u * root)) {
        rest -= i32(2u * root + 1u);
        root += 1u;
    }
    root += select(0u, 1u, rest > i32(root));
    return bitcast<f32>(root + (u32(n + 126) << 23u));
}
