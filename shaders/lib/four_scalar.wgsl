// four_native for numbers of which WGSL has no vectors: the names are the same.

alias Four = array<T, 4>;

fn with_products(sums: Four, factor: T, row: Four) -> Four {
    return Four(
        plus(sums[0], times(factor, row[0])),
        plus(sums[1], times(factor, row[1])),
        plus(sums[2], times(factor, row[2])),
        plus(sums[3], times(factor, row[3])),
    );
}
