// Elements 2k and 2k + 1 of a real x as one complex number; zero beyond its end. S is the stored type.

@group(0) @binding(1) var<storage, read> x: array<S>;

fn real_at(start: u32, position: u32) -> F {
    if (position >= params.length) {
        return F(0);
    }
    return F(x[start + position * params.x_steps.y]);
}

fn element_at(start: u32, position: u32) -> T {
    return T(real_at(start, 2u * position), real_at(start, 2u * position + 1u));
}
