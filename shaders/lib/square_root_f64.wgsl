// square_root_f32 for 64 bits: the drivers that have these were seen to round sqrt() correctly.

fn precise_sqrt(x: f64) -> f64 {
    return sqrt(x);
}
