// field_real for complex numbers (re, im): the names are the same.
//
// Source of the quotient: R. L. Smith, Algorithm 116: complex division, Commun. ACM 5 (1962); operands are
// first scaled by powers of two. complex_quotient, which takes several times as long, would gain nothing here.
// uses: number_complex, significand_*, close_scalars

fn one() -> T {
    return T(F(1), F(0));
}

fn of_real(x: F) -> T {
    return T(x, F(0));
}

fn real_part(x: T) -> F {
    return x.x;
}

fn conjugate(x: T) -> T {
    return T(x.x, -x.y);
}

// A power of two that brings the larger part of x near 1.
fn scale_of(x: T) -> F {
    let e = exponent_of(max(abs(x.x), abs(x.y)));
    return power_of_two(clamp(-e, MIN_EXPONENT, MAX_EXPONENT));
}

// a / b: both are brought near 1 first.
fn over(a: T, b: T) -> T {
    let above = scale_of(a);
    let below = scale_of(b);
    let x = a * above;
    let y = b * below;
    let quotient = T(x.x * y.x + x.y * y.y, x.y * y.x - x.x * y.y) / (y.x * y.x + y.y * y.y);
    return (quotient * below) / above;
}

fn times_real(a: T, b: F) -> T {
    return a * b;
}

fn over_real(a: T, b: F) -> T {
    return T(close_quotient(a.x, b), close_quotient(a.y, b));
}

fn size_of(x: T) -> F {
    return abs(x.x) + abs(x.y);
}

fn squared_modulus(x: T) -> F {
    return x.x * x.x + x.y * x.y;
}

fn largest_bits(x: T) -> Bits {
    return max(magnitude_bits(x.x), magnitude_bits(x.y));
}

// Neither overflows nor underflows: the larger part is scaled to near 1. Of NaN and Inf it is one of them.
fn modulus(x: T) -> F {
    let e = clamp(exponent_of(from_magnitude_bits(largest_bits(x))), MIN_EXPONENT, -MIN_EXPONENT);
    let y = x * power_of_two(-e);
    return sqrt(squared_modulus(y)) * power_of_two(e);
}

// x / |x|, and 0 of 0.
fn direction(x: T) -> T {
    if (x.x == 0.0 && x.y == 0.0) {
        return T();
    }
    let y = x * scale_of(x);
    return y / sqrt(y.x * y.x + y.y * y.y);
}

fn is_zero(x: T) -> bool {
    return x.x == F(0) && x.y == F(0);
}

fn all_finite(x: T) -> bool {
    return is_finite(x.x) && is_finite(x.y);
}

fn holds_nan(x: T) -> bool {
    return is_nan(x.x) || is_nan(x.y);
}

fn holds_inf(x: T) -> bool {
    return is_inf(x.x) || is_inf(x.y);
}

fn nan_number(zero: u32) -> T {
    return T(make_nan(zero), make_nan(zero));
}
