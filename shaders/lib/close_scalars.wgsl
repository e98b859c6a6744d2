// Quotients and square roots of real numbers of moderate size to about one unit in their last place, for the few scalars by which
// many elements are multiplied: WGSL lets a division be 2.5 ulp off and a root more, and GPUs use that. An error in such a scalar is
// common to all that it touches, so that reflections and rotations would not quite keep lengths.
//
// F is the type, f32 or f64. Divisors, and quotients by them, are neither so small nor so large that 1 / b leaves the range.
// Source: one step of Newton's iteration each. Where fma() is not fused, divisions were seen to be exact, and it adds half an ulp.

fn close_quotient(a: F, b: F) -> F {
    let reciprocal = F(1) / b;
    let quotient = a / b;
    return fma(fma(-quotient, b, a), reciprocal, quotient);
}

// Of 0 it is 0, of NaN and Inf NaN.
fn close_root(x: F) -> F {
    let root = sqrt(x);
    let refined = fma(fma(-root, root, x), F(0.5) / root, root);
    return select(refined, root, root == F(0));
}
