// log_f32 for 64 bits: the same name. WGSL's own f64 logarithm returns garbage on some devices.

fn log_scaled(m: f64, e: i32) -> f64 {
    let upper = m > 1.4142135623730951lf;
    let x = select(m, 0.5lf * m, upper);
    let n = f64(select(e, e + 1, upper));
    let s = (x - 1.0lf) / (x + 1.0lf);
    let z = s * s;
    var sum = 0.0lf;
    for (var k = 21; k >= 3; k -= 2) {
        sum = z * (sum + 1.0lf / f64(k));
    }
    return n * 0.6931471803691238lf + (2.0lf * s + (2.0lf * s * sum + n * 1.9082149292705877e-10lf));
}
