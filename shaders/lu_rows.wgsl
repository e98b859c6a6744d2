// Brings the columns right of a panel up to date in the panel's rows: exchanges rows as the
// panel did, then solves with its unit lower triangle. An invocation per column.
//
// right: (batch, n, n_cols), columns from first_col on; panel: (batch, BLOCK, n) and pivots:
// (batch, n) of lu_panel.
// Constants: T (real or complex), BLOCK (at least 1), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    column: u32,     // first row and column of the panel
    width: u32,      // its columns, at most BLOCK
    n_cols: u32,     // of right
    first_col: u32,  // of right
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> right: array<T>;
@group(0) @binding(1) var<storage, read> panel: array<T>;
@group(0) @binding(2) var<storage, read> pivots: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let columns = params.n_cols - params.first_col;
    let matrix = id / columns;
    if (matrix >= params.batch) {
        return;
    }
    let n = params.n;
    let column_at = matrix * n * params.n_cols + params.first_col + id % columns;
    let panel_at = matrix * BLOCK * n + params.column;
    var solved: array<T, BLOCK>;
    for (var p = 0u; p < params.width; p++) {
        let upper_at = column_at + (params.column + p) * params.n_cols;
        let lower_at = column_at + pivots[matrix * n + params.column + p] * params.n_cols;
        var value = right[lower_at];
        right[lower_at] = right[upper_at];
        for (var q = 0u; q < p; q++) {
            value = minus(value, times(panel[panel_at + q * n + p], solved[q]));
        }
        solved[p] = value;
        right[upper_at] = value;
    }
}
