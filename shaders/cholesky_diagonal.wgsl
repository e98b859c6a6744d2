// Factors a diagonal block of every matrix in place: a workgroup per matrix.
//
// With UPPER the matrix lies transposed: its upper triangle then is the lower one of the conjugate
// matrix, whose factor, transposed, is the upper factor that is wanted.
//
// out: (batch, n, n); info: (batch,) 0, or the order of the first leading minor that is not positive.
// Constants: T (real or complex), BLOCK (1 to 32; BLOCK² elements of workgroup memory), UPPER,
// WORKGROUP (1 to the device's limit).
// Source: Golub and Van Loan, Matrix Computations, 4th ed., algorithm 4.2.2 (outer products).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    column: u32,  // first row and column of the block
    width: u32,   // its order, at most BLOCK
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read_write> info: array<i32>;

var<workgroup> tile: array<array<T, BLOCK>, BLOCK>;

// Where row i and column j of the block of a matrix lie.
fn place(matrix: u32, i: u32, j: u32) -> u32 {
    let row = params.column + select(i, j, UPPER);
    let col = params.column + select(j, i, UPPER);
    return (matrix * params.n + row) * params.n + col;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let matrix = workgroup_number(workgroup, count);
    if (matrix >= params.batch) {
        return;
    }
    let width = params.width;
    for (var e = lane; e < width * width; e += WORKGROUP) {
        tile[e / width][e % width] = out[place(matrix, e / width, e % width)];
    }
    if (lane == 0u && params.column == 0u) {
        info[matrix] = 0;
    }
    for (var step = 0u; step < width; step++) {
        workgroupBarrier();
        let pivot = real_part(tile[step][step]);
        let is_positive = pivot > F(0) && !is_nan(pivot);
        let root = select(F(1), sqrt(pivot), is_positive);
        for (var i = step + 1u + lane; i < width; i += WORKGROUP) {
            tile[i][step] = over_real(tile[i][step], root);
        }
        workgroupBarrier();
        if (lane == 0u) {
            tile[step][step] = of_real(root);
            if (!is_positive && info[matrix] == 0) {
                info[matrix] = i32(params.column + step + 1u);
            }
        }
        let rest = width - step - 1u;
        for (var e = lane; e < rest * rest; e += WORKGROUP) {
            let i = step + 1u + e / rest;
            let j = step + 1u + e % rest;
            if (j <= i) {
                tile[i][j] = minus(tile[i][j], times(tile[i][step], conjugate(tile[j][step])));
            }
        }
    }
    workgroupBarrier();
    for (var e = lane; e < width * width; e += WORKGROUP) {
        if (e % width <= e / width) {
            out[place(matrix, e / width, e % width)] = tile[e / width][e % width];
        }
    }
}
