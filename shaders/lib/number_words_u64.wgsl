// number_native for uint64 on a device without 64-bit integers: the same names.
// uses: number_words

fn is_below(a: T, b: T) -> bool {
    return is_below_unsigned(a, b);
}
