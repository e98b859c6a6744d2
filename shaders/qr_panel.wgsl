// Reflects `width` columns of every matrix to upper triangular form: a workgroup per matrix.
//
// The product of the reflections H = I - tau v vᴴ of a panel is I - V T Vᴴ. V begins with ones on its
// diagonal, above which it is zero.
//
// work: (batch, m, n), columns from `column` on are up to date; receives the panel's part of R.
// reflectors: (batch, k, m) receives V by columns; factors: (batch, panels, BLOCK, BLOCK) receives T.
// Constants: T (real or complex, with parts F), BLOCK (1 to WORKGROUP), ROW_LANES (a power of two up to
// WORKGROUP: invocations for one column), WORKGROUP (a power of two up to the device's limit).
// Source: R. Schreiber and C. Van Loan, A storage-efficient WY representation for products of Householder
// transformations, SIAM J. Sci. Stat. Comput. 10 (1989) 53-57; signs as in LAPACK's geqrf.
// uses: grid

const COLUMNS = WORKGROUP / ROW_LANES;

struct Params {
    batch: u32,
    m: u32,
    n: u32,
    k: u32,
    column: u32,  // first column and row of the panel
    width: u32,   // its columns, at most BLOCK
    panels: u32,
    number: u32,  // of the panel
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> work: array<T>;
@group(0) @binding(1) var<storage, read_write> reflectors: array<T>;
@group(0) @binding(2) var<storage, read_write> factors: array<T>;

var<workgroup> keys: array<Bits, WORKGROUP>;
var<workgroup> squares: array<F, WORKGROUP>;
var<workgroup> partial: array<T, WORKGROUP>;
var<workgroup> dots: array<T, BLOCK>;
var<workgroup> triangle: array<array<T, BLOCK>, BLOCK>;

// The largest of everyone's keys.
fn largest(own: Bits, lane: u32) -> Bits {
    keys[lane] = own;
    workgroupBarrier();
    for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
        if (lane < half) {
            keys[lane] = max(keys[lane], keys[lane + half]);
        }
        workgroupBarrier();
    }
    return keys[0];
}

// The sum of everyone's squares.
fn total(own: F, lane: u32) -> F {
    squares[lane] = own;
    workgroupBarrier();
    for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
        if (lane < half) {
            squares[lane] += squares[lane + half];
        }
        workgroupBarrier();
    }
    return squares[0];
}

// The rows `first`, first + ROW_LANES, … of the dot product of the columns at two places. Four at a
// time: reading one after the other, memory would be waited for with every row.
fn partial_dot(at: u32, other: u32, first: u32) -> T {
    var sum = T();
    var i = first;
    for (; i + 3u * ROW_LANES < params.m; i += 4u * ROW_LANES) {
        let product0 = times(conjugate(reflectors[at + i]), reflectors[other + i]);
        let product1 = times(conjugate(reflectors[at + i + ROW_LANES]), reflectors[other + i + ROW_LANES]);
        let product2 = times(conjugate(reflectors[at + i + 2u * ROW_LANES]), reflectors[other + i + 2u * ROW_LANES]);
        let product3 = times(conjugate(reflectors[at + i + 3u * ROW_LANES]), reflectors[other + i + 3u * ROW_LANES]);
        sum = plus(sum, plus(plus(product0, product1), plus(product2, product3)));
    }
    for (; i < params.m; i += ROW_LANES) {
        sum = plus(sum, times(conjugate(reflectors[at + i]), reflectors[other + i]));
    }
    return sum;
}

// Subtracts the same rows of factor times the column at `at` from that at `other`, four at a time as well.
fn subtract_multiple(other: u32, factor: T, at: u32, first: u32) {
    var i = first;
    for (; i + 3u * ROW_LANES < params.m; i += 4u * ROW_LANES) {
        let rest0 = minus(reflectors[other + i], times(factor, reflectors[at + i]));
        let rest1 = minus(reflectors[other + i + ROW_LANES], times(factor, reflectors[at + i + ROW_LANES]));
        let rest2 = minus(reflectors[other + i + 2u * ROW_LANES], times(factor, reflectors[at + i + 2u * ROW_LANES]));
        let rest3 = minus(reflectors[other + i + 3u * ROW_LANES], times(factor, reflectors[at + i + 3u * ROW_LANES]));
        reflectors[other + i] = rest0;
        reflectors[other + i + ROW_LANES] = rest1;
        reflectors[other + i + 2u * ROW_LANES] = rest2;
        reflectors[other + i + 3u * ROW_LANES] = rest3;
    }
    for (; i < params.m; i += ROW_LANES) {
        reflectors[other + i] = minus(reflectors[other + i], times(factor, reflectors[at + i]));
    }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let matrix = workgroup_number(workgroup, count);
    if (matrix >= params.batch) {
        return;
    }
    let m = params.m;
    let width = params.width;
    let work_at = matrix * m * params.n + params.column;
    let panel_at = (matrix * params.k + params.column) * m;
    for (var e = lane; e < m * width; e += WORKGROUP) {
        let i = e / width;
        let p = e % width;
        reflectors[panel_at + p * m + i] = select(T(), work[work_at + i * params.n + p], i >= params.column);
    }
    for (var e = lane; e < BLOCK * BLOCK; e += WORKGROUP) {
        triangle[e / BLOCK][e % BLOCK] = T();
    }
    storageBarrier();
    workgroupBarrier();

    for (var step = 0u; step < width; step++) {
        let diagonal = params.column + step;
        let at = panel_at + step * m;

        // Squares of elements near 1 neither overflow nor, where they matter, underflow.
        var key = Bits(0);
        for (var i = diagonal + lane; i < m; i += WORKGROUP) {
            key = max(key, magnitude_bits(size_of(reflectors[at + i])));
        }
        let e = clamp(exponent_of(from_magnitude_bits(largest(key, lane))), MIN_EXPONENT, -MIN_EXPONENT);
        var square = F(0);
        for (var i = diagonal + 1u + lane; i < m; i += WORKGROUP) {
            square += squared_modulus(times_real(reflectors[at + i], power_of_two(-e)));
        }
        let below = total(square, lane);
        let alpha = times_real(reflectors[at + diagonal], power_of_two(-e));
        let norm = close_root(squared_modulus(alpha) + below);
        let is_reduced = below == F(0) && is_zero(minus(alpha, of_real(real_part(alpha))));
        var beta = select(-norm, norm, real_part(alpha) < F(0));
        var tau = T();
        var reciprocal = T();
        if (is_reduced) {
            beta = real_part(alpha);
        } else {
            tau = over_real(minus(of_real(beta), alpha), beta);
            let divisor = minus(alpha, of_real(beta));
            reciprocal = over_real(conjugate(divisor), squared_modulus(divisor));
        }
        workgroupBarrier();  // Everyone has read alpha.
        for (var i = diagonal + 1u + lane; i < m; i += WORKGROUP) {
            reflectors[at + i] = times(times_real(reflectors[at + i], power_of_two(-e)), reciprocal);
        }
        if (lane == 0u) {
            reflectors[at + diagonal] = one();
            work[work_at + diagonal * params.n + step] = of_real(beta * power_of_two(e));
        }
        storageBarrier();

        // vᴴ times every column of the panel: reflections before this one, and columns to be reflected.
        for (var first = 0u; first < width; first += COLUMNS) {
            let p = first + lane / ROW_LANES;
            var sum = T();
            if (p < width) {
                sum = partial_dot(at, panel_at + p * m, diagonal + lane % ROW_LANES);
            }
            partial[lane] = sum;
            workgroupBarrier();
            if (lane < COLUMNS && first + lane < width) {
                var dot = T();
                for (var i = 0u; i < ROW_LANES; i++) {
                    dot = plus(dot, partial[lane * ROW_LANES + i]);
                }
                dots[first + lane] = dot;
            }
            workgroupBarrier();
        }
        if (lane < step) {
            var sum = T();
            for (var q = lane; q < step; q++) {
                sum = plus(sum, times(triangle[lane][q], conjugate(dots[q])));
            }
            triangle[lane][step] = minus(T(), times(tau, sum));
        } else if (lane == step) {
            triangle[step][step] = tau;
        }
        for (var p = step + 1u + lane / ROW_LANES; p < width; p += COLUMNS) {
            subtract_multiple(panel_at + p * m, times(conjugate(tau), dots[p]), at, diagonal + lane % ROW_LANES);
        }
        storageBarrier();
        workgroupBarrier();
    }

    for (var e = lane; e < width * width; e += WORKGROUP) {
        let i = e / width;
        let p = e % width;
        if (i < p) {
            let at = panel_at + p * m + params.column + i;
            work[work_at + (params.column + i) * params.n + p] = reflectors[at];
            reflectors[at] = T();
        }
    }
    let factors_at = (matrix * params.panels + params.number) * BLOCK * BLOCK;
    for (var e = lane; e < BLOCK * BLOCK; e += WORKGROUP) {
        factors[factors_at + e] = triangle[e / BLOCK][e % BLOCK];
    }
}
