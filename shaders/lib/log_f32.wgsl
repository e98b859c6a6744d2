// log(m * 2^e), to about two units in the last place whatever e.
//
// Source: log m = 2 atanh((m - 1) / (m + 1)), by its power series; ln 2 in two parts, as in
// fdlibm's e_log.c, so that e * ln 2 loses nothing to its rounding.

// `m` in [1, 2).
fn log_scaled(m: f32, e: i32) -> f32 {
    // Centred on 1: what is near 1 must not be the difference of log m and e * ln 2.
    let upper = m > 1.4142135;
    let x = select(m, 0.5 * m, upper);
    let n = f32(select(e, e + 1, upper));
    let s = (x - 1.0) / (x + 1.0);
    let z = s * s;
    var sum = 0.0;
    for (var k = 9; k >= 3; k -= 2) {
        sum = z * (sum + 1.0 / f32(k));
    }
    return n * 0.693138122558594 + (2.0 * s + (2.0 * s * sum + n * 9.05800061445916e-6));
}
