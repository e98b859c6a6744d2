// Arithmetic of a type T that WGSL has operators for. The libraries number_complex and number_words_*
// have the same names, so that a shader is written once for all.

fn plus(a: T, b: T) -> T {
    return a + b;
}

fn minus(a: T, b: T) -> T {
    return a - b;
}

fn times(a: T, b: T) -> T {
    return a * b;
}

fn plus_product(sum: T, a: T, b: T) -> T {
    return sum + a * b;
}

fn is_equal(a: T, b: T) -> bool {
    return a == b;
}

fn is_below(a: T, b: T) -> bool {
    return a < b;
}
