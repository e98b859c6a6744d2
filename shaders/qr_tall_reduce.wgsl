// R of tall matrices, and the reflections that lead to it: a workgroup per chain of blocks of rows.
//
// The first block A of a chain is reflected to a triangle R, then [R; A] for one block A after the other: there the
// reflection H = I - tau v vᵀ of step j changes only row j of R, where v is 1, and A, which is in the registers of the
// workgroup. What is left is R of all rows of the chain. One sum over the block's rows tells both the length of a column and its
// products with the columns behind it.
//
// x: (batch, m, n); r: (batch, chains, n, n) receives R of every chain; q: (batch, m, n) receives u = v / reciprocal, for
// each block by columns; taus: (batch, blocks, n, 2) receives tau and reciprocal.
// Columns are scaled to magnitudes below 4. Of a column of which less than 2^-FLOOR_EXPONENT is left below the
// diagonal, that rest counts as zero.
// Constants: T (real), LANES (LANES² invocations, 8 to the root of the device's limit), ROWS_EACH and COLUMNS_EACH (rows and
// columns of a block that an invocation holds: ROWS_EACH at least COLUMNS_EACH, which is n / LANES rounded up and at most LANES),
// FLOOR_EXPONENT (so that its square is not subnormal, nor is it times epsilon). Workgroup memory: LANES (LANES + 2) COLUMNS_EACH +
// LANES ROWS_EACH elements and LANES COLUMNS_EACH words.
// Source: Demmel, Grigori, Hoemmen and Langou, Communication-optimal parallel and sequential QR and LU factorizations,
// SIAM J. Sci. Comput. 34 (2012) A206-A239; signs as in LAPACK's geqrf.
// uses: grid

const WORKGROUP = LANES * LANES;
const ROWS = LANES * ROWS_EACH;
const COLUMNS = LANES * COLUMNS_EACH;

struct Params {
    batch: u32,
    m: u32,
    n: u32,
    chains: u32,  // of a matrix
    span: u32,    // rows of a chain, a multiple of ROWS
    blocks: u32,  // of a matrix
    zero: u32,    // 0
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> r: array<T>;
@group(0) @binding(1) var<storage, read_write> q: array<T>;
@group(0) @binding(2) var<storage, read_write> taus: array<T>;
@group(0) @binding(3) var<storage, read> x: array<T>;

var<workgroup> exponents: array<atomic<i32>, COLUMNS>;
var<workgroup> reflected: array<T, ROWS>;               // u
var<workgroup> pivots: array<T, COLUMNS>;               // row `step` of the first block
var<workgroup> partial: array<T, LANES * COLUMNS>;      // sums over the rows of one lane
var<workgroup> factors: array<T, COLUMNS>;

struct Reflection {
    diagonal: T,  // of R
    tau: T,
    reciprocal: T,
}

// The reflection of a column with `alpha` on the diagonal, and below it numbers of which `square` is the sum of squares.
fn reflection(alpha: T, square: T) -> Reflection {
    if (square < power_of_two(-2 * i32(FLOOR_EXPONENT))) {
        return Reflection(alpha, T(0), T(0));
    }
    let norm = close_root(alpha * alpha + square);
    let beta = select(-norm, norm, alpha < T(0));
    return Reflection(beta, close_quotient(beta - alpha, beta), close_quotient(T(1), alpha - beta));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let chain = workgroup_number(workgroup, count);
    let matrix = chain / params.chains;
    if (matrix >= params.batch) {
        return;
    }
    let n = params.n;
    let x_at = matrix * params.m * n;
    let r_at = chain * n * n;
    let begin = chain % params.chains * params.span;
    let end = min(begin + params.span, params.m);
    let row_lane = lane / LANES;
    let column_lane = lane % LANES;

    if (lane < COLUMNS) {
        atomicStore(&exponents[lane], MIN_EXPONENT);
    }
    workgroupBarrier();
    // scalars
    var highest: array<i32, COLUMNS_EACH>;
    // unroll
    for (var j = 0u; j < COLUMNS_EACH; j++) {
        highest[j] = MIN_EXPONENT;
    }
    for (var row = begin + row_lane; row < end; row += LANES) {
        // unroll
        for (var j = 0u; j < COLUMNS_EACH; j++) {
            let column = min(column_lane + j * LANES, n - 1u);
            highest[j] = max(highest[j], exponent_of(x[x_at + row * n + column]));
        }
    }
    // unroll
    for (var j = 0u; j < COLUMNS_EACH; j++) {
        atomicMax(&exponents[min(column_lane + j * LANES, n - 1u)], highest[j]);
    }
    workgroupBarrier();
    // scalars
    var scales: array<T, COLUMNS_EACH>;
    // unroll
    for (var j = 0u; j < COLUMNS_EACH; j++) {
        let exponent = atomicLoad(&exponents[column_lane + j * LANES]);
        scales[j] = power_of_two(-clamp(exponent, MIN_EXPONENT, -MIN_EXPONENT));
        if (exponent > MAX_EXPONENT) {
            scales[j] = make_nan(params.zero);
        }
    }
    let scale_back = power_of_two(clamp(atomicLoad(&exponents[min(lane, n - 1u)]), MIN_EXPONENT, -MIN_EXPONENT));

    for (var first = begin; first < end; first += ROWS) {
        let is_head = first == begin;
        let rows = min(ROWS, end - first);
        let q_at = x_at + first * n;
        let taus_at = (matrix * params.blocks + first / ROWS) * n;
        let leaving = select(T(1), scale_back, first + ROWS >= end);
        // scalars
        var a: array<array<T, COLUMNS_EACH>, ROWS_EACH>;
        // unroll
        for (var i = 0u; i < ROWS_EACH; i++) {
            let row = row_lane + i * LANES;
            // unroll
            for (var j = 0u; j < COLUMNS_EACH; j++) {
                let column = column_lane + j * LANES;
                a[i][j] = T(0);
                if (row < rows && column < n) {
                    a[i][j] = x[x_at + (first + row) * n + column] * scales[j];
                }
            }
        }
        // Columns left of those of a slot are done with.
        // unroll
        for (var slot = 0u; slot < COLUMNS_EACH; slot++) {
            for (var k = 0u; k < min(LANES, n - slot * LANES); k++) {
                let step = slot * LANES + k;
                if (column_lane == k) {
                    // unroll
                    for (var i = 0u; i < ROWS_EACH; i++) {
                        let row = row_lane + i * LANES;
                        reflected[row] = select(a[i][slot], T(0), is_head && row <= step);
                    }
                }
                var above = T(0);
                var alpha = T(0);
                if (is_head) {
                    if (row_lane == k) {
                        // unroll
                        for (var j = slot; j < COLUMNS_EACH; j++) {
                            pivots[column_lane + j * LANES] = a[slot][j];
                        }
                    }
                } else {
                    alpha = r[r_at + step * n + step];
                    if (lane < n) {
                        above = r[r_at + step * n + lane];
                    }
                }
                workgroupBarrier();
                for (var row = lane; row < rows; row += WORKGROUP) {
                    q[q_at + step * rows + row] = reflected[row];
                }
                // scalars
                var u: array<T, ROWS_EACH>;
                // unroll
                for (var i = 0u; i < ROWS_EACH; i++) {
                    u[i] = reflected[row_lane + i * LANES];
                }
                // unroll
                for (var j = slot; j < COLUMNS_EACH; j++) {
                    var sum = T(0);
                    // unroll
                    for (var i = 0u; i < ROWS_EACH; i++) {
                        sum += u[i] * a[i][j];
                    }
                    partial[row_lane * COLUMNS + column_lane + j * LANES] = sum;
                }
                workgroupBarrier();
                // An invocation for each column; of this step's everyone needs the sum.
                let column = min(lane, COLUMNS - 1u);
                if (is_head) {
                    alpha = pivots[step];
                    above = pivots[column];
                }
                var dot = T(0);
                var square = T(0);
                for (var i = 0u; i < LANES; i++) {
                    dot += partial[i * COLUMNS + column];
                    square += partial[i * COLUMNS + step];
                }
                let h = reflection(alpha, square);
                let weight = h.tau * (above + dot * h.reciprocal);
                if (lane < COLUMNS) {
                    factors[lane] = select(T(0), weight * h.reciprocal, lane > step);
                }
                if (lane == step) {
                    r[r_at + step * n + step] = h.diagonal * leaving;
                    taus[2u * (taus_at + step)] = h.tau;
                    taus[2u * (taus_at + step) + 1u] = h.reciprocal;
                    if (is_head && step < rows) {
                        q[q_at + step * rows + step] = alpha - h.diagonal;
                    }
                } else if (lane > step && lane < n) {
                    r[r_at + step * n + lane] = (above - weight) * leaving;
                } else if (is_head && lane < step) {
                    r[r_at + step * n + lane] = T(0);
                }
                workgroupBarrier();
                // unroll
                for (var j = slot; j < COLUMNS_EACH; j++) {
                    let factor = factors[column_lane + j * LANES];
                    // unroll
                    for (var i = 0u; i < ROWS_EACH; i++) {
                        a[i][j] -= u[i] * factor;
                    }
                }
            }
        }
        storageBarrier();
        workgroupBarrier();
    }
}
