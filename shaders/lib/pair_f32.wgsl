// Pairs of f32: unevaluated sums x + y with |y| at most half a unit in the last place of x, which
// hold about 46 bits.
// uses: pair, float_format_f32

alias Pair = vec2<f32>;
