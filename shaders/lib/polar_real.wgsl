// Real numbers as modulus and direction. polar_complex has the same names.
// uses: field_real

struct Polar {
    size: F,
    direction: T,  // of modulus 1, for 0 too
}

fn polar_of(a: T) -> Polar {
    return Polar(abs(a), select(T(1), T(-1), a < T(0)));
}
