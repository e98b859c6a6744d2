// The elements of a complex x; zero beyond its end.

@group(0) @binding(1) var<storage, read> x: array<T>;

fn element_at(start: u32, position: u32) -> T {
    if (position >= params.length) {
        return T(0, 0);
    }
    return x[start + position * params.x_steps.y];
}
