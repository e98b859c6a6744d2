// integer_division_native for uint64 on a device without 64-bit integers: the same names.
// uses: integer_division_words

fn floor_quotient(x1: T, x2: T) -> T {
    if (all(x2 == T(0))) {
        return T(0);
    }
    return quotient_unsigned(x1, x2);
}

fn floor_remainder(x1: T, x2: T) -> T {
    return select(minus(x1, times(floor_quotient(x1, x2), x2)), T(0), all(x2 == T(0)));
}
