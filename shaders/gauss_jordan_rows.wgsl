// Inverses of matrices of order N ≤ 32: a group of LANES invocations per matrix, a row in the
// registers of each; MATRICES groups in a workgroup.
//
// Gauss-Jordan elimination in place with implicit row pivoting, columns rotating through position 0
// (see gauss_jordan_thread.wgsl). Pivot search and pivot row go through workgroup memory. Lanes
// beyond the order, and groups beyond the batch, work on a copy of the first row or matrix, and
// keep what they find to themselves, so that every barrier is met by all.
// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
//
// x, inverse: (batch, N, N) T.
// Constants: T (f32, f64), N (1 to 32), LANES (a power of two, N to 32), MATRICES (at least 1).
// uses: grid, condition

@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read_write> inverse: array<T>;

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

const INVOCATIONS = LANES * MATRICES;
const UNUSED = 0xffffffffu;

var<workgroup> keys: array<Bits, INVOCATIONS>;
var<workgroup> is_open: array<u32, INVOCATIONS>;
var<workgroup> pivot_row: array<T, MATRICES * N>;
var<workgroup> pivot_of: array<u32, MATRICES * N>;

// The largest of one value per lane of the group.
fn group_max(value: Bits, group: u32, lane: u32) -> Bits {
    keys[group * LANES + lane] = value;
    workgroupBarrier();
    var largest = Bits(0);
    for (var other = 0u; other < LANES; other++) {
        largest = max(largest, keys[group * LANES + other]);
    }
    workgroupBarrier();
    return largest;
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) invocation: u32) {
    let group = invocation / LANES;
    let lane = invocation % LANES;
    let matrix = workgroup_number(workgroup, count) * MATRICES + group;
    let exists = matrix < params.batch;
    let is_row = lane < N;
    let base = select(0u, matrix, exists) * N * N;
    let row = select(0u, lane, is_row);

    // The lane reads a column for the norm, which is coalesced, and a row to keep.
    var a: array<T, N>;
    var sum = T(0);
    var largest = Bits(0);
    for (var i = 0u; i < N; i++) {
        let element = x[base + i * N + row];
        sum += abs(element);
        largest = max(largest, magnitude_bits(element));
        a[i] = x[base + row * N + i];
    }
    let norm = group_max(magnitude_bits(sum), group, lane);
    let finite = is_finite(from_magnitude_bits(group_max(largest, group, lane)));

    var step_of = UNUSED;
    var scale = T(0);
    var zero_pivot = 0u;
    for (var step = 0u; step < N; step++) {
        keys[invocation] = magnitude_bits(a[0]);
        is_open[invocation] = select(0u, 1u, is_row && step_of == UNUSED);
        workgroupBarrier();
        var pivot = UNUSED;
        var best = Bits(0);
        for (var other = 0u; other < N; other++) {
            let bits = keys[group * LANES + other];
            if (is_open[group * LANES + other] != 0u && (pivot == UNUSED || bits > best)) {
                pivot = other;
                best = bits;
            }
        }
        let is_pivot = is_row && lane == pivot;
        if (is_pivot) {
            for (var i = 0u; i < N; i++) {
                pivot_row[group * N + i] = a[i];
            }
            pivot_of[group * N + step] = lane;
        }
        workgroupBarrier();
        if (best == Bits(0) && zero_pivot == 0u) {
            zero_pivot = step + 1u;
        }
        let inverse_pivot = reciprocal(pivot_row[group * N]);
        let factor = select(-a[0] * inverse_pivot, T(0), is_pivot);
        for (var i = 1u; i < N; i++) {
            a[i - 1u] = a[i] + factor * pivot_row[group * N + i];
        }
        a[N - 1u] = select(factor, T(1), is_pivot);
        scale = select(scale, inverse_pivot, is_pivot);
        step_of = select(step_of, step, is_pivot);
    }

    let singular = finite && zero_pivot != 0u;
    let usable = finite && !singular;
    if (exists && is_row) {
        for (var i = 0u; i < N; i++) {
            inverse[base + step_of * N + pivot_of[group * N + i]] = select(make_nan(params.zero), a[i] * scale, usable);
        }
    }
    storageBarrier();
    workgroupBarrier();
    sum = T(0);
    for (var i = 0u; i < N; i++) {
        sum += abs(inverse[base + i * N + row]);
    }
    let inverse_norm = group_max(magnitude_bits(sum), group, lane);
    if (exists && lane == 0u) {
        let condition = select(make_nan(params.zero), reciprocal_condition(norm, inverse_norm, singular), finite);
        report(matrix, select(0u, zero_pivot, singular), condition);
    }
}
