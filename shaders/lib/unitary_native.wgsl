// What unitary transformations need of real numbers of a type T, of which R is the type of the modulus.
// The library unitary_complex has the same names, so that a shader is written once for both.

struct Polar {
    size: R,
    direction: T,  // of modulus 1
}

fn polar_of(a: T) -> Polar {
    return Polar(abs(a), select(T(1), T(-1), a < T(0)));
}

fn conjugate(a: T) -> T {
    return a;
}

fn real_part(a: T) -> R {
    return a;
}

fn from_real(a: R) -> T {
    return a;
}

fn squared_modulus(a: T) -> R {
    return a * a;
}
