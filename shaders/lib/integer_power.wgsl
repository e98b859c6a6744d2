// Powers of integers of type T, by squaring; wraps around as products do.

// x1 to the power x2. A negative x2 gives what x1 to the power -x2 rounds its reciprocal to.
fn integer_power(x1: T, x2: T) -> T {
    if (x2 < T(0)) {
        return select(T(0), select(T(1), x1, (x2 & T(1)) != T(0)), x1 * x1 == T(1));
    }
    var result = T(1);
    var factor = x1;
    var left = x2;
    while (left > T(0)) {
        if ((left & T(1)) != T(0)) {
            result *= factor;
        }
        factor *= factor;
        left /= T(2);
    }
    return result;
}
