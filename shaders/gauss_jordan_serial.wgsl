// Inverses where a workgroup is a processor's vector: an invocation per matrix.
//
// For software adapters. They run invocations as the elements of vectors, pay for every barrier and for every access to
// memory, and little for arithmetic: there is no barrier here, and elements are taken to registers EDGE × EDGE at a time, for
// four steps at once. Loops are written out in parts, also because llvmpipe leaves them all, silently, after 65,535 rounds
// of them together. `work` interleaves the elements of the matrices of a workgroup, as their vectors are.
// Gauss-Jordan elimination in place with implicit row pivoting, four steps at a time, as gauss_jordan_tiles.wgsl does it; the
// matrix is filled up in the same way, to a multiple of EDGE.
// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
//
// x, inverse: (batch, N, N) T. work, per workgroup: PADDED + 1 rows of PADDED T, of which the last holds the reciprocals of
// the pivots; pivot_rows, factors: four elements per column and per row; order: the step in which a row was the pivot, and
// the row that was the pivot of a step.
// Constants: T (f32, f64), N (at least 1), WORKGROUP (1 to the device's limit), EDGE (4, 8).
// uses: grid, condition

@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read_write> inverse: array<T>;
@group(0) @binding(2) var<storage, read_write> work: array<T>;
@group(0) @binding(3) var<storage, read_write> pivot_rows: array<T>;
@group(0) @binding(4) var<storage, read_write> factors: array<T>;
@group(0) @binding(5) var<storage, read_write> order: array<u32>;

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

const PADDED = (N + EDGE - 1) / EDGE * EDGE;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let matrix = number * WORKGROUP + lane;
    if (matrix >= params.batch) {
        return;
    }
    let base = matrix * N * N;
    // Where this matrix's elements are: element i of one of `size` elements at place + i * WORKGROUP.
    let a = number * (PADDED + 1) * PADDED * WORKGROUP + lane;
    let scale = a + PADDED * PADDED * WORKGROUP;
    let four = number * 4 * PADDED * WORKGROUP + lane;
    let step_of = number * 2 * PADDED * WORKGROUP + lane;
    let pivot_of = step_of + PADDED * WORKGROUP;

    var norm = Bits(0);
    var finite = true;
    for (var column = 0u; column < PADDED; column++) {
        var sum = T(0);
        for (var start = 0u; start < PADDED; start += 4) {
            // unroll
            for (var r = 0u; r < 4; r++) {
                let row = start + r;
                var value = select(T(0), T(1), row == column);
                if (row < N && column < N) {
                    value = x[base + row * N + column];
                    finite = finite && is_finite(value);
                    sum += abs(value);
                }
                work[a + (row * PADDED + column) * WORKGROUP] = value;
            }
        }
        norm = max(norm, magnitude_bits(sum));
        order[step_of + column * WORKGROUP] = PADDED;
    }

    var zero_pivot = 0u;
    for (var first = 0u; first < PADDED; first += 4) {
        for (var s = 0u; s < 4; s++) {
            let step = first + s;
            // From step N on only the rows of the identity are open, and none of them before.
            let end = select(N, PADDED, step >= N);
            var pivot = PADDED;
            var largest = Bits(0);
            for (var start = 0u; start < end; start += 4) {
                // unroll
                for (var r = 0u; r < 4; r++) {
                    let row = start + r;
                    let bits = magnitude_bits(work[a + (row * PADDED + step) * WORKGROUP]);
                    let is_open = row < end && order[step_of + row * WORKGROUP] == PADDED;
                    if (is_open && (pivot == PADDED || bits > largest)) {
                        pivot = row;
                        largest = bits;
                    }
                }
            }
            if (largest == Bits(0) && zero_pivot == 0u) {
                zero_pivot = step + 1;
            }
            let place = a + (pivot * PADDED + first) * WORKGROUP;
            let inverse_pivot = T(1) / work[place + s * WORKGROUP];
            // scalars
            var u: array<T, 4>;
            // unroll
            for (var c = 0u; c < 4; c++) {
                u[c] = select(work[place + c * WORKGROUP], T(1), c == s);
            }
            for (var start = 0u; start < PADDED; start += 2) {
                // unroll
                for (var r = 0u; r < 2; r++) {
                    let row = start + r;
                    let is_pivot = row == pivot;
                    let at = a + (row * PADDED + first) * WORKGROUP;
                    let factor = select(-work[at + s * WORKGROUP] * inverse_pivot, T(0), is_pivot);
                    factors[four + (4 * row + s) * WORKGROUP] = factor;
                    // unroll
                    for (var c = 0u; c < 4; c++) {
                        let old = select(work[at + c * WORKGROUP], select(T(0), T(1), is_pivot), c == s);
                        work[at + c * WORKGROUP] = old + factor * u[c];
                    }
                }
            }
            order[step_of + pivot * WORKGROUP] = step;
            order[pivot_of + step * WORKGROUP] = pivot;
            work[scale + pivot * WORKGROUP] = inverse_pivot;
        }
        // The pivot rows as they are when they are pivots; zero where the steps have been taken already.
        // scalars
        var pivots: array<u32, 4>;
        // scalars
        var lower: array<array<T, 4>, 4>;
        // unroll
        for (var s = 0u; s < 4; s++) {
            pivots[s] = order[pivot_of + (first + s) * WORKGROUP];
            // unroll
            for (var t = 0u; t < s; t++) {
                lower[s][t] = factors[four + (4 * pivots[s] + t) * WORKGROUP];
            }
        }
        for (var column = 0u; column < PADDED; column++) {
            let outside = column - first >= 4;
            // scalars
            var u: array<T, 4>;
            // unroll
            for (var s = 0u; s < 4; s++) {
                u[s] = select(T(0), work[a + (pivots[s] * PADDED + column) * WORKGROUP], outside);
                // unroll
                for (var t = 0u; t < s; t++) {
                    u[s] += lower[s][t] * u[t];
                }
                pivot_rows[four + (4 * column + s) * WORKGROUP] = u[s];
            }
        }
        for (var row = 0u; row < PADDED; row += EDGE) {
            for (var column = 0u; column < PADDED; column += EDGE) {
                // scalars
                var tile: array<array<T, EDGE>, EDGE>;
                // unroll
                for (var i = 0u; i < EDGE; i++) {
                    // unroll
                    for (var j = 0u; j < EDGE; j++) {
                        tile[i][j] = work[a + ((row + i) * PADDED + column + j) * WORKGROUP];
                    }
                }
                // unroll
                for (var s = 0u; s < 4; s++) {
                    // scalars
                    var u: array<T, EDGE>;
                    // unroll
                    for (var j = 0u; j < EDGE; j++) {
                        u[j] = pivot_rows[four + (4 * (column + j) + s) * WORKGROUP];
                    }
                    // unroll
                    for (var i = 0u; i < EDGE; i++) {
                        let factor = factors[four + (4 * (row + i) + s) * WORKGROUP];
                        // unroll
                        for (var j = 0u; j < EDGE; j++) {
                            tile[i][j] += factor * u[j];
                        }
                    }
                }
                // unroll
                for (var i = 0u; i < EDGE; i++) {
                    // unroll
                    for (var j = 0u; j < EDGE; j++) {
                        work[a + ((row + i) * PADDED + column + j) * WORKGROUP] = tile[i][j];
                    }
                }
            }
        }
    }

    let singular = finite && zero_pivot != 0u;
    let usable = finite && !singular;
    var inverse_norm = Bits(0);
    for (var column = 0u; column < N; column++) {
        let source = order[step_of + column * WORKGROUP];
        var sum = T(0);
        for (var start = 0u; start < N; start += 4) {
            // unroll
            for (var r = 0u; r < 4; r++) {
                let row = start + r;
                if (row < N) {
                    let pivot = order[pivot_of + row * WORKGROUP];
                    let scaled = work[a + (pivot * PADDED + source) * WORKGROUP] * work[scale + pivot * WORKGROUP];
                    let value = select(make_nan(params.zero), scaled, usable);
                    inverse[base + row * N + column] = value;
                    sum += abs(value);
                }
            }
        }
        inverse_norm = max(inverse_norm, magnitude_bits(sum));
    }
    let condition = select(make_nan(params.zero), reciprocal_condition(norm, inverse_norm, singular), finite);
    report(matrix, select(0u, zero_pivot, singular), condition);
}
