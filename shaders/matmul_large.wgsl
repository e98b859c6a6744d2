// out[b] = x1[b] @ x2[b] of operands whose rows, or else columns, are whole vectors: a tile of TILE_ROWS by TILE_COLUMNS
// results per workgroup.
//
// out: (batch, m, n), contiguous, n a multiple of WIDTH; x1: (batch, m, k), x2: (batch, k, n), of whose last two axes one has
// unit steps and a multiple of WIDTH elements; all T. Of sums that are cut, out has the parts: (batch, n_parts, m, n).
// Constants: those of lib/product_tiles (WIDTH, TILE_ROWS, TILE_COLUMNS, …), of which ALONG_I1 and ALONG_I2 say whether the
// vectors of an operand are terms of one sum; WHOLE (whether all parts are multiples of DEPTH).
// T (any number that WGSL has vectors of): declared by kernels/matmul.py; Few: vectors of it, by kernels/product.py.
// uses: grid

struct Params {
    batch: u32,
    m: u32,
    n: u32,
    k: u32,
    n_parts: u32,  // of each sum
    n_terms: u32,  // of each part
    matrix1: u32,  // vectors between the matrices of x1
    line1: u32,    // vectors between its rows, or columns
    matrix2: u32,
    line2: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<Few>;
@group(0) @binding(1) var<storage, read> x1: array<Few>;
@group(0) @binding(2) var<storage, read> x2: array<Few>;
@group(1) @binding(0) var<uniform> params: Params;

// Where the terms of this workgroup begin, and how many there are.
var<private> base1: u32;
var<private> base2: u32;
var<private> own_terms: u32;

// Rows and columns beyond the end repeat the last one: what comes of them is not stored.
fn place1(matrix: u32, row: u32) -> u32 {
    if (ALONG_I1) {
        return base1 + min(row, params.m - 1u) * params.line1;
    }
    return base1 + min(row, params.m - WIDTH) / WIDTH;
}

fn element1(place: u32, i: u32) -> Few {
    if (!WHOLE && i >= own_terms) {
        return Few();
    }
    return x1[place + select(i * params.line1, i / WIDTH, ALONG_I1)];
}

fn place2(matrix: u32, column: u32) -> u32 {
    if (ALONG_I2) {
        return base2 + min(column, params.n - 1u) * params.line2;
    }
    return base2 + min(column, params.n - WIDTH) / WIDTH;
}

fn element2(place: u32, i: u32) -> Few {
    if (!WHOLE && i >= own_terms) {
        return Few();
    }
    return x2[place + select(i * params.line2, i / WIDTH, ALONG_I2)];
}

fn first_sums(matrix: u32, row: u32, column: u32) -> Few {
    return Few();
}

fn finish(matrix: u32, row: u32, column: u32, sums: Few) {
    if (row < params.m && column < params.n) {
        out[((matrix * params.m + row) * params.n + column) / WIDTH] = sums;
    }
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let tile = tile_at(workgroup_number(workgroup, count), params.m, params.n);
    let matrix = tile.matrix / params.n_parts;
    let first = tile.matrix % params.n_parts * params.n_terms;
    if (matrix >= params.batch) {
        return;
    }
    base1 = matrix * params.matrix1 + select(first * params.line1, first / WIDTH, ALONG_I1);
    base2 = matrix * params.matrix2 + select(first * params.line2, first / WIDTH, ALONG_I2);
    own_terms = min(params.n_terms, params.k - first);
    multiply(tile, own_terms, lane);
}
