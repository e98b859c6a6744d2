// 1 / x, nearly always the float closest to it. WGSL lets a division be 2.5 ulp off, and GPUs use that;
// for a matrix of order 1 it would be the whole error.
// Source: one step of Newton's iteration. Its residual is summed from products of half-length factors,
// which are exact (Dekker, Numer. Math. 18 (1971)), because fma() need not be fused.
// uses: float_bits_f32

fn reciprocal(x: f32) -> f32 {
    let y = 1.0 / x;
    let x1 = leading_half(x);
    let x2 = x - x1;
    let y1 = leading_half(y);
    let y2 = y - y1;
    let residual = (((1.0 - x1 * y1) - x1 * y2) - x2 * y1) - x2 * y2;
    let refined = y + y * residual;
    // Where the estimate is infinite, or x is, the residual says nothing.
    return select(y, refined, is_finite(refined));
}
