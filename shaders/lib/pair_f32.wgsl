// Pairs of f32: unevaluated sums x + y with |y| at most half a unit in the last place of x, which
// hold about 46 bits. This file has what depends on the type; pair.wgsl is written for both.
// uses: pair, significand_f32

alias Float = f32;
alias Pair = vec2<f32>;

// Digits after the leading one.
const DIGITS: i32 = 23;

// x, in a way that hides from a compiler how it was computed: some simplify (a + b) - a to b.
fn opaque(x: f32) -> f32 {
    return bitcast<f32>(min(bitcast<u32>(x), 0xfffffffeu));
}

// x cut to the leading half of its digits. Products of two such numbers are exact, so that it does
// not matter whether a compiler contracts them with an addition.
fn leading_half(x: f32) -> f32 {
    return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u);
}
