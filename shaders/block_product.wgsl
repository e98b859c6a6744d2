// A block of a matrix product: out[r, c] = ±Σ left[r, i] x2[i, c], whose rows, columns and terms are ranges of one numbering.
//
// out, x2: (batch, n, n), as is what left() of lib/left_* reads. Blocks of each matrix come in pairs along the diagonal, 2 size
// after another: columns begin at the corner of a pair, rows and terms at it or `size` later, and all are `size` long, up to n.
// Constants: T (real or complex), those of lib/product_tiles (ALONG_I1 true, ALONG_I2 false), NEGATED (the sign), and of which
// factor elements above the diagonal are zeros that need no multiplying: LOWER1, LOWER2.
// WIDTH, INVOCATIONS, TILE_ROWS: of lib/product_tiles.
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    pairs: u32,       // in each matrix
    size: u32,
    first_row: u32,   // 0 or size, from the corner
    first_term: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read> x2: array<T>;
@group(1) @binding(0) var<uniform> params: Params;

// Where the matrices begin, the block in them, and what this workgroup sums over.
var<private> base: u32;
var<private> first_row: u32;
var<private> end_row: u32;
var<private> first_column: u32;
var<private> end_column: u32;
var<private> first_term: u32;
var<private> end_term: u32;

// Rows and columns beyond the end repeat the last one: what comes of them is not stored.
fn place1(matrix: u32, row: u32) -> u32 {
    return base + min(first_row + row, end_row - 1u) * params.n;
}

fn element1(place: u32, i: u32) -> Few {
    var few: Few;
    // unroll
    for (var e = 0u; e < WIDTH; e++) {
        if (first_term + i + e < end_term) {
            few[e] = left(place + first_term + i + e);
        }
    }
    return few;
}

fn place2(matrix: u32, column: u32) -> u32 {
    return column;
}

fn element2(column: u32, i: u32) -> Few {
    var few: Few;
    if (first_term + i < end_term) {
        // unroll
        for (var e = 0u; e < WIDTH; e++) {
            few[e] = x2[base + (first_term + i) * params.n + min(first_column + column + e, end_column - 1u)];
        }
    }
    return few;
}

fn first_sums(matrix: u32, row: u32, column: u32) -> Few {
    return Few();
}

fn finish(matrix: u32, row: u32, column: u32, sums: Few) {
    if (first_row + row < end_row) {
        // unroll
        for (var e = 0u; e < WIDTH; e++) {
            let at = first_column + column + e;
            if (at < end_column) {
                if (NEGATED) {
                    out[base + (first_row + row) * params.n + at] = minus(T(), sums[e]);
                } else {
                    out[base + (first_row + row) * params.n + at] = sums[e];
                }
            }
        }
    }
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let n = params.n;
    let size = params.size;
    let tile = tile_at(workgroup_number(workgroup, count), size, size);
    let matrix = tile.matrix / params.pairs;
    let corner = tile.matrix % params.pairs * 2u * size;
    if (matrix >= params.batch || corner + params.first_row + tile.first_row >= n) {
        return;
    }
    base = matrix * n * n;
    first_row = corner + params.first_row;
    end_row = min(first_row + size, n);
    first_column = corner;
    end_column = min(corner + size, n);
    first_term = corner + params.first_term;
    end_term = min(first_term + size, n);
    if (LOWER1) {
        end_term = min(end_term, first_term + tile.first_row + TILE_ROWS);
    }
    if (LOWER2) {
        first_term += tile.first_column;
    }
    multiply(tile, end_term - first_term, lane);
}
