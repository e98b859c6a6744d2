// Inverses of matrices of order N ≤ 4, one invocation per matrix, all of it in registers.
//
// Gauss-Jordan elimination in place, with implicit row pivoting: rows stay where they are, and
// the result is read through the order in which they were pivots. The column in work is always
// column 0: a finished one is appended at the back, so that after N steps they are in order
// again and no array is indexed by a run-time value. Rows are scaled by their pivot at the end.
// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
//
// x, inverse: (batch, N, N) T.
// Constants: T (f32, f64), N (1 to 4), WORKGROUP (1 to the device's limit).
// uses: grid, condition

@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read_write> inverse: array<T>;

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

var<private> a: array<array<T, N>, N>;

// Largest column sum of magnitudes, as bits.
fn norm_bits() -> Bits {
    var norm = Bits(0);
    for (var column = 0u; column < N; column++) {
        var sum = T(0);
        for (var row = 0u; row < N; row++) {
            sum += abs(a[row][column]);
        }
        norm = max(norm, magnitude_bits(sum));
    }
    return norm;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let matrix = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (matrix >= params.batch) {
        return;
    }
    let base = matrix * N * N;
    var finite = true;
    for (var row = 0u; row < N; row++) {
        for (var column = 0u; column < N; column++) {
            a[row][column] = x[base + row * N + column];
            finite = finite && is_finite(a[row][column]);
        }
    }
    let norm = norm_bits();

    var step_of: array<u32, N>;  // the step in which a row was the pivot
    var pivot_of: array<u32, N>;  // the row that was the pivot of a step
    var scale: array<T, N>;
    for (var row = 0u; row < N; row++) {
        step_of[row] = N;
    }
    var zero_pivot = 0u;
    for (var step = 0u; step < N; step++) {
        var pivot = N;
        var largest = Bits(0);
        for (var row = 0u; row < N; row++) {
            let bits = magnitude_bits(a[row][0]);
            if (step_of[row] == N && (pivot == N || bits > largest)) {
                pivot = row;
                largest = bits;
            }
        }
        if (largest == Bits(0) && zero_pivot == 0u) {
            zero_pivot = step + 1u;
        }
        var pivot_row = a[0];
        for (var row = 1u; row < N; row++) {
            for (var column = 0u; column < N; column++) {
                pivot_row[column] = select(pivot_row[column], a[row][column], row == pivot);
            }
        }
        let inverse_pivot = reciprocal(pivot_row[0]);
        for (var row = 0u; row < N; row++) {
            let is_pivot = row == pivot;
            let factor = select(-a[row][0] * inverse_pivot, T(0), is_pivot);
            for (var column = 1u; column < N; column++) {
                a[row][column - 1u] = a[row][column] + factor * pivot_row[column];
            }
            a[row][N - 1u] = select(factor, T(1), is_pivot);
            scale[row] = select(scale[row], inverse_pivot, is_pivot);
            step_of[row] = select(step_of[row], step, is_pivot);
        }
        pivot_of[step] = pivot;
    }

    for (var row = 0u; row < N; row++) {
        for (var column = 0u; column < N; column++) {
            a[row][column] *= scale[row];
        }
    }
    let singular = finite && zero_pivot != 0u;
    let usable = finite && !singular;
    for (var row = 0u; row < N; row++) {
        for (var column = 0u; column < N; column++) {
            inverse[base + step_of[row] * N + pivot_of[column]] = select(make_nan(params.zero), a[row][column], usable);
        }
    }
    let condition = select(make_nan(params.zero), reciprocal_condition(norm, norm_bits(), singular), finite);
    report(matrix, select(0u, zero_pivot, singular), condition);
}
