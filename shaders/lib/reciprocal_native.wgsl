// 1 / x as the device divides, which may be 2.5 ulp off: enough for a pivot of a matrix of order 3 or more, where
// every element of the inverse carries more rounding errors than this one.
// Free names: T.

fn reciprocal(x: T) -> T {
    return T(1) / x;
}
