// Inverses of matrices of order N ≤ 32, one invocation per matrix, which holds all of it in named variables.
//
// Gauss-Jordan elimination in place with implicit row pivoting. Nothing is exchanged: there is no barrier and no workgroup
// memory. The column in work is always column 0, and a finished one is appended at the back, so that the loop over steps is
// one at run time although no variable is indexed by what is not constant. No row moves either, nor is any put in order: the
// element in row i and column j is that of row step_of(i) and column pivot_of(j) of the inverse, and goes to that address.
// Rows are scaled by their pivot on the way.
// A pivot is the largest of integers: leading bits of a magnitude, with a row's number in the lowest five.
// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
//
// x, inverse: (batch, N, N) T.
// Constants: T (f32, f64), F (the same), N (1 to 32), WORKGROUP (1 to the device's limit), KEY_SHIFT (bits of T beyond 32).
// uses: grid, condition, float_bits_*, reciprocal_*

@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read_write> inverse: array<T>;

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

const NUMBERS = 31u;  // the bits of a key that hold the number of a row

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let matrix = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (matrix >= params.batch) {
        return;
    }
    let base = matrix * N * N;
    // scalars
    var a: array<array<T, N>, N>;
    // scalars
    var sum: array<T, N>;  // of the magnitudes of a column
    // scalars
    var open: array<u32, N>;  // all ones for a row that was no pivot yet, but for the bits of its number
    var finite = true;
    // unroll
    for (var i = 0u; i < N; i++) {
        // unroll
        for (var j = 0u; j < N; j++) {
            a[i][j] = x[base + (i * N + j)];
            finite = finite && is_finite(a[i][j]);
            sum[j] += abs(a[i][j]);
        }
        open[i] = ~NUMBERS;
    }
    var norm = Bits(0);
    // unroll
    for (var j = 0u; j < N; j++) {
        norm = max(norm, magnitude_bits(sum[j]));
    }

    // scalars
    var scale: array<T, N>;
    // scalars
    var step_of: array<u32, N>;
    // scalars
    var pivot_of: array<u32, N>;
    var zero_pivot = 0u;
    for (var step = 0u; step < N; step++) {
        // Of what is no magnitude, the sign bit makes an open row's key larger than any closed one's.
        var key = 0u;
        // unroll
        for (var i = 0u; i < N; i++) {
            let leading = u32(magnitude_bits(a[i][0]) >> KEY_SHIFT) | 0x80000000u;
            key = max(key, (leading & open[i]) | (NUMBERS - i));
        }
        let pivot = NUMBERS - (key & NUMBERS);
        // scalars
        var pivot_row: array<T, N>;
        // unroll
        for (var i = 0u; i < N; i++) {
            let is_pivot = pivot == i;
            // unroll
            for (var j = 0u; j < N; j++) {
                pivot_row[j] = select(pivot_row[j], a[i][j], is_pivot);
            }
        }
        // The key has lost digits, so the value tells whether it is zero.
        if (magnitude_bits(pivot_row[0]) == Bits(0) && zero_pivot == 0u) {
            zero_pivot = step + 1u;
        }
        let inverse_pivot = reciprocal(pivot_row[0]);
        // unroll
        for (var i = 0u; i < N; i++) {
            let is_pivot = pivot == i;
            let factor = select(-a[i][0] * inverse_pivot, T(0), is_pivot);
            // unroll
            for (var j = 1u; j < N; j++) {
                a[i][j - 1u] = a[i][j] + factor * pivot_row[j];
            }
            a[i][N - 1u] = select(factor, T(1), is_pivot);
            scale[i] = select(scale[i], inverse_pivot, is_pivot);
            step_of[i] = select(step_of[i], step, is_pivot);
            open[i] = select(open[i], 0u, is_pivot);
        }
        // unroll
        for (var j = 1u; j < N; j++) {
            pivot_of[j - 1u] = pivot_of[j];
        }
        pivot_of[N - 1u] = pivot;
    }

    let singular = finite && zero_pivot != 0u;
    let usable = finite && !singular;
    // unroll
    for (var j = 0u; j < N; j++) {
        sum[j] = T(0);
    }
    // unroll
    for (var i = 0u; i < N; i++) {
        let row = base + select(i, step_of[i], usable) * N;
        // unroll
        for (var j = 0u; j < N; j++) {
            let value = select(make_nan(params.zero), a[i][j] * scale[i], usable);
            sum[j] += abs(value);
            inverse[row + select(j, pivot_of[j], usable)] = value;
        }
    }
    var inverse_norm = Bits(0);
    // unroll
    for (var j = 0u; j < N; j++) {
        inverse_norm = max(inverse_norm, magnitude_bits(sum[j]));
    }
    let condition = select(make_nan(params.zero), reciprocal_condition(norm, inverse_norm, singular), finite);
    report(matrix, select(0u, zero_pivot, singular), condition);
}
