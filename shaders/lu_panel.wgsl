// Factors `width` columns of every matrix, P A = L U with partial pivoting: a workgroup per matrix.
//
// lu: (batch, n, n), rows and columns before `column` are done; receives U's diagonal block.
// panel: (batch, BLOCK, n), column-major; receives L (unit diagonal not stored) and U.
// pivots: (batch, n) row that was exchanged with the row of each step.
// info: (batch,) 0, or 1-based step of the first zero pivot; 0 when the matrix holds NaN.
// Constants: T (real or complex), BLOCK (1 to WORKGROUP), WORKGROUP (a power of two up to the device's
// limit).
// Source: Golub and Van Loan, Matrix Computations, algorithm 3.4.1, on a panel.
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    column: u32,  // first column of the panel
    width: u32,   // its columns, at most BLOCK
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> lu: array<T>;
@group(0) @binding(1) var<storage, read_write> panel: array<T>;
@group(0) @binding(2) var<storage, read_write> pivots: array<u32>;
@group(0) @binding(3) var<storage, read_write> info: array<i32>;

const NAN_KEY: Bits = ~Bits(0);

var<workgroup> keys: array<Bits, WORKGROUP>;
var<workgroup> rows: array<u32, WORKGROUP>;

// The size of an element as an integer; the larger part of a complex one must not hide the other's NaN.
fn pivot_key(x: T) -> Bits {
    return select(magnitude_bits(size_of(x)), NAN_KEY, holds_nan(x));
}

// The row from `first` on whose magnitude in the column at `column_at` is the largest, the
// uppermost of equals. As integers magnitudes order NaN above everything, so NaN is found.
fn pivot_row(column_at: u32, first: u32, lane: u32) -> u32 {
    var key = Bits(0);
    var row = first;
    for (var i = first + lane; i < params.n; i += WORKGROUP) {
        let candidate = pivot_key(panel[column_at + i]);
        if (candidate > key) {
            key = candidate;
            row = i;
        }
    }
    keys[lane] = key;
    rows[lane] = row;
    workgroupBarrier();
    for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
        if (lane < half) {
            let other = lane + half;
            if (keys[other] > keys[lane] || (keys[other] == keys[lane] && rows[other] < rows[lane])) {
                keys[lane] = keys[other];
                rows[lane] = rows[other];
            }
        }
        workgroupBarrier();
    }
    return rows[0];
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
    let lu_at = matrix * n * n + params.column;
    let panel_at = matrix * BLOCK * n;
    if (lane == 0u && params.column == 0u) {
        info[matrix] = 0;
    }
    for (var e = lane; e < (n - params.column) * params.width; e += WORKGROUP) {
        let i = params.column + e / params.width;
        let p = e % params.width;
        panel[panel_at + p * n + i] = lu[lu_at + i * n + p];
    }
    storageBarrier();

    for (var step = 0u; step < params.width; step++) {
        let diagonal = params.column + step;
        let column_at = panel_at + step * n;
        let row = pivot_row(column_at, diagonal, lane);
        if (lane < params.width) {
            let at = panel_at + lane * n;
            let upper = panel[at + diagonal];
            panel[at + diagonal] = panel[at + row];
            panel[at + row] = upper;
        }
        workgroupBarrier();  // Everyone has read the row found, before the next search writes.
        storageBarrier();
        let pivot = panel[column_at + diagonal];
        let singular = is_zero(pivot);
        if (lane == 0u) {
            pivots[matrix * n + diagonal] = row;
            if (singular && info[matrix] == 0) {
                info[matrix] = i32(diagonal + 1u);
            }
        }
        for (var i = diagonal + 1u + lane; i < n; i += WORKGROUP) {
            // Below a zero pivot everything is zero already.
            var factor = T();
            if (!singular) {
                factor = over(panel[column_at + i], pivot);
            }
            panel[column_at + i] = factor;
            for (var p = step + 1u; p < params.width; p++) {
                let at = panel_at + p * n;
                panel[at + i] = minus(panel[at + i], times(factor, panel[at + diagonal]));
            }
        }
        storageBarrier();
    }

    for (var e = lane; e < params.width * params.width; e += WORKGROUP) {
        let i = params.column + e / params.width;
        let p = e % params.width;
        lu[lu_at + i * n + p] = panel[panel_at + p * n + i];
    }
    // A NaN anywhere in the matrix has reached the last pivot: the matrix is not called singular.
    let last = panel_at + (params.width - 1u) * n + n - 1u;
    if (lane == 0u && params.column + params.width == n && holds_nan(panel[last])) {
        info[matrix] = 0;
    }
}
