// few_native for numbers of which WGSL has no vectors: the names are the same. Few is an array of WIDTH, which is 4.

fn with_products(sums: Few, factor: T, row: Few) -> Few {
    return Few(
        plus_product(sums[0], factor, row[0]),
        plus_product(sums[1], factor, row[1]),
        plus_product(sums[2], factor, row[2]),
        plus_product(sums[3], factor, row[3]),
    );
}

fn negative(row: Few) -> Few {
    return Few(minus(T(), row[0]), minus(T(), row[1]), minus(T(), row[2]), minus(T(), row[3]));
}
