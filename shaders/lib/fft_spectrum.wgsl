// An element of the first half of a spectrum that is Hermitian; zero beyond its end. Elements that are
// their own mirror image are real: their imaginary parts are ignored.

@group(0) @binding(1) var<storage, read> x: array<T>;

fn spectrum_at(start: u32, position: u32, is_real: bool) -> T {
    if (position >= params.length) {
        return T(0, 0);
    }
    let value = x[start + position * params.x_steps.y];
    return T(value.x, select(value.y, F(0), is_real));
}
