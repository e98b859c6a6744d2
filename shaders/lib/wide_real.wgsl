// Sums of products of T wider than T, made of lib/wide_*. wide_complex has the same names.

alias WideSum = Wide;

fn wide_sum(x: T) -> WideSum {
    return wide(x);
}

// sum - a * b.
fn less_product(sum: WideSum, a: T, b: T) -> WideSum {
    return with_product(sum, -a, b);
}

fn rounded(sum: WideSum) -> T {
    return narrowed(sum);
}
