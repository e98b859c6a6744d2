// updated[i, j] -= sum over p of left[p, i] * right[p, j], a tile of 64 by 64 per workgroup of 256
// invocations, each of which holds 4 by 4 of them in registers.
//
// updated: (batch, rows, columns) with any steps; left: (batch, ..., width, n_left) and right:
// (batch, ..., width, n_right), rows of which are contiguous.
// Constants: T (real or complex), BLOCK (1 to 32; 128 BLOCK elements of workgroup memory).
// uses: grid

const TILE = 64u;
const INVOCATIONS = 256u;

struct Params {
    batch: u32,
    width: u32,          // at most BLOCK
    first_row: u32,      // of updated, as the next three
    end_row: u32,
    first_col: u32,
    end_col: u32,
    updated_matrix: u32,  // elements of updated between matrices, rows, columns
    updated_row: u32,
    updated_col: u32,
    left_matrix: u32,    // elements between matrices, before the first row, and of a row
    left_first: u32,
    n_left: u32,
    right_matrix: u32,   // the same of right
    right_first: u32,
    n_right: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> updated: array<T>;
@group(0) @binding(1) var<storage, read> left: array<T>;
@group(0) @binding(2) var<storage, read> right: array<T>;

var<workgroup> left_tile: array<array<Four, TILE / 4u>, BLOCK>;
var<workgroup> right_tile: array<array<Four, TILE / 4u>, BLOCK>;

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let across = (params.end_col - params.first_col + TILE - 1u) / TILE;
    let down = (params.end_row - params.first_row + TILE - 1u) / TILE;
    let number = workgroup_number(workgroup, count);
    let matrix = number / across / down;
    let first_row = params.first_row + number / across % down * TILE;
    let first_col = params.first_col + number % across * TILE;
    if (matrix >= params.batch) {
        return;
    }
    let left_at = matrix * params.left_matrix + params.left_first;
    let right_at = matrix * params.right_matrix + params.right_first;
    for (var e = lane; e < params.width * TILE; e += INVOCATIONS) {
        let p = e / TILE;
        let i = e % TILE;
        // Rows and columns beyond the end repeat the last one: what comes of them is not stored.
        left_tile[p][i / 4u][i % 4u] = left[left_at + p * params.n_left + min(first_row + i, params.end_row - 1u)];
        let element = right[right_at + p * params.n_right + min(first_col + i, params.end_col - 1u)];
        right_tile[p][i / 4u][i % 4u] = element;
    }
    workgroupBarrier();

    var sums0 = Four();
    var sums1 = Four();
    var sums2 = Four();
    var sums3 = Four();
    for (var p = 0u; p < params.width; p++) {
        let rows = left_tile[p][lane / 16u];
        let columns = right_tile[p][lane % 16u];
        sums0 = plus_multiple(sums0, rows[0], columns);
        sums1 = plus_multiple(sums1, rows[1], columns);
        sums2 = plus_multiple(sums2, rows[2], columns);
        sums3 = plus_multiple(sums3, rows[3], columns);
    }
    let row = first_row + lane / 16u * 4u;
    let col = first_col + lane % 16u * 4u;
    subtract_row(matrix, row, col, sums0);
    subtract_row(matrix, row + 1u, col, sums1);
    subtract_row(matrix, row + 2u, col, sums2);
    subtract_row(matrix, row + 3u, col, sums3);
}

fn subtract_row(matrix: u32, row: u32, col: u32, row_of_sums: Four) {
    var sums = row_of_sums;
    if (row >= params.end_row) {
        return;
    }
    let base = matrix * params.updated_matrix + row * params.updated_row;
    for (var j = 0u; j < 4u; j++) {
        if (col + j < params.end_col) {
            let at = base + (col + j) * params.updated_col;
            updated[at] = minus(updated[at], sums[j]);
        }
    }
}
