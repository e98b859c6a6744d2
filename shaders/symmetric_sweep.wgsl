// Inverses of small Hermitian positive definite matrices: each is swept in workgroup memory by a team of invocations, its lower
// triangle alone. As in Gauss-Jordan elimination a step turns one column into that of the (negated) inverse; the pivots are
// those of a Cholesky factorization, squared.
//
// x, inverse: (batch, N, N); of x the lower triangle is read.
// Constants: T (real or complex, with parts F), N (order: 1 or more), LANES (invocations of a team), TEAMS (in a workgroup, each
// with a matrix: (N² + N) elements of workgroup memory and three words).
// Source: A. P. Dempster, Elements of Continuous Multivariate Analysis, 1969, section 4.3.2 (the sweep operator); stability:
// G. Peters and J. H. Wilkinson, On the stability of Gauss-Jordan elimination with pivoting, Commun. ACM 18 (1975).
// uses: grid, condition

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read_write> inverse: array<T>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> tile: array<array<array<T, N>, N>, TEAMS>;
var<workgroup> column: array<array<T, N>, TEAMS>;
// Sums of columns: of the matrix, then of its inverse.
var<workgroup> sums: array<array<Bits, N>, TEAMS>;

// Element (i, j) of a team's matrix.
fn element(team: u32, i: u32, j: u32) -> T {
    if (i < j) {
        return conjugate(tile[team][j][i]);
    }
    return tile[team][i][j];
}

// Puts ‖column j‖₁ into `sums`, for every j.
fn sum_columns(team: u32, lane: u32) {
    for (var j = lane; j < N; j += LANES) {
        var sum = F(0);
        for (var i = 0u; i < N; i++) {
            let value = element(team, i, j);
            sum += select(modulus(value), make_nan(params.zero), holds_nan(value) || holds_inf(value));
        }
        sums[team][j] = magnitude_bits(sum);
    }
}

// The largest of the sums. As integers magnitudes order NaN above everything, so NaN is found.
fn norm(team: u32) -> Bits {
    var largest = Bits(0);
    for (var j = 0u; j < N; j++) {
        largest = max(largest, sums[team][j]);
    }
    return largest;
}

@compute @workgroup_size(LANES * TEAMS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) index: u32) {
    let team = index / LANES;
    let lane = index % LANES;
    let matrix = workgroup_number(workgroup, count) * TEAMS + team;
    let is_there = matrix < params.batch;
    // Teams beyond the batch repeat the last matrix, and store nothing.
    let base = min(matrix, params.batch - 1u) * N * N;
    for (var e = lane; e < N * N; e += LANES) {
        tile[team][e / N][e % N] = x[base + e];
        if (e / N == e % N) {
            tile[team][e / N][e / N] = of_real(real_part(x[base + e]));
        }
    }
    workgroupBarrier();
    sum_columns(team, lane);
    workgroupBarrier();
    let matrix_norm = norm(team);

    var minor = 0u;
    for (var step = 0u; step < N; step++) {
        let pivot = real_part(tile[team][step][step]);
        let is_positive = pivot > F(0) && !is_nan(pivot);
        if (!is_positive && minor == 0u) {
            minor = step + 1u;
        }
        let divisor = select(F(1), pivot, is_positive);
        for (var i = lane; i < N; i += LANES) {
            column[team][i] = element(team, i, step);
        }
        workgroupBarrier();
        for (var i = 0u; i < N; i++) {
            let factor = over_real(column[team][i], divisor);
            for (var j = lane; j <= i; j += LANES) {
                var value = minus(tile[team][i][j], times(factor, conjugate(column[team][j])));
                if (i == step) {
                    value = over_real(conjugate(column[team][j]), divisor);
                }
                if (j == step) {
                    value = factor;
                    if (i == step) {
                        value = of_real(F(-1) / divisor);
                    }
                }
                tile[team][i][j] = value;
            }
        }
        workgroupBarrier();
    }
    sum_columns(team, lane);
    workgroupBarrier();
    if (!is_there) {
        return;
    }
    let is_valid = !is_nan(from_magnitude_bits(matrix_norm));
    if (lane == 0u) {
        let rcond = reciprocal_condition(matrix_norm, norm(team), minor != 0u);
        report(matrix, select(0u, minor, is_valid), select(make_nan(params.zero), rcond, is_valid));
    }
    for (var e = lane; e < N * N; e += LANES) {
        var value = minus(T(), element(team, e / N, e % N));
        if (e / N == e % N) {
            value = of_real(real_part(value));
        }
        if (minor != 0u || !is_valid) {
            value = nan_number(params.zero);
        }
        inverse[base + e] = value;
    }
}
