// Sums of products in about twice the precision of F, as pairs: on every device. wide_f64 has the same names.
//
// Source: T. Ogita, S. M. Rump, S. Oishi, Accurate sum and dot product, SIAM J. Sci. Comput. 26 (2005), Dot2. What fma()
// would say of a product, its halves do; intermediate results are opaque as in lib/pair.
// uses: pair_*

alias Wide = Pair;

fn wide(x: Float) -> Wide {
    return Pair(x, Float(0));
}

// total + a * b.
fn with_product(total: Wide, a: Float, b: Float) -> Wide {
    let product = opaque(a * b);
    let sum = opaque(total.x + product);
    let added = opaque(sum - total.x);
    let lost = (total.x - opaque(sum - added)) + (product - added);
    return Pair(sum, total.y + (opaque(lost) - residual(product, a, b)));
}

fn narrowed(x: Wide) -> Float {
    return x.x + x.y;
}
