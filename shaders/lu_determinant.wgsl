// The product of the pivots of every matrix, as a determinant and as sign and logarithm: a
// workgroup per matrix.
//
// A product is kept as significand and exponent, so no intermediate leaves the range of T.
//
// lu: (batch, n, n) with U on its diagonal; pivots: (batch, n) of lu_panel.
// det, sign, logabsdet: (batch,); 0, 0 and -Inf for a zero pivot, NaN for a NaN.
// Constants: T (f32, f64), WORKGROUP (a power of two up to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,     // 0 is legal: the empty product
    zero: u32,  // 0
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> det: array<T>;
@group(0) @binding(1) var<storage, read_write> sign: array<T>;
@group(0) @binding(2) var<storage, read_write> logabsdet: array<T>;
@group(0) @binding(3) var<storage, read> lu: array<T>;
@group(0) @binding(4) var<storage, read> pivots: array<u32>;

// significand * 2^exponent; significand is 0, not finite, or has a magnitude in [1, 2).
struct Product {
    significand: T,
    exponent: i32,
}

var<workgroup> products: array<Product, WORKGROUP>;

fn times(a: Product, b: Product) -> Product {
    return normalized(a.significand * b.significand, a.exponent + b.exponent);
}

fn normalized(x: T, exponent: i32) -> Product {
    if (x == T(0) || !is_finite(x)) {
        return Product(x, 0);
    }
    if (abs(x) < power_of_two(MIN_EXPONENT)) {
        // A subnormal number's exponent is not in its bits.
        let normal = x * power_of_two(64);
        return Product(significand(normal), exponent + exponent_of(normal) - 64);
    }
    return Product(significand(x), exponent + exponent_of(x));
}

fn value_of(x: Product) -> T {
    // Two factors, of which only the second can round or overflow.
    let first = clamp(x.exponent, MIN_EXPONENT, MAX_EXPONENT);
    let second = clamp(x.exponent - first, MIN_EXPONENT, MAX_EXPONENT);
    return x.significand * power_of_two(first) * power_of_two(second);
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
    var product = Product(T(1), 0);
    for (var i = lane; i < n; i += WORKGROUP) {
        let pivot = lu[matrix * n * n + i * n + i];
        let exchanged = pivots[matrix * n + i] != i;
        product = times(product, normalized(select(pivot, -pivot, exchanged), 0));
    }
    products[lane] = product;
    workgroupBarrier();
    for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
        if (lane < half) {
            products[lane] = times(products[lane], products[lane + half]);
        }
        workgroupBarrier();
    }
    if (lane != 0u) {
        return;
    }
    let total = products[0];
    let x = total.significand;
    det[matrix] = value_of(total);
    if (x == T(0) || is_nan(x)) {
        sign[matrix] = x;
    } else {
        sign[matrix] = select(T(1), T(-1), is_negative(x));
    }
    if (x == T(0)) {
        logabsdet[matrix] = -make_infinity(params.zero);
    } else if (is_finite(x)) {
        logabsdet[matrix] = log_scaled(abs(x), total.exponent);
    } else {
        logabsdet[matrix] = abs(x);
    }
}
