// Inverses where a workgroup is a processor's vector: an invocation per matrix.
//
// For software adapters. They run invocations as the elements of vectors. An access to storage costs llvmpipe as much as a hundred
// multiplications, and so does an array that a run-time value indexes, so that of each panel of PANEL columns everything is in
// variables of its own: the columns, which stand aside once they are finished, and then what every row takes of the panel's pivot rows.
// With it one column after the other is brought up to date, and is read and written once per panel. There is no barrier.
// `work` interleaves the elements of the matrices of a workgroup, as their vectors are.
// Gauss-Jordan elimination in place with implicit row pivoting; a panel's own columns start as those of the identity, and pivot rows are
// brought forward before others take them, as lib/gauss_jordan_blocked.wgsl explains.
// llvmpipe leaves all loops, silently, after 65,535 rounds of them together: N (N + 4) rounds here.
// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
//
// x, inverse: (batch, N, N) T. work, per workgroup: (N, N, WORKGROUP) T; pivot_of: (N, WORKGROUP) the row that was the pivot of a step.
// Constants: T (real or complex, with parts F), N (at least 1; the text grows with N PANEL), WORKGROUP (1 to the device's limit), PANEL (at least 2).
// uses: grid, condition

@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read_write> inverse: array<T>;
@group(0) @binding(2) var<storage, read_write> work: array<T>;
@group(0) @binding(3) var<storage, read_write> pivot_of: array<u32>;

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    // Beyond the batch the last matrix is inverted once more, and the result dropped.
    let matrix = min(number * WORKGROUP + lane, params.batch - 1u);
    let is_inside = number * WORKGROUP + lane < params.batch;
    let base = matrix * N * N;
    // Element i of a matrix is at place + i * WORKGROUP.
    let a = number * N * N * WORKGROUP + lane;
    let order = number * N * WORKGROUP + lane;

    var norm = Bits(0);
    var finite = true;
    for (var column = 0u; column < N; column++) {
        var sum = F(0);
        for (var row = 0u; row < N; row++) {
            let value = x[base + row * N + column];
            finite = finite && all_finite(value);
            sum += modulus(value);
            work[a + (row * N + column) * WORKGROUP] = value;
        }
        norm = max(norm, magnitude_bits(sum));
    }

    // Of every row, the step in which it was the pivot, or N, and what it has to be multiplied by.
    // scalars
    var step_of: array<u32, N>;
    // scalars
    var scale: array<T, N>;
    // unroll
    for (var row = 0u; row < N; row++) {
        step_of[row] = N;
    }
    var zero_pivot = 0u;
    for (var first = 0u; first < N; first += PANEL) {
        // The column in work is the first; a finished one is appended at the back, and is what rows take of its pivot row.
        // scalars
        var panel: array<array<T, PANEL>, N>;
        for (var c = 0u; c < PANEL; c++) {
            let column = min(first + c, N - 1u);
            // unroll
            for (var row = 0u; row < N; row++) {
                // unroll
                for (var z = 1u; z < PANEL; z++) {
                    panel[row][z - 1u] = panel[row][z];
                }
                panel[row][PANEL - 1u] = work[a + (row * N + column) * WORKGROUP];
            }
        }
        // Of each step's pivot row, what it took in those before, at the back.
        // scalars
        var lower: array<array<T, PANEL>, PANEL>;
        // scalars
        var pivots: array<u32, PANEL>;
        for (var s = 0u; s < PANEL; s++) {
            let step = first + s;
            let is_step = step < N;
            var pivot = 0u;
            var largest = Bits(0);
            // scalars
            var u: array<T, PANEL>;
            // unroll
            for (var row = 0u; row < N; row++) {
                let bits = magnitude_bits(size_of(panel[row][0])) + Bits(1);
                let is_better = step_of[row] == N && bits > largest;
                largest = select(largest, bits, is_better);
                pivot = select(pivot, row, is_better);
                // unroll
                for (var z = 0u; z < PANEL; z++) {
                    u[z] = select(u[z], panel[row][z], is_better);
                }
            }
            if (is_step && largest == Bits(1) && zero_pivot == 0u) {
                zero_pivot = step + 1u;
            }
            let inverse_pivot = reciprocal(u[0]);
            // unroll
            for (var r = 1u; r < PANEL; r++) {
                pivots[r - 1u] = pivots[r];
                // unroll
                for (var z = 0u; z < PANEL; z++) {
                    lower[r - 1u][z] = lower[r][z];
                }
            }
            pivots[PANEL - 1u] = pivot;
            // unroll
            for (var z = 0u; z < PANEL; z++) {
                lower[PANEL - 1u][z] = u[z];
                u[z] = select(T(), u[z], z + s < PANEL);
            }
            // unroll
            for (var row = 0u; row < N; row++) {
                let is_pivot = is_step && pivot == row;
                let factor = select(-times(panel[row][0], inverse_pivot), T(), is_pivot || !is_step);
                // unroll
                for (var z = 1u; z < PANEL; z++) {
                    panel[row][z - 1u] = plus_product(panel[row][z], factor, u[z]);
                }
                panel[row][PANEL - 1u] = factor;
                step_of[row] = select(step_of[row], step, is_pivot);
                scale[row] = select(scale[row], inverse_pivot, is_pivot);
            }
            if (is_step) {
                pivot_of[order + step * WORKGROUP] = pivot;
            }
        }
        // A pivot row starts from its own u, and takes the later steps only.
        // unroll
        for (var row = 0u; row < N; row++) {
            let own = step_of[row] - first;
            let is_pivot = own < PANEL;
            // unroll
            for (var s = 0u; s < PANEL; s++) {
                panel[row][s] = select(panel[row][s], select(T(), one(), own == s), is_pivot && s <= own);
            }
        }
        for (var column = 0u; column < N; column++) {
            let is_outside = column - first >= PANEL;
            // scalars
            var u: array<T, PANEL>;
            // unroll
            for (var s = 0u; s < PANEL; s++) {
                let unit = select(T(), one(), column - first == s);
                u[s] = select(unit, work[a + (pivots[s] * N + column) * WORKGROUP], is_outside);
                // unroll
                for (var t = 0u; t < s; t++) {
                    u[s] = plus_product(u[s], lower[s][PANEL - s + t], u[t]);
                }
                u[s] = select(u[s], T(), first + s >= N);
            }
            // unroll
            for (var row = 0u; row < N; row++) {
                let at = a + (row * N + column) * WORKGROUP;
                var sum = select(T(), work[at], is_outside && step_of[row] - first >= PANEL);
                // unroll
                for (var s = 0u; s < PANEL; s++) {
                    sum = plus_product(sum, panel[row][s], u[s]);
                }
                work[at] = sum;
            }
        }
    }

    let singular = finite && zero_pivot != 0u;
    let usable = finite && !singular;
    var inverse_norm = Bits(0);
    if (is_inside) {
        for (var column = 0u; column < N; column++) {
            let to = base + pivot_of[order + column * WORKGROUP];
            var sum = F(0);
            // unroll
            for (var row = 0u; row < N; row++) {
                let scaled = times(work[a + (row * N + column) * WORKGROUP], scale[row]);
                let value = select(nan_number(params.zero), scaled, usable);
                inverse[to + step_of[row] * N] = value;
                sum += modulus(value);
            }
            inverse_norm = max(inverse_norm, magnitude_bits(sum));
        }
        let condition = select(make_nan(params.zero), reciprocal_condition(norm, inverse_norm, singular), finite);
        report(matrix, select(0u, zero_pivot, singular), condition);
    }
}
