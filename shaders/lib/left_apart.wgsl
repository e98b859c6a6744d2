// The left factor of block_product: an array of its own, x1 (batch, n, n).

@group(0) @binding(100) var<storage, read> x1: array<T>;

fn left(at: u32) -> T {
    return x1[at];
}
