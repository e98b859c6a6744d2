// What a vector is scaled by before its elements are raised to a power: it must not overflow or underflow.
// uses: significand_*

// x, or 1 in place of 0 and Inf, by which nothing can be divided.
fn divisor(x: T) -> T {
    return select(x, T(1), x == T(0) || is_inf(x));
}

// 2^e with 2^e <= x < 2^(e + 1), or the nearest that T holds; x is not negative, 0 and Inf included.
fn binary_scale(x: T) -> T {
    return power_of_two(clamp(exponent_of(x), MIN_EXPONENT, MAX_EXPONENT));
}
