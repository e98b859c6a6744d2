// out[b] = x1[b] @ x2[b] of operands with any steps, a tile of TILE_ROWS by TILE_COLUMNS results per workgroup.
//
// out: (batch, m, n) R, x1: (batch, m, k), x2: (batch, k, n), both S, all with any steps. Of sums that are cut, out has
// the parts: (batch, n_parts, m, n).
// Constants: those of lib/product_tiles (WIDTH, TILE_ROWS, TILE_COLUMNS, …), of which ALONG_I1 and ALONG_I2 say along which
// axis neighbouring lanes read; IS_LAST (whether out is an operand of the plan, and so has an offset).
// R, S, T, load(), store(): declared by kernels/matmul.py. T is any number.
// uses: grid

struct Params {
    operands: array<vec4<u32>, 3>,  // element offset of out, x1, x2
    out_steps: vec4<u32>,           // between matrices, rows, columns; two's complement
    x1_steps: vec4<u32>,
    x2_steps: vec4<u32>,
    batch: u32,
    m: u32,
    n: u32,
    k: u32,
    n_parts: u32,                   // of each sum
    n_terms: u32,                   // of each part
}
@group(0) @binding(0) var<storage, read_write> out: array<R>;
@group(0) @binding(1) var<storage, read> x1: array<S>;
@group(0) @binding(2) var<storage, read> x2: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

// Where the terms of this workgroup begin, and how many there are.
var<private> base1: u32;
var<private> base2: u32;
var<private> own_terms: u32;

fn place1(matrix: u32, row: u32) -> u32 {
    return row;
}

// Rows and columns beyond the end repeat the last one: what comes of them is not stored.
fn element1(row: u32, i: u32) -> Few {
    var few: Few;
    // unroll
    for (var e = 0u; e < WIDTH; e++) {
        let own_row = min(row + select(e, 0u, ALONG_I1), params.m - 1u);
        let own_i = i + select(0u, e, ALONG_I1);
        if (own_i < own_terms) {
            few[e] = load(x1[base1 + own_row * params.x1_steps.y + own_i * params.x1_steps.z]);
        }
    }
    return few;
}

fn place2(matrix: u32, column: u32) -> u32 {
    return column;
}

fn element2(column: u32, i: u32) -> Few {
    var few: Few;
    // unroll
    for (var e = 0u; e < WIDTH; e++) {
        let own_column = min(column + select(e, 0u, ALONG_I2), params.n - 1u);
        let own_i = i + select(0u, e, ALONG_I2);
        if (own_i < own_terms) {
            few[e] = load(x2[base2 + own_i * params.x2_steps.y + own_column * params.x2_steps.z]);
        }
    }
    return few;
}

fn first_sums(matrix: u32, row: u32, column: u32) -> Few {
    return Few();
}

fn finish(matrix: u32, row: u32, column: u32, sums: Few) {
    if (row < params.m) {
        let base = select(0u, params.operands[0].x, IS_LAST) + matrix * params.out_steps.x + row * params.out_steps.y;
        // unroll
        for (var e = 0u; e < WIDTH; e++) {
            if (column + e < params.n) {
                out[base + (column + e) * params.out_steps.z] = store(sums[e]);
            }
        }
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
    base1 = params.operands[1].x + matrix * params.x1_steps.x + first * params.x1_steps.z;
    base2 = params.operands[2].x + matrix * params.x2_steps.x + first * params.x2_steps.y;
    own_terms = min(params.n_terms, params.k - first);
    multiply(tile, own_terms, lane);
}
