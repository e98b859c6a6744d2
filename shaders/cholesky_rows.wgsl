// Solves the rows below a diagonal block with the factor of that block: an invocation per row.
//
// out: (batch, n, n), transposed where UPPER, as in cholesky_diagonal; panel: (batch, BLOCK, n) receives
// the columns of the factor once more, each contiguous.
// Constants: T (real or complex), BLOCK (1 to 32; BLOCK² elements of workgroup memory), UPPER,
// WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    column: u32,  // first row and column of the block, whose order is BLOCK
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read_write> panel: array<T>;

var<workgroup> tile: array<array<T, BLOCK>, BLOCK>;

// Where row i of a matrix and column j of the block lie.
fn place(matrix: u32, i: u32, j: u32) -> u32 {
    let row = select(i, params.column + j, UPPER);
    let col = select(params.column + j, i, UPPER);
    return (matrix * params.n + row) * params.n + col;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let first = params.column + BLOCK;
    let per_matrix = (params.n - first + WORKGROUP - 1u) / WORKGROUP;
    let number = workgroup_number(workgroup, count);
    let matrix = number / per_matrix;
    if (matrix >= params.batch) {
        return;
    }
    for (var e = lane; e < BLOCK * BLOCK; e += WORKGROUP) {
        tile[e / BLOCK][e % BLOCK] = conjugate(out[place(matrix, params.column + e / BLOCK, e % BLOCK)]);
    }
    workgroupBarrier();
    let row = first + number % per_matrix * WORKGROUP + lane;
    if (row >= params.n) {
        return;
    }
    var solved: array<T, BLOCK>;
    for (var p = 0u; p < BLOCK; p++) {
        var value = out[place(matrix, row, p)];
        for (var q = 0u; q < p; q++) {
            value = minus(value, times(solved[q], tile[p][q]));
        }
        value = over_real(value, real_part(tile[p][p]));
        solved[p] = value;
        out[place(matrix, row, p)] = value;
        panel[(matrix * BLOCK + p) * params.n + row] = value;
    }
}
