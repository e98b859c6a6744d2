// four_native for numbers of which WGSL has no vectors: the names are the same.

alias Four = array<T, 4>;

fn plus_multiple(sums: Four, factor: T, row: Four) -> Four {
    return Four(
        plus_product(sums[0], factor, row[0]),
        plus_product(sums[1], factor, row[1]),
        plus_product(sums[2], factor, row[2]),
        plus_product(sums[3], factor, row[3]),
    );
}

fn fused(sums: Four, factor: T, row: Four) -> Four {
    return plus_multiple(sums, factor, row);
}

fn multiple(row: Four, factor: T) -> Four {
    return Four(times(row[0], factor), times(row[1], factor), times(row[2], factor), times(row[3], factor));
}

fn moduli(row: Four) -> vec4<F> {
    return vec4<F>(modulus(row[0]), modulus(row[1]), modulus(row[2]), modulus(row[3]));
}

fn four_of(x: vec4<F>) -> Four {
    return Four(of_real(x.x), of_real(x.y), of_real(x.z), of_real(x.w));
}

fn select_four(x1: Four, x2: Four, second: bool) -> Four {
    return Four(
        select(x1[0], x2[0], second),
        select(x1[1], x2[1], second),
        select(x1[2], x2[2], second),
        select(x1[3], x2[3], second),
    );
}
