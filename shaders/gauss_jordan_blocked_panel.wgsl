// Second pass of the blocked inverse: eliminates the PANEL columns from `first` on, in place.
//
// One workgroup per matrix; an invocation holds every WORKGROUP-th row of the panel in registers,
// ROWS of them. The column in work is always column 0, as in gauss_jordan_thread.wgsl, so that no
// register is indexed by a run-time value. work: (batch, n, n) T; factors: (batch, n, PANEL) T, f of this
// panel; scale: (batch, n) T, what a row has to be multiplied by; step_of: (batch, n) the step in
// which a row was the pivot; pivot_of: (batch, n) the row that was the pivot of a step;
// zero_pivot: (batch) 1-based step of the first zero pivot.
// Constants: T (f32, f64), PANEL (1 to 64), ROWS (at least n / WORKGROUP), WORKGROUP (at least
// SEARCHERS, to the device's limit).
// uses: grid, gauss_jordan_blocked

@group(0) @binding(0) var<storage, read_write> work: array<T>;
@group(0) @binding(1) var<storage, read_write> factors: array<T>;
@group(0) @binding(2) var<storage, read_write> scale: array<T>;
@group(0) @binding(3) var<storage, read_write> step_of: array<u32>;
@group(0) @binding(4) var<storage, read_write> pivot_of: array<u32>;
@group(0) @binding(5) var<storage, read_write> zero_pivot: array<u32>;

struct Params {
    n: u32,
    batch: u32,
    first: u32,
    width: u32,  // columns of this panel, PANEL or what is left
}
@group(1) @binding(0) var<uniform> params: Params;

// The search takes two rounds: each invocation looks at its rows, then SEARCHERS of them
// look at what these found, and every invocation at what the searchers did.
const SEARCHERS = 16u;

var<workgroup> found_bits: array<Bits, WORKGROUP>;
var<workgroup> found_row: array<u32, WORKGROUP>;
var<workgroup> pivot_row: array<T, PANEL>;

var<private> a: array<array<T, PANEL>, ROWS>;

// The better of two candidates: the larger magnitude, then the smaller row number.
fn is_better(bits: Bits, row: u32, than_bits: Bits, than_row: u32) -> bool {
    return row != UNUSED && (than_row == UNUSED || bits > than_bits || (bits == than_bits && row < than_row));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let matrix = workgroup_number(workgroup, count);
    if (matrix >= params.batch) {
        return;
    }
    let n = params.n;
    let base = matrix * n * n + params.first;
    var is_open: array<bool, ROWS>;
    for (var i = 0u; i < ROWS; i++) {
        let row = i * WORKGROUP + lane;
        is_open[i] = row < n && step_of[matrix * n + min(row, n - 1u)] == UNUSED;
        for (var column = 0u; column < PANEL; column++) {
            if (row < n && column < params.width) {
                a[i][column] = work[base + row * n + column];
            }
        }
    }

    for (var column = 0u; column < params.width; column++) {
        var pivot = UNUSED;
        var best = Bits(0);
        for (var i = 0u; i < ROWS; i++) {
            let bits = magnitude_bits(a[i][0]);
            if (is_open[i] && (pivot == UNUSED || bits > best)) {
                pivot = i * WORKGROUP + lane;
                best = bits;
            }
        }
        found_bits[lane] = best;
        found_row[lane] = pivot;
        workgroupBarrier();
        if (lane < SEARCHERS) {
            for (var i = lane + SEARCHERS; i < WORKGROUP; i += SEARCHERS) {
                if (is_better(found_bits[i], found_row[i], best, pivot)) {
                    pivot = found_row[i];
                    best = found_bits[i];
                }
            }
            found_bits[lane] = best;
            found_row[lane] = pivot;
        }
        workgroupBarrier();
        pivot = found_row[0];
        best = found_bits[0];
        for (var i = 1u; i < SEARCHERS; i++) {
            if (is_better(found_bits[i], found_row[i], best, pivot)) {
                pivot = found_row[i];
                best = found_bits[i];
            }
        }
        for (var i = 0u; i < ROWS; i++) {
            if (i * WORKGROUP + lane == pivot) {
                pivot_row = a[i];
                is_open[i] = false;
            }
        }
        if (lane == 0u) {
            let step = params.first + column;
            step_of[matrix * n + pivot] = step;
            pivot_of[matrix * n + step] = pivot;
            if (best == Bits(0) && zero_pivot[matrix] == 0u) {
                zero_pivot[matrix] = step + 1u;
            }
        }
        workgroupBarrier();
        let inverse_pivot = reciprocal(pivot_row[0]);
        for (var i = 0u; i < ROWS; i++) {
            let row = i * WORKGROUP + lane;
            let is_pivot = row == pivot;
            let factor = select(-a[i][0] * inverse_pivot, T(0), is_pivot);
            for (var j = 1u; j < PANEL; j++) {
                a[i][j - 1u] = a[i][j] + factor * pivot_row[j];
            }
            a[i][PANEL - 1u] = select(factor, T(1), is_pivot);
            if (row < n) {
                factors[(matrix * n + row) * PANEL + column] = factor;
            }
        }
        if (lane == 0u) {
            scale[matrix * n + pivot] = inverse_pivot;
        }
    }

    // `width` rotations have left the columns at the back.
    for (var i = 0u; i < ROWS; i++) {
        let row = i * WORKGROUP + lane;
        for (var j = 0u; j < PANEL; j++) {
            if (row < n && j + params.width >= PANEL) {
                work[base + row * n + j + params.width - PANEL] = a[i][j];
            }
        }
    }
}
