// wide_pair for f32 on a device that computes in f64, where products of f32 are exact.

alias Wide = f64;

fn wide(x: f32) -> Wide {
    return f64(x);
}

fn with_product(total: Wide, a: f32, b: f32) -> Wide {
    return total + f64(a) * f64(b);
}

fn narrowed(x: Wide) -> f32 {
    return f32(x);
}
