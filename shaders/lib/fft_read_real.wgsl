// The elements of a real x as complex numbers; zero beyond its end. S is the stored type.

@group(0) @binding(1) var<storage, read> x: array<S>;

fn element_at(start: u32, position: u32) -> T {
    if (position >= params.length) {
        return T(0, 0);
    }
    return T(F(x[start + position * params.x_steps.y]), F(0));
}
