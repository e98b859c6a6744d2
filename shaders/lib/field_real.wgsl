// What linear algebra asks of a number beyond plus(), minus() and times(). field_complex has the same names.
// uses: number_native, significand_*, close_scalars

alias F = T;

fn one() -> T {
    return T(1);
}

fn of_real(x: F) -> T {
    return x;
}

fn real_part(x: T) -> F {
    return x;
}

fn conjugate(x: T) -> T {
    return x;
}

fn over(a: T, b: T) -> T {
    return a / b;
}

fn times_real(a: T, b: F) -> T {
    return a * b;
}

// As close_quotient.
fn over_real(a: T, b: F) -> T {
    return close_quotient(a, b);
}

// A magnitude that is cheap: within a factor of 1.5 of |x|. By it pivots are chosen.
fn size_of(x: T) -> F {
    return abs(x);
}

fn squared_modulus(x: T) -> F {
    return x * x;
}

// The bits of a magnitude that is finite where all of x is.
fn largest_bits(x: T) -> Bits {
    return magnitude_bits(x);
}

fn modulus(x: T) -> F {
    return abs(x);
}

// x / |x|, for x that is not 0.
fn direction(x: T) -> T {
    return select(T(1), T(-1), is_negative(x));
}

fn is_zero(x: T) -> bool {
    return x == T(0);
}

fn all_finite(x: T) -> bool {
    return is_finite(x);
}

fn holds_nan(x: T) -> bool {
    return is_nan(x);
}

fn holds_inf(x: T) -> bool {
    return is_inf(x);
}

// `zero` must be a value that the compiler cannot know.
fn nan_number(zero: u32) -> T {
    return make_nan(zero);
}
