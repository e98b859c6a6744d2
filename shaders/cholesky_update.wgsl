// work -= Pᴴ P: what the rows P of some blocks take away from the rest of the matrix, on and above its diagonal.
//
// work: (batch, ld, ld); panel: (batch, PANEL, ld) P, of cholesky_rows. A tile per workgroup: of all rows and columns from `begin` on, of
// which those below the diagonal have nothing to do; or, with STRIP, of the BLOCK rows from `strip` on and their mirror image, which
// is all that the next block asks for before the others follow. With SWEPT, work counts as 0 in the rows and columns of blocks that
// have been eliminated, and they take P of their own and later blocks.
// Constants: T (real or complex), BLOCK (a multiple of TILE_ROWS and DEPTH), PANEL (a multiple of BLOCK), SWEPT, STRIP, those of
// lib/product_tiles (ALONG_I1 and ALONG_I2 false, square tiles).
// WIDTH, INVOCATIONS, TILE_ROWS, TILE_COLUMNS: of lib/product_tiles.
// uses: grid

struct Params {
    batch: u32,
    ld: u32,
    first: u32,  // row and column of the first block of P
    terms: u32,  // rows of P
    begin: u32,
    strip: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> work: array<Few>;
@group(0) @binding(1) var<storage, read> panel: array<Few>;

var<private> first_term: u32;
var<private> is_cleared: bool;

fn place1(matrix: u32, row: u32) -> u32 {
    return ((matrix * PANEL + first_term) * params.ld + row) / WIDTH;
}

fn element1(place: u32, i: u32) -> Few {
    let p = panel[place + i * (params.ld / WIDTH)];
    var few: Few;
    // unroll
    for (var e = 0u; e < WIDTH; e++) {
        few[e] = minus(T(), conjugate(p[e]));
    }
    return few;
}

fn place2(matrix: u32, column: u32) -> u32 {
    return ((matrix * PANEL + first_term) * params.ld + column) / WIDTH;
}

fn element2(place: u32, i: u32) -> Few {
    return panel[place + i * (params.ld / WIDTH)];
}

fn first_sums(matrix: u32, row: u32, column: u32) -> Few {
    if (is_cleared) {
        return Few();
    }
    return work[((matrix * params.ld + row) * params.ld + column) / WIDTH];
}

fn finish(matrix: u32, row: u32, column: u32, sums: Few) {
    work[((matrix * params.ld + row) * params.ld + column) / WIDTH] = sums;
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let order = params.ld - params.begin;
    var tile: Tile;
    if (STRIP) {
        tile = tile_at(number, BLOCK, order);
        tile.first_row += params.strip;
        tile.first_column += params.begin;
        if (tile.first_column < params.strip) {
            tile = Tile(tile.matrix, tile.first_column, tile.first_row);
        }
    } else {
        tile = tile_at(number, order, order);
        tile.first_row += params.begin;
        tile.first_column += params.begin;
    }
    if (tile.matrix >= params.batch || tile.first_column < tile.first_row) {
        return;
    }
    first_term = 0u;
    is_cleared = false;
    if (SWEPT) {
        let down = tile.first_row - params.first;
        let across = tile.first_column - params.first;
        is_cleared = down < params.terms || across < params.terms;
        first_term = max(select(0u, down, down < params.terms), select(0u, across, across < params.terms)) / BLOCK * BLOCK;
    }
    multiply(tile, params.terms - first_term, lane);
}
