// Inverses of small matrices, one invocation per matrix: Gauss-Jordan elimination with partial pivoting.
// x, inverse: (batch, N, N) T. Constants: T (f32, f64), N (1 to 8), WORKGROUP.
// uses: grid, float_bits_*, reciprocal_*, condition

@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read_write> inverse: array<T>;

struct Params {
    batch: u32,  // number of matrices
    zero: u32,   // 0, which the compiler cannot know
}
@group(1) @binding(0) var<uniform> params: Params;

// The matrix, and right of it the identity, which becomes the inverse.
var<private> a: array<array<T, 2 * N>, N>;

// The 1-norm of the columns from `first` on, as bits.
fn norm_bits(first: u32) -> Bits {
    var norm = Bits(0);
    for (var column = first; column < first + N; column++) {
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
    let start = matrix * N * N;

    var finite = true;
    for (var row = 0u; row < N; row++) {
        for (var column = 0u; column < N; column++) {
            let value = x[start + row * N + column];
            finite = finite && is_finite(value);
            a[row][column] = value;
            a[row][N + column] = select(T(0), T(1), row == column);
        }
    }
    let norm = norm_bits(0u);

    var zero_pivot = 0u;
    for (var step = 0u; step < N; step++) {
        // Partial pivoting: the largest element of the column, on or below the diagonal.
        var pivot = step;
        for (var row = step + 1u; row < N; row++) {
            if (abs(a[row][step]) > abs(a[pivot][step])) {
                pivot = row;
            }
        }
        if (a[pivot][step] == T(0) && zero_pivot == 0u) {
            zero_pivot = step + 1u;
        }
        let scale = reciprocal(a[pivot][step]);
        for (var column = 0u; column < 2u * N; column++) {
            let moved = a[step][column];
            a[step][column] = a[pivot][column] * scale;
            if (pivot != step) {
                a[pivot][column] = moved;
            }
        }
        for (var row = 0u; row < N; row++) {
            let factor = a[row][step];
            if (row != step) {
                for (var column = 0u; column < 2u * N; column++) {
                    a[row][column] -= factor * a[step][column];
                }
            }
        }
    }

    let singular = finite && zero_pivot != 0u;
    for (var row = 0u; row < N; row++) {
        for (var column = 0u; column < N; column++) {
            inverse[start + row * N + column] = select(make_nan(params.zero), a[row][N + column], finite && !singular);
        }
    }
    let rcond = select(make_nan(params.zero), reciprocal_condition(norm, norm_bits(N), singular), finite);
    report(matrix, select(0u, zero_pivot, singular), rcond);
}
