// Inverses by matrix products alone: the iteration of Newton and Schulz, each by a team of invocations.
//
//     X = Aᵀ / (‖A‖₁ ‖A‖∞),  then  R = I - X A,  X = X + R X  until R is small.
//
// A is first multiplied by the power of two that brings its norm to between 1 and 2, and so is X in the end: GPUs need not divide by what is
// near overflow or underflow, nor keep what lies below (WGSL, section 15.7.4), and a power of two rounds nothing but what underflows.
// R is squared by each step, from a norm that may be as near to 1 as 1 - 1 / κ², so that about 2 log₂ κ steps pass before anything
// seems to happen. The step is the left-handed one: its residual, I - X A, becomes as small as rounding allows. But the other
// one, I - A X, then carries an error κ times as large, and the gate bounds both: so as soon as R is small, it is summed
// in twice the precision, and the step puts right what rounding did.
// A matrix is given up when R has not become small in STEPS steps: its inverse is NaN and its rcond 0. Whether it is singular
// an iteration cannot tell, so elimination then looks for the first zero pivot; it is done by one invocation, for it is rare.
// Sources: Ben-Israel and Cohen, On iterative computation of generalized inverses, SIAM J. Numer. Anal. 3 (1966), for the start;
// Higham, Functions of Matrices, section 5.3, and Söderström and Stewart, SIAM J. Numer. Anal. 11 (1974), for rounding errors.
//
// x, inverse: (batch, N, N) T.
// Constants: T (f32, f64), FRACTION (its bits behind the point), EXPONENT_BIAS (of its exponents), N (at least 1), LANES (invocations of a team),
// TEAMS (in a workgroup, each with a matrix), STEPS (at least 1).
// WideSum: of lib/wide_real, over lib/wide_pair or lib/wide_f64.
// uses: grid, condition, field_real

@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read_write> inverse: array<T>;

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

// Filled up with zeros to a multiple of four, since rows are taken by four, and terms by two.
const PADDED = (N + 3) / 4 * 4;

alias Matrix = array<array<T, PADDED>, PADDED>;

var<workgroup> a: array<Matrix, TEAMS>;
var<workgroup> iterate: array<array<Matrix, 2>, TEAMS>;  // X, by turns
var<workgroup> rest: array<Matrix, TEAMS>;  // R
var<workgroup> row_sums: array<array<T, PADDED>, TEAMS>;  // of magnitudes in A
var<workgroup> norms: array<array<Bits, LANES>, TEAMS>;
var<workgroup> running: u32;  // the last step, counted from 1, after which some team goes on

// The largest of what the team's invocations have put into `norms`.
fn largest_norm(team: u32) -> Bits {
    var norm = norms[team][0];
    for (var i = 1u; i < LANES; i++) {
        norm = max(norm, norms[team][i]);
    }
    return norm;
}

// Fills workgroup memory. Returns the largest column sum of magnitudes of the invocation's columns as bits, those of a NaN
// where an element is not finite.
fn load_columns(base: u32, team: u32, lane: u32) -> Bits {
    var norm = Bits(0);
    for (var column = lane; column < PADDED; column += LANES) {
        var sum = T(0);
        for (var row = 0u; row < PADDED; row++) {
            var value = T(0);
            if (row < N && column < N) {
                value = x[base + row * N + column];
            }
            a[team][row][column] = value;
            iterate[team][1][row][column] = T(0);
            rest[team][row][column] = T(0);
            sum += abs(value);
            if (!is_finite(value)) {
                norm = magnitude_bits(make_nan(params.zero));
            }
        }
        norm = max(norm, magnitude_bits(sum));
    }
    return norm;
}

// The power of two that brings what has these bits to between 1 and 2, as far as there is one.
fn scale_of(norm: Bits) -> T {
    let exponent = clamp(norm >> FRACTION, Bits(1), Bits(2 * EXPONENT_BIAS - 1));
    return from_magnitude_bits((Bits(2 * EXPONENT_BIAS) - exponent) << FRACTION);
}

// The start: the invocation's columns of Aᵀ / (‖A‖₁ ‖A‖∞).
fn begin(norm: T, team: u32, lane: u32) {
    var largest = T(0);
    for (var row = 0u; row < N; row++) {
        largest = max(largest, row_sums[team][row]);
    }
    for (var column = lane; column < PADDED; column += LANES) {
        for (var row = 0u; row < PADDED; row++) {
            iterate[team][0][row][column] = a[team][column][row] / norm / largest;
        }
    }
}

// The invocation's columns of R = I - X A. Returns the largest sum of magnitudes of one, as bits.
fn find_rest(turn: u32, team: u32, lane: u32) -> Bits {
    var norm = Bits(0);
    for (var column = lane; column < N; column += LANES) {
        var magnitude = T(0);
        for (var row = 0u; row < PADDED; row += 4u) {
            // scalars
            var sum: array<T, 4>;
            for (var k = 0u; k < PADDED; k += 2u) {
                // unroll
                for (var s = 0u; s < 2; s++) {
                    let known = a[team][k + s][column];
                    // unroll
                    for (var r = 0u; r < 4; r++) {
                        sum[r] += iterate[team][turn][row + r][k + s] * known;
                    }
                }
            }
            // unroll
            for (var r = 0u; r < 4; r++) {
                let value = select(T(0), T(1), row + r == column) - sum[r];
                rest[team][row + r][column] = value;
                magnitude += abs(value);
            }
        }
        norm = max(norm, magnitude_bits(magnitude));
    }
    return norm;
}

// find_rest with sums of twice the precision.
fn find_rest_exactly(turn: u32, team: u32, lane: u32) -> Bits {
    var norm = Bits(0);
    for (var column = lane; column < N; column += LANES) {
        var magnitude = T(0);
        for (var row = 0u; row < N; row++) {
            var sum = wide_sum(select(T(0), T(1), row == column));
            for (var k = 0u; k < PADDED; k += 2u) {
                // unroll
                for (var s = 0u; s < 2; s++) {
                    sum = less_product(sum, iterate[team][turn][row][k + s], a[team][k + s][column]);
                }
            }
            let value = rounded(sum);
            rest[team][row][column] = value;
            magnitude += abs(value);
        }
        norm = max(norm, magnitude_bits(magnitude));
    }
    return norm;
}

// The invocation's columns of X + R X.
fn take_step(turn: u32, team: u32, lane: u32) {
    for (var column = lane; column < N; column += LANES) {
        for (var row = 0u; row < PADDED; row += 4u) {
            // scalars
            var sum: array<T, 4>;
            for (var k = 0u; k < PADDED; k += 2u) {
                // unroll
                for (var s = 0u; s < 2; s++) {
                    let known = iterate[team][turn][k + s][column];
                    // unroll
                    for (var r = 0u; r < 4; r++) {
                        sum[r] += rest[team][row + r][k + s] * known;
                    }
                }
            }
            // unroll
            for (var r = 0u; r < 4; r++) {
                iterate[team][1u - turn][row + r][column] = iterate[team][turn][row + r][column] + sum[r];
            }
        }
    }
}

// The first step of elimination with partial pivoting that has a zero pivot, counted from 1, or 0. Overwrites `a`, by what was not scaled first.
fn first_zero_pivot(base: u32, team: u32) -> u32 {
    for (var i = 0u; i < N * N; i++) {
        a[team][i / N][i % N] = x[base + i];
    }
    for (var step = 0u; step < N; step++) {
        var pivot = step;
        for (var row = step + 1u; row < N; row++) {
            if (magnitude_bits(a[team][row][step]) > magnitude_bits(a[team][pivot][step])) {
                pivot = row;
            }
        }
        let value = a[team][pivot][step];
        if (magnitude_bits(value) == Bits(0)) {
            return step + 1u;
        }
        for (var column = step; column < N; column++) {
            let kept = a[team][step][column];
            a[team][step][column] = a[team][pivot][column];
            a[team][pivot][column] = kept;
        }
        for (var row = step + 1u; row < N; row++) {
            let factor = a[team][row][step] / value;
            for (var column = step; column < N; column++) {
                a[team][row][column] -= factor * a[team][step][column];
            }
        }
    }
    return 0u;
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
    workgroupBarrier();
    let norm = largest_norm(team);
    let finite = !is_nan(from_magnitude_bits(norm));
    let scale = scale_of(norm);
    for (var row = lane; row < PADDED; row += LANES) {
        var sum = T(0);
        for (var column = 0u; column < N; column++) {
            a[team][row][column] *= scale;
            sum += abs(a[team][row][column]);
        }
        row_sums[team][row] = sum;
    }
    workgroupBarrier();
    begin(from_magnitude_bits(norm) * scale, team, lane);
    workgroupBarrier();

    var turn = 0u;
    var done = !finite;
    var converged = false;
    var exactly = false;
    var before = T(1);
    for (var step = 0u; step < STEPS; step++) {
        if (!done) {
            if (exactly) {
                norms[team][lane] = find_rest_exactly(turn, team, lane);
            } else {
                norms[team][lane] = find_rest(turn, team, lane);
            }
        }
        workgroupBarrier();
        let size = from_magnitude_bits(largest_norm(team));
        if (!done && !is_finite(size)) {
            done = true;
        }
        if (!done) {
            // Half of the digits are right, so that after this step all are; or only rounding errors are left.
            let is_last = size * size < from_magnitude_bits(EPSILON_BITS) || (size < T(0.25) && size > T(0.5) * before);
            if (exactly && is_last) {
                done = true;
                converged = true;
            }
            if (!exactly && is_last) {
                // Not by this R: by one that is worth it.
                exactly = true;
                before = T(1);
            } else {
                before = size;
                take_step(turn, team, lane);
                turn = 1u - turn;
            }
        }
        if (!done && lane == 0u) {
            running = step + 1u;
        }
        if (workgroupUniformLoad(&running) != step + 1u) {
            break;
        }
    }

    var own = Bits(0);
    for (var column = lane; column < N; column += LANES) {
        var sum = T(0);
        for (var row = 0u; row < N; row++) {
            let value = select(make_nan(params.zero), iterate[team][turn][row][column] * scale, converged);
            sum += abs(value);
            if (exists) {
                inverse[base + row * N + column] = value;
            }
        }
        own = max(own, magnitude_bits(sum));
    }
    norms[team][lane] = own;
    workgroupBarrier();
    if (lane == 0u && exists) {
        if (converged) {
            report(matrix, 0u, reciprocal_condition(norm, largest_norm(team), false));
        } else if (finite) {
            report(matrix, first_zero_pivot(base, team), T(0));
        } else {
            report(matrix, 0u, make_nan(params.zero));
        }
    }
}
