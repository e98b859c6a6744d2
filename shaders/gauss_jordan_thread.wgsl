// Inverses of matrices of order N ≤ 16, one invocation per matrix, all of it in registers.
//
// Gauss-Jordan elimination in place, with implicit row pivoting: rows stay where they are, and
// the result is read through the order in which they were pivots. The column in work is always
// column 0: a finished one is appended at the back, so that after N steps they are in order
// again and no array is indexed by a run-time value. Rows are scaled by their pivot at the end.
// A pivot is found as the largest of integers: leading bits of a magnitude, a row's number in the lowest three, or four.
// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
//
// x, inverse: (batch, N, N) T, in pieces of the library piece_*.
// Constants: T (real or complex, with parts F), N (1 to 16; the text grows with N²), WORKGROUP (1 to the device's limit), KEY_SHIFT (bits of F beyond 32).
// Libraries to choose from: matrix_direct or matrix_staged; order_in_registers or order_by_address; piece_one, or
// where N is even piece_four, of complex numbers piece_pair.
// uses: grid, condition

@group(0) @binding(0) var<storage, read> x: array<Piece>;
@group(0) @binding(1) var<storage, read_write> inverse: array<Piece>;

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

const SIZE = N * N;
const NUMBERS = select(7u, 15u, N > 8u);  // the bits that hold the number of a row

// scalars
var<private> a: array<array<T, N>, N>;
// scalars
var<private> scale: array<T, N>;
// Four bits for each row, and for each step: eight of them to a word, of which the second is there where N > 8.
var<private> steps: vec2<u32>;
var<private> pivots: vec2<u32>;

fn nibble(words: vec2<u32>, i: u32) -> u32 {
    return (select(words.x, words.y, N > 8u && i >= 8u) >> (4u * (i & 7u))) & NUMBERS;
}

fn with_nibble(words: vec2<u32>, i: u32, value: u32) -> vec2<u32> {
    let bits = value << (4u * (i & 7u));
    return words | select(vec2(bits, 0u), vec2(0u, bits), N > 8u && i >= 8u);
}

// The step in which a row was the pivot.
fn step_of(row: u32) -> u32 {
    return nibble(steps, row);
}

// The row that was the pivot of a step.
fn pivot_of(step: u32) -> u32 {
    return nibble(pivots, step);
}

// Largest column sum of magnitudes, as bits: those of a NaN where an element is not finite, of Inf where only the
// sum is not.
fn norm_bits() -> Bits {
    var norm = Bits(0);
    // unroll
    for (var column = 0u; column < N; column++) {
        var sum = F(0);
        // unroll
        for (var row = 0u; row < N; row++) {
            sum += modulus(a[row][column]);
        }
        norm = max(norm, magnitude_bits(sum));
    }
    if (!is_finite(from_magnitude_bits(norm))) {
        // unroll
        for (var i = 0u; i < SIZE; i++) {
            if (!all_finite(a[i / N][i % N])) {
                norm = magnitude_bits(make_nan(params.zero));
            }
        }
    }
    return norm;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let first = workgroup_number(workgroup, count) * WORKGROUP;
    read_matrix(first, params.batch, lane);
    let norm = norm_bits();

    // scalars
    var open: array<u32, N>;  // all ones for a row that was no pivot yet, but for the bits of its number
    // unroll
    for (var row = 0u; row < N; row++) {
        open[row] = ~NUMBERS;
    }
    var zero_pivot = 0u;
    for (var step = 0u; step < N; step++) {
        // Of what is no magnitude, the sign bit makes an open row's key larger than any closed one's.
        var key = 0u;
        // unroll
        for (var row = 0u; row < N; row++) {
            let leading = u32(magnitude_bits(size_of(a[row][0])) >> KEY_SHIFT) | 0x80000000u;
            key = max(key, (leading & open[row]) | (NUMBERS - row));
        }
        let pivot = NUMBERS - (key & NUMBERS);
        // scalars
        var pivot_row: array<T, N>;
        // unroll
        for (var column = 0u; column < N; column++) {
            pivot_row[column] = a[0][column];
            // unroll
            for (var row = 1u; row < N; row++) {
                pivot_row[column] = select(pivot_row[column], a[row][column], pivot == row);
            }
        }
        // The key has lost digits, so the value tells whether it is zero.
        if (magnitude_bits(size_of(pivot_row[0])) == Bits(0) && zero_pivot == 0u) {
            zero_pivot = step + 1u;
        }
        let inverse_pivot = reciprocal(pivot_row[0]);
        // unroll
        for (var row = 0u; row < N; row++) {
            let is_pivot = pivot == row;
            let factor = select(-times(a[row][0], inverse_pivot), T(), is_pivot);
            // unroll
            for (var column = 1u; column < N; column++) {
                a[row][column - 1u] = plus_product(a[row][column], factor, pivot_row[column]);
            }
            a[row][N - 1u] = select(factor, one(), is_pivot);
            scale[row] = select(scale[row], inverse_pivot, is_pivot);
            open[row] = select(open[row], 0u, is_pivot);
        }
        steps = with_nibble(steps, pivot, step);
        pivots = with_nibble(pivots, step, pivot);
    }

    let finite = !is_nan(from_magnitude_bits(norm));
    let singular = finite && zero_pivot != 0u;
    write_in_order(first, params.batch, lane, finite && !singular, nan_number(params.zero));
    finish_writing(first, params.batch, lane);
    // unroll
    for (var row = 0u; row < N; row++) {
        // unroll
        for (var column = 0u; column < N; column++) {
            a[row][column] = times(a[row][column], scale[row]);
        }
    }
    if (first + lane < params.batch) {
        let condition = select(make_nan(params.zero), reciprocal_condition(norm, norm_bits(), singular), finite);
        report(first + lane, select(0u, zero_pivot, singular), condition);
    }
}
