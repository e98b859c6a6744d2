// pair_f32 for 64 bits: the same names. A pair holds about 104 bits.
// uses: pair, float_format_f64

alias Pair = vec2<f64>;
