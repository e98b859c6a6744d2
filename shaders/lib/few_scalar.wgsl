// few_native for numbers of which WGSL has no vectors: the names are the same. Few is an array of WIDTH, which is 4.

fn with_products(sums: Few, factor: T, row: Few) -> Few {
    return Few(
        plus(sums[0], times(factor, row[0])),
        plus(sums[1], times(factor, row[1])),
        plus(sums[2], times(factor, row[2])),
        plus(sums[3], times(factor, row[3])),
    );
}
