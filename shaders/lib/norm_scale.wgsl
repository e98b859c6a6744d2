// What a vector is scaled by before its elements are raised to a power: it must not overflow or underflow.
// uses: significand_*

// 2^e with 2^e <= x < 2^(e + 1), or the nearest that T holds; x is not negative, 0 and Inf included.
fn binary_scale(x: T) -> T {
    return power_of_two(clamp(exponent_of(x), MIN_EXPONENT, MAX_EXPONENT));
}
