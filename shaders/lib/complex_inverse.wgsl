// complex_asin, complex_acos, complex_atan and their hyperbolic counterparts for T = (re, im).
//
// Source: T. E. Hull, T. F. Fairgrieve, P. T. P. Tang, Implementing the complex arcsine and arccosine
// functions using exception handling, ACM Trans. Math. Softw. 23 (1997) 299-335: with
// a = (|z + 1| + |z - 1|) / 2, asin z has the parts atan(x / sqrt(a^2 - x^2)) and log(a + sqrt(a^2 - 1)),
// and both differences are written as sums of positive terms. Branch cuts: those of C99, told apart by
// the signs of zeros.
// uses: complex_logarithm, complex_rotation, hypotenuse_*, quotient_*, square_root_*

// sqrt(a^2 - x^2) and log(a + sqrt(a^2 - 1)) for the magnitudes of the parts. Where a part is
// infinite or NaN they are such that the angles come out right.
fn root_and_log(x: F, y: F) -> T {
    if (is_inf(x) || is_inf(y)) {
        return T(y, infinity(x));
    }
    if (is_nan(x) || is_nan(y)) {
        let nan = not_a_number(x);
        return T(select(nan, F(1), magnitude_bits(x) == Bits(0)), nan);
    }
    // a is |z| there, to all its digits.
    if (max(x, y) >= power_of_two(DIGITS / 2 + 3)) {
        let modulus = log_modulus(x, y);
        let sum = pair_of(modulus.x, LN2_HIGH);
        return T(y, sum.x + (sum.y + (modulus.y + LN2_LOW)));
    }
    let far = precise_hypot(x + F(1), y);
    let near = precise_hypot(x - F(1), y);
    let a = F(0.5) * (far + near);
    // far^2 - (x + 1)^2 = y^2, and so for near: quotients in place of differences.
    let right = far + (x + F(1));
    if (x <= F(1)) {
        let left = near + (F(1) - x);
        let root = precise_sqrt(F(0.5) * (a + x) * (precise_divide(y * y, right) + left));
        if (x == F(1)) {
            // Half of y may be subnormal.
            let twice = precise_divide(y * y, right) + y;
            return T(root, precise_log1p(F(0.5) * twice + precise_sqrt(twice * (F(0.5) * (a + F(1))))));
        }
        // a - 1 = y^2 w, of which the square may underflow.
        let w = F(0.5) * (precise_divide(F(1), right) + precise_divide(F(1), left));
        return T(root, precise_log1p(y * (y * w) + y * precise_sqrt(w * (a + F(1)))));
    }
    let left = near + (x - F(1));
    let w = F(0.5) * (precise_divide(a + x, right) + precise_divide(a + x, left));
    let excess = F(0.5) * (precise_divide(y * y, right) + left);
    return T(y * precise_sqrt(w), precise_log1p(excess + precise_sqrt(excess * (a + F(1)))));
}

fn complex_asin(z: T) -> T {
    let parts = root_and_log(magnitude_of(z.x), magnitude_of(z.y));
    return T(precise_atan2(z.x, parts.x), with_sign_of(parts.y, z.y));
}

fn complex_acos(z: T) -> T {
    let parts = root_and_log(magnitude_of(z.x), magnitude_of(z.y));
    return T(precise_atan2(parts.x, z.x), with_sign_of(parts.y, -z.y));
}

fn complex_asinh(z: T) -> T {
    return over_i(complex_asin(times_i(z)));
}

fn complex_acosh(z: T) -> T {
    let arc = complex_acos(z);
    return T(magnitude_of(arc.y), with_sign_of(arc.x, z.y));
}

// With x = |re z|: log(1 + 4 x / ((1 - x)^2 + y^2)) / 4 and atan2(2 y, (1 - x) (1 + x) - y^2) / 2
// (W. Kahan, Branch cuts for complex elementary functions, 1987).
fn complex_atanh(z: T) -> T {
    let nan = not_a_number(z.x);
    let half_pi = HALF_PI_HIGH + HALF_PI_LOW;
    let x = magnitude_of(z.x);
    let y = magnitude_of(z.y);
    if (is_inf(x) || is_inf(y)) {
        return T(with_sign_of(F(0), z.x), select(with_sign_of(half_pi, z.y), nan, is_nan(z.y)));
    }
    if (is_nan(x) || is_nan(y)) {
        return T(select(nan, z.x, magnitude_bits(z.x) == Bits(0)), nan);
    }
    if (max(x, y) >= power_of_two(DIGITS + 3)) {
        // 1 / z, to all its digits.
        let modulus = precise_hypot(F(0.5) * x, F(0.5) * y);
        let real = F(0.25) * precise_divide(precise_divide(x, modulus), modulus);
        return T(with_sign_of(real, z.x), with_sign_of(half_pi, z.y));
    }
    if (x == F(1)) {
        // At the pole itself the standard has the angle of the real axis.
        let angle = select(F(0.5) * precise_atan2(F(2), -y), F(0), magnitude_bits(y) == Bits(0));
        return T(with_sign_of(log_beside_pole(y), z.x), with_sign_of(angle, z.y));
    }
    let distance = F(1) - x;
    let real = F(0.25) * precise_log1p(precise_divide(F(4) * x, distance * distance + y * y));
    let angle = F(0.5) * precise_atan2(F(2) * y, distance * (F(1) + x) - y * y);
    return T(with_sign_of(real, z.x), with_sign_of(angle, z.y));
}

// log(1 + 4 / y^2) / 4, also where the square underflows.
fn log_beside_pole(y: F) -> F {
    if (is_within(y, power_of_two(-DIGITS))) {
        return F(0.5) * precise_log(precise_divide(F(2), y));
    }
    return F(0.25) * precise_log1p(precise_divide(F(4), y * y));
}

fn complex_atan(z: T) -> T {
    return over_i(complex_atanh(times_i(z)));
}
