// integer_power_native for uint64 on a device without 64-bit integers: the same name.
// uses: integer_power_words

fn integer_power(base: T, exponent: T) -> T {
    return power_unsigned(base, exponent);
}
