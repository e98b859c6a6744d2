// pair_f32 for 64 bits: the same names. A pair holds about 104 bits.
// uses: pair, significand_f64

alias Float = f64;
alias Pair = vec2<f64>;

const DIGITS: i32 = 52;

fn opaque(x: f64) -> f64 {
    return bitcast<f64>(min(bitcast<u64>(x), 0xfffffffffffffffelu));
}

fn leading_half(x: f64) -> f64 {
    return bitcast<f64>(bitcast<u64>(x) & 0xfffffffff8000000lu);
}
