// wide_real for complex numbers (re, im): the names are the same.

struct WideSum {
    re: Wide,
    im: Wide,
}

fn wide_sum(x: T) -> WideSum {
    return WideSum(wide(x.x), wide(x.y));
}

fn less_product(sum: WideSum, a: T, b: T) -> WideSum {
    return WideSum(
        with_product(with_product(sum.re, -a.x, b.x), a.y, b.y),
        with_product(with_product(sum.im, -a.x, b.y), -a.y, b.x),
    );
}

fn rounded(sum: WideSum) -> T {
    return T(narrowed(sum.re), narrowed(sum.im));
}
