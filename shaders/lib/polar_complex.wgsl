// polar_real for complex numbers (re, im): the same names.
// uses: field_complex

struct Polar {
    size: F,
    direction: T,
}

fn polar_of(a: T) -> Polar {
    let larger = max(abs(a.x), abs(a.y));
    if (larger == F(0)) {
        return Polar(F(0), T(F(1), F(0)));
    }
    // Divided first, since the squares of small numbers could vanish.
    let part = T(a.x / larger, a.y / larger);
    let length = close_root(squared_modulus(part));
    return Polar(larger * length, over_real(part, length));
}
