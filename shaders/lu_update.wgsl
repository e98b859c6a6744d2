// right[i, :] -= left[i, :] @ right[source_row : source_row + width, :] for first_row <= i < end_row.
//
// A workgroup per 32 x 32 tile; an invocation computes four rows of one column of it.
//
// right: (batch, n, n_cols), columns from first_col on. left: per matrix n_rows x width, with
// any steps: the panel (column-major) or the factored matrix.
// Constants: T (real or complex), BLOCK (1 to 32; 64 BLOCK elements of workgroup memory).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    n_cols: u32,      // of right
    first_col: u32,   // of right
    first_row: u32,
    end_row: u32,
    source_row: u32,  // outside first_row .. end_row
    width: u32,       // at most BLOCK
    left_matrix: u32, // elements of left between matrices
    left_first: u32,  // element of left at row 0 and column 0
    left_row: u32,    // elements between rows
    left_col: u32,    // elements between columns
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> right: array<T>;
@group(0) @binding(1) var<storage, read> left: array<T>;

const TILE: u32 = 32u;
const WORKGROUP: u32 = 256u;

var<workgroup> left_tile: array<array<T, TILE>, BLOCK>;
var<workgroup> right_tile: array<array<T, TILE>, BLOCK>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let tiles_across = (params.n_cols - params.first_col + TILE - 1u) / TILE;
    let tiles_down = (params.end_row - params.first_row + TILE - 1u) / TILE;
    let tile = workgroup_number(workgroup, count);
    let matrix = tile / (tiles_across * tiles_down);
    if (matrix >= params.batch) {
        return;
    }
    let first_col = params.first_col + tile % tiles_across * TILE;
    let first_row = params.first_row + tile / tiles_across % tiles_down * TILE;
    let right_at = matrix * params.n * params.n_cols;
    let left_at = matrix * params.left_matrix + params.left_first;
    for (var e = lane; e < params.width * TILE; e += WORKGROUP) {
        let p = e / TILE;
        let i = e % TILE;
        let row = min(first_row + i, params.end_row - 1u);
        let col = min(first_col + i, params.n_cols - 1u);
        left_tile[p][i] = left[left_at + row * params.left_row + p * params.left_col];
        right_tile[p][i] = right[right_at + (params.source_row + p) * params.n_cols + col];
    }
    workgroupBarrier();

    let col = lane % TILE;
    let row = lane / TILE * 4u;
    var sums = Four();
    for (var p = 0u; p < params.width; p++) {
        let factors = Four(left_tile[p][row], left_tile[p][row + 1u], left_tile[p][row + 2u], left_tile[p][row + 3u]);
        sums = plus_multiple(sums, right_tile[p][col], factors);
    }
    if (first_col + col >= params.n_cols) {
        return;
    }
    for (var i = 0u; i < 4u; i++) {
        if (first_row + row + i < params.end_row) {
            let at = right_at + (first_row + row + i) * params.n_cols + first_col + col;
            right[at] = minus(right[at], sums[i]);
        }
    }
}
