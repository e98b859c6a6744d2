// Four neighbours of a type that WGSL has vectors of: loaded and computed as one.
// four_scalar has the same names for every other number.

alias Four = vec4<T>;

// sums + factor * row.
fn with_products(sums: Four, factor: T, row: Four) -> Four {
    return sums + factor * row;
}
