// Roots of unity from a table made on the host, because the device's sine and cosine are too inaccurate.
// Wants a binding `roots`, and of Params the fields fine, coarse, shift; see fft_plans.RootsLayout.

fn oriented(root: T) -> T {
    return T(root.x, select(root.y, -root.y, INVERSE));
}

// exp(-πi k / n), or its conjugate where INVERSE, for a table of length n and k < 2n.
fn root(k: u32) -> T {
    if (k == 0u) {
        return T(1, 0);
    }
    let steps = k >> params.shift;
    let fine = roots[params.fine + (k & ((1u << params.shift) - 1u))];
    if (steps == 0u) {
        return oriented(fine);
    }
    return oriented(times(fine, roots[params.coarse + steps]));
}
