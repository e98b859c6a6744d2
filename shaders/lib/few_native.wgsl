// Few neighbours of a type that WGSL has vectors of, for lib/product_tiles: 16 bytes, which is what a lane loads at once.
// few_scalar has the same names for every other number. Few, WIDTH: declared by kernels/product.py.

// sums + factor * row.
fn with_products(sums: Few, factor: T, row: Few) -> Few {
    return sums + factor * row;
}

fn negative(row: Few) -> Few {
    return Few() - row;
}
