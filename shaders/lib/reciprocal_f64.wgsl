// 1 / x. The drivers that have 64-bit floats were seen to round their division correctly, so that a
// correction as in reciprocal_f32.wgsl would gain nothing; the accuracy gate would notice one that does not.

fn reciprocal(x: f64) -> f64 {
    return 1.0lf / x;
}
