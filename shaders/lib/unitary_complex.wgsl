// unitary_native for complex numbers (re, im): the same names.

struct Polar {
    size: R,
    direction: T,
}

fn polar_of(a: T) -> Polar {
    let larger = max(abs(a.x), abs(a.y));
    if (larger == R(0)) {
        return Polar(R(0), T(R(1), R(0)));
    }
    // Divided first, since the squares of small numbers could vanish.
    let part = T(a.x / larger, a.y / larger);
    let length = sqrt(part.x * part.x + part.y * part.y);
    return Polar(larger * length, T(part.x / length, part.y / length));
}

fn conjugate(a: T) -> T {
    return T(a.x, -a.y);
}

fn real_part(a: T) -> R {
    return a.x;
}

fn from_real(a: R) -> T {
    return T(a, R(0));
}

fn squared_modulus(a: T) -> R {
    return a.x * a.x + a.y * a.y;
}
