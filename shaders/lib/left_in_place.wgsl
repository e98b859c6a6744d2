// The left factor of block_product: another block of the array that the product is written to.

fn left(at: u32) -> T {
    return out[at];
}
