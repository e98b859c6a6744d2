// A determinant from the products of pivots that the invocations of a workgroup have: as a number, and as sign and logarithm.
//
// A product is kept as significand and exponent, so no intermediate leaves the range of T.
//
// det, sign: (batch,) T, logabsdet: (batch,) F; 0, 0 and -Inf for a zero pivot, NaN for a NaN.
// Constants: T (real or complex, with parts F), WORKGROUP (a power of two up to the device's limit).
// uses: logarithm_*

@group(0) @binding(110) var<storage, read_write> det: array<T>;
@group(0) @binding(111) var<storage, read_write> sign: array<T>;
@group(0) @binding(112) var<storage, read_write> logabsdet: array<F>;

// significand * 2^exponent; significand is 0, not finite, or has a size in [1, 2).
struct Product {
    significand: T,
    exponent: i32,
}

var<workgroup> products: array<Product, WORKGROUP>;

fn joined(a: Product, b: Product) -> Product {
    return normalized(times(a.significand, b.significand), a.exponent + b.exponent);
}

fn normalized(x: T, exponent: i32) -> Product {
    let size = size_of(x);
    if (is_zero(x) || holds_nan(x) || holds_inf(x)) {
        return Product(x, 0);
    }
    if (size < power_of_two(MIN_EXPONENT + 1)) {
        // A subnormal number's exponent is not in its bits.
        return rescaled(times_real(x, power_of_two(64)), exponent - 64);
    }
    // Halved, the sum of two parts cannot overflow.
    return rescaled(times_real(x, F(0.5)), exponent + 1);
}

fn rescaled(x: T, exponent: i32) -> Product {
    let e = exponent_of(size_of(x));
    // In two steps, of which each is a power of two that F holds.
    let half = e / 2;
    return Product(times_real(times_real(x, power_of_two(-half)), power_of_two(half - e)), exponent + e);
}

fn value_of(x: Product) -> T {
    // Two factors, of which only the second can round or overflow.
    let first = clamp(x.exponent, MIN_EXPONENT, MAX_EXPONENT);
    let second = clamp(x.exponent - first, MIN_EXPONENT, MAX_EXPONENT);
    return times_real(times_real(x.significand, power_of_two(first)), power_of_two(second));
}

// Of what is neither 0 nor NaN: the modulus of the significand is in [1/2, 2).
fn log_modulus(x: Product) -> F {
    let m = modulus(x.significand);
    let below = m < F(1);
    return log_scaled(select(m, m + m, below), select(x.exponent, x.exponent - 1, below)).x;
}

// Writes the product of all invocations' products. `zero` is 0, unknown to the compiler.
fn store_determinant(matrix: u32, product: Product, lane: u32, zero: u32) {
    products[lane] = product;
    workgroupBarrier();
    for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
        if (lane < half) {
            products[lane] = joined(products[lane], products[lane + half]);
        }
        workgroupBarrier();
    }
    if (lane == 0u) {
        write_determinant(matrix, products[0], zero);
    }
}

fn write_determinant(matrix: u32, total: Product, zero: u32) {
    let x = total.significand;
    det[matrix] = value_of(total);
    if (is_zero(x) || holds_nan(x)) {
        sign[matrix] = x;
    } else {
        sign[matrix] = direction(x);
    }
    if (is_zero(x)) {
        logabsdet[matrix] = -make_infinity(zero);
    } else if (holds_nan(x) || holds_inf(x)) {
        logabsdet[matrix] = modulus(x);
    } else {
        logabsdet[matrix] = log_modulus(total);
    }
}
