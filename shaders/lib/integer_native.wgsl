// What integers of a type T that WGSL computes in (i32, u32, i64 or u64) have beyond arithmetic.
// The libraries integer_words_* have the same names.

// The magnitude of the smallest number is that number, as in NumPy.
fn magnitude(x: T) -> T {
    return abs(x);
}

fn signum(x: T) -> T {
    return select(T(0), T(1), x > T(0)) - select(T(0), T(1), x < T(0));
}

// A count below 0 or of `bits` and more leaves nothing of x, or its sign.
fn shifted_left(x: T, count: T, bits: u32) -> T {
    return select(T(0), x << (u32(count) % bits), is_shift(count, bits));
}

fn shifted_right(x: T, count: T, bits: u32) -> T {
    return x >> select(bits - 1u, u32(count) % bits, is_shift(count, bits));
}

fn is_shift(count: T, bits: u32) -> bool {
    return count >= T(0) && count < T(bits);
}
