// x - log(1 + x), which loses no digits where x is small, as a pair.
//
// Source: with s = x / (2 + x), log(1 + x) = 2 atanh(s), and x - 2 s = x s: x s - (2/3) s³ - …
// uses: logarithm_*

// For x > -1.
fn log1p_rest(x: Pair) -> Pair {
    if (x.x > Float(-0.29) && x.x < Float(0.41)) {
        let divisor = pair_of(Float(2), x.x);
        let s = pair_quotient(x, pair_of(divisor.x, divisor.y + x.y));
        let square = pair_product(s, s);
        let cubic = pair_product(pair_product(square, s), TWO_THIRDS);
        let rest = s.x * square.x * square.x * atanh_tail(square.x);
        let sum = pair_add(pair_product(x, s), -cubic);
        return pair_of(sum.x, sum.y - rest);
    }
    return pair_add(x, -log1p_of(x));
}
