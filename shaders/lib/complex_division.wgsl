// Quotients of complex numbers (re, im) without overflow of what they are computed from.
//
// Source: R. L. Smith, Algorithm 116: complex division, Commun. ACM 5 (1962); operands are first
// scaled by powers of two.
// uses: significand_*, number_complex

// a / b: both are brought near 1 first.
fn over(a: T, b: T) -> T {
    let above = scale_of(a);
    let below = scale_of(b);
    let x = a * above;
    let y = b * below;
    let quotient = T(x.x * y.x + x.y * y.y, x.y * y.x - x.x * y.y) / (y.x * y.x + y.y * y.y);
    return (quotient * below) / above;
}

// A power of two that brings the larger part of x near 1.
fn scale_of(x: T) -> F {
    let e = exponent_of(max(abs(x.x), abs(x.y)));
    return power_of_two(clamp(-e, MIN_EXPONENT, MAX_EXPONENT));
}

// x / |x|, and 0 of 0.
fn direction(x: T) -> T {
    if (x.x == 0.0 && x.y == 0.0) {
        return T();
    }
    let y = x * scale_of(x);
    return y / sqrt(y.x * y.x + y.y * y.y);
}
