// integer_division_native for int64 on a device without 64-bit integers: the same names.
// By zero both results are 0, as NumPy's; the smallest by -1 gives itself.
// uses: integer_division_words, integer_words_i64

fn floor_quotient(x1: T, x2: T) -> T {
    if (all(x2 == T(0))) {
        return T(0);
    }
    let quotient = quotient_unsigned(magnitude(x1), magnitude(x2));
    if (sign_word(x1) == sign_word(x2)) {
        return quotient;
    }
    let rounded_up = minus(T(0), quotient);
    return select(minus(rounded_up, T(1u, 0u)), rounded_up, is_equal(times(rounded_up, x2), x1));
}

// x1 - floor(x1 / x2) * x2, with the sign of x2.
fn floor_remainder(x1: T, x2: T) -> T {
    return select(minus(x1, times(floor_quotient(x1, x2), x2)), T(0), all(x2 == T(0)));
}
