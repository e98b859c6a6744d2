// What LU factorizations of small matrices share: what they find, and the keys by which they search for pivots.
// Free names: T (real or complex), N (order: 1 to 32).
// uses: pivot_key_*

const NAN_KEY = ~KEY_TAG;

struct Factored {
    zero_pivot: u32,  // 1-based step of the first one, or 0; 0 of a matrix that holds NaN, as `last` tells
    last: T,          // pivot
    is_odd: bool,     // the permutation
}

// An element, NaN for an infinity: elimination carries NaN into the last pivot. `zero` is 0, unknown to the compiler.
fn nan_of_infinity(x: T, zero: u32) -> T {
    if (holds_inf(x)) {
        return nan_number(zero);
    }
    return x;
}

// What a search for a pivot compares.
fn key_of(x: T, row: u32) -> u32 {
    return select(pivot_key(size_of(x)), NAN_KEY, holds_nan(x)) | pivot_tag(row, N);
}

// Whether as many rows that are not in `used`, a bit per row, stand above `row` as make its way there an odd permutation.
fn is_odd_way(used: u32, row: u32) -> bool {
    return (countOneBits(~used & ((1u << row) - 1u)) & 1u) == 1u;
}
