// out = Mᴴ M of lower triangular M, exactly Hermitian: only tiles that reach the diagonal or below it are computed, and stored
// on both sides.
//
// triangle: (batch, n, n) M, with zeros above the diagonal; out: (batch, n, n).
// Constants: T (real or complex), those of lib/product_tiles (ALONG_I1 and ALONG_I2 false).
// WIDTH, INVOCATIONS, TILE_ROWS: of lib/product_tiles.
// uses: grid

struct Params {
    batch: u32,
    n: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read> triangle: array<T>;
@group(1) @binding(0) var<uniform> params: Params;

var<private> base: u32;
// Row of M from which on there is something to multiply.
var<private> first_term: u32;

fn place1(matrix: u32, row: u32) -> u32 {
    return row;
}

// Columns beyond the end repeat the last one: what comes of them is not stored.
fn element1(row: u32, i: u32) -> Few {
    var few: Few;
    if (first_term + i < params.n) {
        // unroll
        for (var e = 0u; e < WIDTH; e++) {
            few[e] = conjugate(triangle[base + (first_term + i) * params.n + min(row + e, params.n - 1u)]);
        }
    }
    return few;
}

fn place2(matrix: u32, column: u32) -> u32 {
    return column;
}

fn element2(column: u32, i: u32) -> Few {
    var few: Few;
    if (first_term + i < params.n) {
        // unroll
        for (var e = 0u; e < WIDTH; e++) {
            few[e] = triangle[base + (first_term + i) * params.n + min(column + e, params.n - 1u)];
        }
    }
    return few;
}

fn first_sums(matrix: u32, row: u32, column: u32) -> Few {
    return Few();
}

fn finish(matrix: u32, row: u32, column: u32, sums: Few) {
    if (row < params.n) {
        // unroll
        for (var e = 0u; e < WIDTH; e++) {
            let at = column + e;
            if (at < row) {
                out[base + row * params.n + at] = sums[e];
                out[base + at * params.n + row] = conjugate(sums[e]);
            } else if (at == row) {
                out[base + row * params.n + row] = of_real(real_part(sums[e]));
            }
        }
    }
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let tile = tile_at(workgroup_number(workgroup, count), params.n, params.n);
    if (tile.matrix >= params.batch || tile.first_column >= tile.first_row + TILE_ROWS) {
        return;
    }
    base = tile.matrix * params.n * params.n;
    first_term = max(tile.first_row, tile.first_column);
    multiply(tile, params.n - first_term, lane);
}
