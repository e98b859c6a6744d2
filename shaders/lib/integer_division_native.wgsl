// Integer division that rounds down, as Python's // and % do. Only numbers that are not negative are divided:
// `%` of a negative number is wrong on some GPUs, and the smallest by -1 traps on others.
// By zero both results are 0, as NumPy's; the smallest by -1 gives itself.
//
// Free names: T (i32, u32, i64 or u64).

fn floor_quotient(x1: T, x2: T) -> T {
    if (x2 == T(0)) {
        return T(0);
    }
    if (x2 > T(0)) {
        // ~x is -1 - x, which does not overflow.
        let negative = x1 < T(0);
        let quotient = select(x1, ~x1, negative) / x2;
        return select(quotient, ~quotient, negative);
    }
    if (x2 << 1u == T(0)) {
        // The smallest number has no negative.
        return select(select(T(0), ~T(0), x1 > T(0)), T(1), x1 == x2);
    }
    let divisor = T(0) - x2;
    if (x1 > T(0)) {
        return ~((x1 - T(1)) / divisor);
    }
    let dividend = ~x1;
    let quotient = dividend / divisor;
    let is_last = dividend - quotient * divisor == divisor - T(1);
    return quotient + select(T(0), T(1), is_last);
}

// x1 - floor(x1 / x2) * x2, with the sign of x2.
fn floor_remainder(x1: T, x2: T) -> T {
    return select(x1 - floor_quotient(x1, x2) * x2, T(0), x2 == T(0));
}
