// number_native for complex numbers (re, im): the same names, without an order.

fn plus(a: T, b: T) -> T {
    return a + b;
}

fn minus(a: T, b: T) -> T {
    return a - b;
}

fn times(a: T, b: T) -> T {
    return T(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

// In an order that a compiler can make four fused operations of, where plus() and times() are six.
fn plus_product(sum: T, a: T, b: T) -> T {
    return T(sum.x + a.x * b.x - a.y * b.y, sum.y + a.x * b.y + a.y * b.x);
}

fn is_equal(a: T, b: T) -> bool {
    return a.x == b.x && a.y == b.y;
}
