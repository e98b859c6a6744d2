// Sums of pairs, and of products as pairs, for the complex functions with parts of type F.
// uses: pair_*

fn pair_total(a: Pair, b: Pair) -> Pair {
    let sum = pair_sum(a.x, b.x);
    return pair_sum(sum.x, sum.y + (a.y + b.y));
}

// a b + c d.
fn sum_of_products(a: F, b: F, c: F, d: F) -> Pair {
    return pair_total(pair_product(Pair(a, F(0)), Pair(b, F(0))), pair_product(Pair(c, F(0)), Pair(d, F(0))));
}
