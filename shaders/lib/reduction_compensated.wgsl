// What a chunk of floats is summed with: sums with the rounding errors that they have made.
//
// A compiler that takes (a + b) - a for b leaves the errors 0, which is the plain sum.
// T: f32 or vec2<f32>, declared by kernels/reduce.py.
// Source: D. E. Knuth, The Art of Computer Programming, volume 2, section 4.2.2, theorem B (the exact error of a sum).
// uses: float_bits_f32

struct State {
    sum: T,
    error: T,
}

fn lift(value: T) -> State {
    return State(value, T());
}

fn join(a: State, b: State) -> State {
    let sum = a.sum + b.sum;
    let from_b = sum - a.sum;
    let error = (a.sum - (sum - from_b)) + (b.sum - from_b);
    return State(sum, a.error + b.error + error);
}

// The sum with its error. What is infinite, or has no error (-0 among it), stays as it is.
fn corrected(sum: f32, error: f32) -> f32 {
    let both = sum + error;
    return select(sum, both, is_finite(both) && error != 0.0);
}
