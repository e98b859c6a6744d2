// Complex numbers T = (re, im) brought near 1, and results brought back, by powers of two.
// uses: pair_*

// m 2^n, also where m is zero or subnormal.
fn scaled_part(m: F, n: i32) -> F {
    let smallest = power_of_two(MIN_EXPONENT);
    if (!is_within(m, smallest)) {
        return scaled(m, n);
    }
    let normal = m * power_of_two(DIGITS + 1);
    if (is_within(normal, smallest)) {
        return m;
    }
    return scaled(normal, n - DIGITS - 1);
}

// The exponent of the larger part of a finite z, but for the extremes, whose negative is no exponent.
fn complex_exponent(z: T) -> i32 {
    let largest = from_magnitude_bits(max(magnitude_bits(z.x), magnitude_bits(z.y)));
    return clamp(exponent_of(largest), MIN_EXPONENT, -MIN_EXPONENT);
}
