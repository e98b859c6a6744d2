// Inverses of matrices that fit workgroup memory whole: one workgroup per matrix.
//
// Gauss-Jordan elimination in place with implicit row pivoting. A step copies the pivot row and
// the column of factors, then updates every element; rows are scaled by their pivot at the end.
// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
//
// x, inverse: (batch, N, N) T.
// Constants: T (f32, f64), N (at least 1), WORKGROUP (at least SEARCHERS, to the device's limit).
// uses: grid, condition

@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read_write> inverse: array<T>;

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

// The search for a pivot, and a maximum, take two rounds: this many invocations look at
// their share, then every invocation looks at what these found.
const SEARCHERS = 16u;
const UNUSED = 0xffffffffu;

var<workgroup> a: array<T, N * N>;
var<workgroup> pivot_row: array<T, N>;
var<workgroup> factors: array<T, N>;
var<workgroup> scale: array<T, N>;
var<workgroup> step_of: array<u32, N>;  // the step in which a row was the pivot
var<workgroup> pivot_of: array<u32, N>;  // the row that was the pivot of a step
var<workgroup> found_bits: array<Bits, SEARCHERS>;
var<workgroup> found_row: array<u32, SEARCHERS>;
var<workgroup> sums: array<Bits, N>;

// The largest of `sums`.
fn largest_sum(lane: u32) -> Bits {
    workgroupBarrier();
    if (lane < SEARCHERS) {
        var largest = Bits(0);
        for (var i = lane; i < N; i += SEARCHERS) {
            largest = max(largest, sums[i]);
        }
        found_bits[lane] = largest;
    }
    workgroupBarrier();
    var largest = Bits(0);
    for (var i = 0u; i < SEARCHERS; i++) {
        largest = max(largest, found_bits[i]);
    }
    workgroupBarrier();
    return largest;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let matrix = workgroup_number(workgroup, count);
    if (matrix >= params.batch) {
        return;
    }
    let base = matrix * N * N;
    for (var i = lane; i < N * N; i += WORKGROUP) {
        a[i] = x[base + i];
    }
    for (var i = lane; i < N; i += WORKGROUP) {
        step_of[i] = UNUSED;
    }
    workgroupBarrier();
    for (var column = lane; column < N; column += WORKGROUP) {
        var largest = Bits(0);
        for (var row = 0u; row < N; row++) {
            largest = max(largest, magnitude_bits(a[row * N + column]));
        }
        sums[column] = largest;
    }
    let finite = is_finite(from_magnitude_bits(largest_sum(lane)));
    for (var column = lane; column < N; column += WORKGROUP) {
        var sum = T(0);
        for (var row = 0u; row < N; row++) {
            sum += abs(a[row * N + column]);
        }
        sums[column] = magnitude_bits(sum);
    }
    let norm = largest_sum(lane);

    var zero_pivot = 0u;
    for (var step = 0u; step < N; step++) {
        if (lane < SEARCHERS) {
            var row_found = UNUSED;
            var best = Bits(0);
            for (var row = lane; row < N; row += SEARCHERS) {
                let bits = magnitude_bits(a[row * N + step]);
                if (step_of[row] == UNUSED && (row_found == UNUSED || bits > best)) {
                    row_found = row;
                    best = bits;
                }
            }
            found_row[lane] = row_found;
            found_bits[lane] = best;
        }
        workgroupBarrier();
        var pivot = UNUSED;
        var best = Bits(0);
        for (var i = 0u; i < SEARCHERS; i++) {
            if (found_row[i] != UNUSED && (pivot == UNUSED || found_bits[i] > best)) {
                pivot = found_row[i];
                best = found_bits[i];
            }
        }
        if (best == Bits(0) && zero_pivot == 0u) {
            zero_pivot = step + 1u;
        }
        let inverse_pivot = reciprocal(a[pivot * N + step]);
        for (var i = lane; i < N; i += WORKGROUP) {
            pivot_row[i] = a[pivot * N + i];
            factors[i] = select(-a[i * N + step] * inverse_pivot, T(0), i == pivot);
        }
        if (lane == 0u) {
            step_of[pivot] = step;
            pivot_of[step] = pivot;
            scale[pivot] = inverse_pivot;
        }
        workgroupBarrier();
        for (var i = lane; i < N * N; i += WORKGROUP) {
            let row = i / N;
            let column = i % N;
            let in_column = select(factors[row], T(1), row == pivot);
            a[i] = select(a[i] + factors[row] * pivot_row[column], in_column, column == step);
        }
        workgroupBarrier();
    }

    let singular = finite && zero_pivot != 0u;
    let usable = finite && !singular;
    for (var i = lane; i < N * N; i += WORKGROUP) {
        let row = pivot_of[i / N];
        let value = a[row * N + step_of[i % N]] * scale[row];
        inverse[base + i] = select(make_nan(params.zero), value, usable);
    }
    for (var column = lane; column < N; column += WORKGROUP) {
        var sum = T(0);
        for (var row = 0u; row < N; row++) {
            sum += abs(a[row * N + column] * scale[row]);
        }
        sums[column] = magnitude_bits(sum);
    }
    let inverse_norm = largest_sum(lane);
    if (lane == 0u) {
        let condition = select(make_nan(params.zero), reciprocal_condition(norm, inverse_norm, singular), finite);
        report(matrix, select(0u, zero_pivot, singular), condition);
    }
}
