// quotient_f32 for 64 bits: the drivers that have these were seen to round a division correctly.

fn precise_divide(x1: f64, x2: f64) -> f64 {
    return x1 / x2;
}
