// Four neighbours of a type that WGSL has vectors of: loaded and computed as one.
// four_scalar has the same names for every other number.

alias Four = vec4<T>;

// sums + factor * row.
fn plus_multiple(sums: Four, factor: T, row: Four) -> Four {
    return sums + factor * row;
}

// The same, where a compiler had better not choose whether to round between.
fn fused(sums: Four, factor: T, row: Four) -> Four {
    return fma(vec4<T>(factor), row, sums);
}

fn multiple(row: Four, factor: T) -> Four {
    return row * factor;
}

fn moduli(row: Four) -> vec4<F> {
    return abs(row);
}

fn four_of(x: vec4<F>) -> Four {
    return x;
}

fn select_four(x1: Four, x2: Four, second: bool) -> Four {
    return select(x1, x2, second);
}
