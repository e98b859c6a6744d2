// The product of the pivots of every matrix, as a determinant and as sign and logarithm: a
// workgroup per matrix.
//
// A product is kept as significand and exponent, so no intermediate leaves the range of T.
//
// lu: (batch, n, n) with U on its diagonal; pivots: (batch, n) of lu_panel.
// det, sign: (batch,), logabsdet: (batch,) F; 0, 0 and -Inf for a zero pivot, NaN for a NaN.
// Constants: T (real or complex, with parts F), WORKGROUP (a power of two up to the device's limit).
// uses: grid, logarithm_*

struct Params {
    batch: u32,
    n: u32,     // 0 is legal: the empty product
    zero: u32,  // 0
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> det: array<T>;
@group(0) @binding(1) var<storage, read_write> sign: array<T>;
@group(0) @binding(2) var<storage, read_write> logabsdet: array<F>;
@group(0) @binding(3) var<storage, read> lu: array<T>;
@group(0) @binding(4) var<storage, read> pivots: array<u32>;

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

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let matrix = workgroup_number(workgroup, count);
    if (matrix >= params.batch) {
        return;
    }
    let n = params.n;
    var product = Product(one(), 0);
    for (var i = lane; i < n; i += WORKGROUP) {
        let pivot = lu[matrix * n * n + i * n + i];
        let exchanged = pivots[matrix * n + i] != i;
        product = joined(product, normalized(select(pivot, minus(T(), pivot), exchanged), 0));
    }
    products[lane] = product;
    workgroupBarrier();
    for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
        if (lane < half) {
            products[lane] = joined(products[lane], products[lane + half]);
        }
        workgroupBarrier();
    }
    if (lane != 0u) {
        return;
    }
    let total = products[0];
    let x = total.significand;
    det[matrix] = value_of(total);
    if (is_zero(x) || holds_nan(x)) {
        sign[matrix] = x;
    } else {
        sign[matrix] = direction(x);
    }
    if (is_zero(x)) {
        logabsdet[matrix] = -make_infinity(params.zero);
    } else if (holds_nan(x) || holds_inf(x)) {
        logabsdet[matrix] = modulus(x);
    } else {
        logabsdet[matrix] = log_modulus(total);
    }
}
