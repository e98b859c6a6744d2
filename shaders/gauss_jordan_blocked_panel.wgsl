// Second pass of the blocked inverse: eliminates the PANEL columns from `first` on, in place.
//
// One workgroup per matrix; an invocation owns every WORKGROUP-th row. work: (batch, n, n) T;
// step_of: (batch, n) the step in which a row was the pivot; pivot_of: (batch, n) the row that was
// the pivot of a step; info: (batch) 1-based step of the first zero pivot.
// Constants: T (f32, f64), PANEL (1 to 64), WORKGROUP (at least SEARCHERS, to the device's limit).
// uses: grid, gauss_jordan_blocked

@group(0) @binding(0) var<storage, read_write> work: array<T>;
@group(0) @binding(1) var<storage, read_write> step_of: array<u32>;
@group(0) @binding(2) var<storage, read_write> pivot_of: array<u32>;
@group(0) @binding(3) var<storage, read_write> info: array<i32>;

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
    for (var column = 0u; column < params.width; column++) {
        var row_found = UNUSED;
        var best = Bits(0);
        for (var row = lane; row < n; row += WORKGROUP) {
            let bits = magnitude_bits(work[base + row * n + column]);
            if (step_of[matrix * n + row] == UNUSED && is_better(bits, row, best, row_found)) {
                row_found = row;
                best = bits;
            }
        }
        found_bits[lane] = best;
        found_row[lane] = row_found;
        workgroupBarrier();
        if (lane < SEARCHERS) {
            for (var i = lane + SEARCHERS; i < WORKGROUP; i += SEARCHERS) {
                if (is_better(found_bits[i], found_row[i], best, row_found)) {
                    row_found = found_row[i];
                    best = found_bits[i];
                }
            }
            found_bits[lane] = best;
            found_row[lane] = row_found;
        }
        workgroupBarrier();
        var pivot = found_row[0];
        best = found_bits[0];
        for (var i = 1u; i < SEARCHERS; i++) {
            if (is_better(found_bits[i], found_row[i], best, pivot)) {
                pivot = found_row[i];
                best = found_bits[i];
            }
        }

        let is_owner = lane == pivot % WORKGROUP;
        if (is_owner) {
            let reciprocal = T(1) / work[base + pivot * n + column];
            for (var i = 0u; i < params.width; i++) {
                let scaled = select(work[base + pivot * n + i], T(1), i == column) * reciprocal;
                pivot_row[i] = scaled;
                work[base + pivot * n + i] = scaled;
            }
            let step = params.first + column;
            step_of[matrix * n + pivot] = step;
            pivot_of[matrix * n + step] = pivot;
            if (best == Bits(0) && info[matrix] == 0) {
                info[matrix] = i32(step + 1u);
            }
        }
        // The owner of a row is the only one that reads or writes it here, but `info` is the
        // business of whichever invocation owns the pivot.
        storageBarrier();
        workgroupBarrier();
        for (var row = lane; row < n; row += WORKGROUP) {
            if (row != pivot) {
                let at = base + row * n;
                let factor = -work[at + column];
                work[at + column] = T(0);
                for (var i = 0u; i < params.width; i++) {
                    work[at + i] += factor * pivot_row[i];
                }
            }
        }
        workgroupBarrier();
    }
}
