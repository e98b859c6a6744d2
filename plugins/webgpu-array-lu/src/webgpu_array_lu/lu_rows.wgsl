// Inverses by LU factorization, each by a team of invocations, in workgroup memory.
//
//     factor   P A = L U with partial pivoting. An invocation owns columns, and looks for the pivot of a step by itself, so
//              that one barrier does for a step: the column in work is left as it is until all have moved on.
//     solve    X A = I for rows of X, an invocation per row: z U = e, w L = z, x = w P. A row needs no other: no barriers.
//
// To solve for rows is what makes the left residual I - XA small, the one that the gate bounds, as LAPACK's getri does;
// to solve A X = I for columns would make the right one so.
// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., sections 9.1 and 14.3 (method B, by rows).
//
// x, inverse: (batch, N, N) T.
// Constants: T (real or complex, of parts F), N (at least 1), LANES (invocations of a team), TEAMS (in a workgroup, each with a matrix),
// COLUMNS (of an invocation that are updated together; at least 1).
// Libraries to choose from: field_real and reciprocal_f32 or reciprocal_f64, or field_complex and reciprocal_complex.
// uses: grid, condition

@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read_write> inverse: array<T>;

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

// Rows of the factors have room for what is computed beyond the matrix when columns are taken by COLUMNS, or by four.
const PITCH = N + max((COLUMNS - 1) * LANES, 3);
// An odd number, so that lanes that read a row each meet in no bank.
const ROW_PITCH = N + 1 - N % 2;

var<workgroup> factors: array<array<array<T, PITCH>, N>, TEAMS>;  // L below the diagonal, U from it on
var<workgroup> rows: array<array<array<T, ROW_PITCH>, LANES>, TEAMS>;  // of z, and then of w
var<workgroup> reciprocals: array<array<T, N + 3>, TEAMS>;  // of the pivots
var<workgroup> order: array<array<u32, N>, TEAMS>;  // where a row of P A is in A
var<workgroup> sums: array<array<F, N>, TEAMS>;  // of magnitudes of a column of w
var<workgroup> norms: array<array<Bits, LANES>, TEAMS>;

// The largest of what the team's invocations have put into `norms`.
fn largest_norm(team: u32) -> Bits {
    var norm = norms[team][0];
    for (var i = 1u; i < LANES; i++) {
        norm = max(norm, norms[team][i]);
    }
    return norm;
}

// Exchanges two rows of one column.
fn exchange(team: u32, row1: u32, row2: u32, column: u32) {
    let kept = factors[team][row1][column];
    factors[team][row1][column] = factors[team][row2][column];
    factors[team][row2][column] = kept;
}

// Returns the largest column sum of magnitudes of the invocation's columns as bits, those of a NaN where an element is not
// finite.
fn load_columns(base: u32, team: u32, lane: u32) -> Bits {
    var norm = Bits(0);
    for (var column = lane; column < N; column += LANES) {
        var sum = F(0);
        for (var row = 0u; row < N; row++) {
            let value = x[base + row * N + column];
            factors[team][row][column] = value;
            sum += modulus(value);
            if (holds_nan(value) || holds_inf(value)) {
                norm = magnitude_bits(make_nan(params.zero));
            }
        }
        norm = max(norm, magnitude_bits(sum));
        order[team][column] = column;
        sums[team][column] = F(0);
    }
    return norm;
}

// Returns the first step with a zero pivot, counted from 1, or 0. Every invocation of the team knows it.
fn factor(team: u32, lane: u32) -> u32 {
    var zero_pivot = 0u;
    var last_pivot = 0u;
    var last_reciprocal = T();
    for (var step = 0u; step < N; step++) {
        workgroupBarrier();
        var pivot = step;
        var largest = magnitude_bits(size_of(factors[team][step][step]));
        for (var row = step + 1u; row < N; row++) {
            let bits = magnitude_bits(size_of(factors[team][row][step]));
            if (bits > largest) {
                largest = bits;
                pivot = row;
            }
        }
        if (largest == Bits(0) && zero_pivot == 0u) {
            zero_pivot = step + 1u;
        }
        let inverse_pivot = reciprocal(factors[team][pivot][step]);
        let displaced = factors[team][step][step];
        // What was put off in the last step: its own column.
        if (step > 0u && (step - 1u) % LANES == lane) {
            exchange(team, step - 1u, last_pivot, step - 1u);
            for (var row = step; row < N; row++) {
                factors[team][row][step - 1u] = times(factors[team][row][step - 1u], last_reciprocal);
            }
        }
        for (var column = lane; column < step; column += LANES) {
            exchange(team, step, pivot, column);
        }
        if (lane == 0u) {
            let kept = order[team][step];
            order[team][step] = order[team][pivot];
            order[team][pivot] = kept;
            reciprocals[team][step] = inverse_pivot;
        }
        let next = step + 1u;
        for (var column = next + (lane + LANES - next % LANES) % LANES; column < N; column += COLUMNS * LANES) {
            // scalars
            var u: array<T, COLUMNS>;
            // unroll
            for (var j = 0u; j < COLUMNS; j++) {
                exchange(team, step, pivot, column + j * LANES);
                u[j] = factors[team][step][column + j * LANES];
            }
            for (var row = next; row < N; row++) {
                var value = displaced;
                if (row != pivot) {
                    value = factors[team][row][step];
                }
                let multiple = times(value, inverse_pivot);
                // unroll
                for (var j = 0u; j < COLUMNS; j++) {
                    let old = factors[team][row][column + j * LANES];
                    factors[team][row][column + j * LANES] = minus(old, times(multiple, u[j]));
                }
            }
        }
        last_pivot = pivot;
        last_reciprocal = inverse_pivot;
    }
    return zero_pivot;
}

// The row of w for `row` of the inverse; `first` is at most `row`, and a multiple of four or less than that.
fn solve(team: u32, lane: u32, row: u32, first: u32) {
    for (var column = 0u; column < first; column++) {
        rows[team][lane][column] = T();
    }
    for (var column = first; column < N; column += 4u) {
        // scalars
        var z: array<T, 4>;
        // unroll
        for (var j = 0u; j < 4; j++) {
            if (column + j == row) {
                z[j] = one();
            }
        }
        for (var k = first; k < column; k++) {
            let known = rows[team][lane][k];
            // unroll
            for (var j = 0u; j < 4; j++) {
                z[j] = minus(z[j], times(known, factors[team][k][column + j]));
            }
        }
        // unroll
        for (var j = 0u; j < 4; j++) {
            // unroll
            for (var k = 0u; k < j; k++) {
                z[j] = minus(z[j], times(z[k], factors[team][min(column + k, N - 1)][column + j]));
            }
            z[j] = times(z[j], reciprocals[team][column + j]);
            if (column + j < N) {
                rows[team][lane][column + j] = z[j];
            }
        }
    }
    for (var block = (N + 3u) / 4u; block > 0u; block--) {
        let column = 4u * block - 4u;
        // scalars
        var w: array<T, 4>;
        // unroll
        for (var j = 0u; j < 4; j++) {
            if (column + j < N) {
                w[j] = rows[team][lane][column + j];
            }
        }
        for (var k = column + 4u; k < N; k++) {
            let known = rows[team][lane][k];
            // unroll
            for (var j = 0u; j < 4; j++) {
                w[j] = minus(w[j], times(known, factors[team][k][column + j]));
            }
        }
        // unroll
        for (var i = 0u; i < 4; i++) {
            // unroll
            for (var k = 4u - i; k < 4; k++) {
                if (column + k < N) {
                    w[3u - i] = minus(w[3u - i], times(w[k], factors[team][column + k][column + 3u - i]));
                }
            }
            if (column + 3u - i < N) {
                rows[team][lane][column + 3u - i] = w[3u - i];
            }
        }
    }
}

@compute @workgroup_size(LANES * TEAMS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) invocation: u32) {
    let team = invocation / LANES;
    let lane = invocation % LANES;
    let matrix = workgroup_number(workgroup, count) * TEAMS + team;
    let exists = matrix < params.batch;
    // Teams beyond the batch repeat the last matrix, and store nothing.
    let base = min(matrix, params.batch - 1u) * N * N;
    norms[team][lane] = load_columns(base, team, lane);
    let zero_pivot = factor(team, lane);
    workgroupBarrier();
    let norm = largest_norm(team);
    let finite = !is_nan(from_magnitude_bits(norm));
    let singular = finite && zero_pivot != 0u;
    let usable = finite && !singular;
    for (var first = 0u; first < N; first += LANES) {
        solve(team, lane, min(first + lane, N - 1u), first);
        workgroupBarrier();
        for (var i = 0u; i < min(LANES, N - first); i++) {
            for (var k = lane; k < N; k += LANES) {
                var value = rows[team][i][k];
                if (!usable) {
                    value = nan_number(params.zero);
                }
                sums[team][k] += modulus(value);
                if (exists) {
                    inverse[base + (first + i) * N + order[team][k]] = value;
                }
            }
        }
        workgroupBarrier();
    }
    var own = Bits(0);
    for (var k = lane; k < N; k += LANES) {
        own = max(own, magnitude_bits(sums[team][k]));
    }
    norms[team][lane] = own;
    workgroupBarrier();
    if (lane == 0u && exists) {
        let rcond = reciprocal_condition(norm, largest_norm(team), singular);
        var condition = rcond;
        if (!finite) {
            condition = make_nan(params.zero);
        }
        report(matrix, select(0u, zero_pivot, singular), condition);
    }
}
