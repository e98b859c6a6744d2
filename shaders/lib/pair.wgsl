// Arithmetic on pairs (pair_f32, pair_f64), for both types.
//
// No rule relies on how a product is rounded, only on products of halves, which are exact; so it
// is the same whether fma() is fused, and whether the compiler contracts a * b + c. Partial sums
// are opaque, since compilers add in another order: NVIDIA's does so for f64, in shaders that divide
// or take roots, where x - (y - z) became (x + z) - y.
// Source: T. J. Dekker, A floating-point technique for extending the available precision,
// Numer. Math. 18 (1971) 224-242.

// a + b, where |a| >= |b| or a is 0.
fn pair_of(a: Float, b: Float) -> Pair {
    // If b is a sum itself, compilers may add its terms to a one by one.
    let other = opaque(b);
    let sum = opaque(a + other);
    return Pair(sum, other - opaque(sum - a));
}

// a + b.
fn pair_sum(a: Float, b: Float) -> Pair {
    let ordered = magnitude_bits(a) >= magnitude_bits(b);
    return pair_of(select(b, a, ordered), select(a, b, ordered));
}

fn pair_add(a: Pair, b: Pair) -> Pair {
    let sum = pair_sum(a.x, b.x);
    return pair_of(sum.x, sum.y + (a.y + b.y));
}

// a - high. Of constants, compilers may add a.x and a.y first.
fn pair_rest(a: Pair, high: Float) -> Float {
    return opaque(a.x - high) + a.y;
}

fn pair_product(a: Pair, b: Pair) -> Pair {
    let a_high = leading_half(a.x);
    let b_high = leading_half(b.x);
    let a_low = pair_rest(a, a_high);
    let b_low = pair_rest(b, b_high);
    return pair_of(a_high * b_high, a_high * b_low + (a_low * b_high + a_low * b_low));
}

// a / b. The quotient's leading half leaves an exact remainder, which tells the rest: the division
// itself may be some units off.
fn pair_quotient(a: Pair, b: Pair) -> Pair {
    let high = leading_half(a.x / b.x);
    let b_high = leading_half(b.x);
    let remainder = opaque(opaque(a.x - high * b_high) - high * opaque(b.x - b_high)) + opaque(a.y - high * b.y);
    return pair_of(high, remainder / b.x);
}

// The square root, where a > 0.
fn pair_root(a: Pair) -> Pair {
    let root = sqrt(a.x);
    let high = leading_half(root);
    let remainder = pair_rest(a, high * high);
    return pair_of(high, remainder / (high + root));
}
