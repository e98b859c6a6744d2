// The heart of a matrix product: TILE_ROWS by TILE_COLUMNS sums per workgroup, in registers, while tiles of both operands
// pass through workgroup memory. As one pair of tiles is multiplied, the next is on its way into registers.
//
// How to use it: give main() @workgroup_size(INVOCATIONS), let tile_at() say which tile a workgroup computes, return if its
// matrix is beyond the batch, then call multiply(tile, n_terms, lane), once and by all invocations. It calls the functions
// that the shader on top declares; Few is WIDTH neighbours:
//   place1(matrix, row) -> u32          whatever element1 wants to know of a row, asked once, outside of the loop
//   element1(place, i) -> Few           terms i, i+1, … of a row if ALONG_I1, else term i of rows row, row+1, …
//   place2(matrix, column) -> u32       the same of a column of the other operand
//   element2(place, i) -> Few           terms i, i+1, … of a column if ALONG_I2, else term i of columns column, column+1, …
//   first_sums(matrix, row, column) -> Few   where the sums at columns column, column+1, … begin: Few() for a plain product
//   finish(matrix, row, column, sums)   takes these sums; it must leave out what is beyond the last row or column
// Rows and columns given to place1, place2 and first_sums may be beyond the end, then any numbers do that do no harm (such as
// those of the last row); terms from n_terms up to the next multiple of DEPTH must be zeros. Of one workgroup, every
// first_sums comes before every finish, so that a result may be updated in place.
//
// Constants: TILE_ROWS, TILE_COLUMNS (powers of two), DEPTH (a power of two from WIDTH on),
// ROWS_EACH, COLUMNS_EACH (sums of an invocation: WIDTH, 2 WIDTH, …), LANES_ACROSS (1 to 32: neighbouring invocations that share
// rows; TILE_COLUMNS is a multiple of it times COLUMNS_EACH, TILE_ROWS of ROWS_EACH times what it leaves of 32 invocations),
// UNROLLED (a divisor of DEPTH: terms written out), STRIPE (at least 1: tiles side by side whose workgroups
// follow each other), SPREAD (see there; it asks for tiles of at least 8 WIDTH, and at most that DEPTH), ALONG_I1, ALONG_I2.
// Each invocation must load at least one vector of either tile.
// Workgroup memory: (TILE_ROWS + TILE_COLUMNS) DEPTH elements. kernels/product.py declares all this.
// T, Few, WIDTH, with_products() of lib/few_*.
// uses: tile_order
// Source: V. Volkov and J. Demmel, Benchmarking GPUs to tune dense linear algebra, SC 2008.

const INVOCATIONS = TILE_ROWS / ROWS_EACH * (TILE_COLUMNS / COLUMNS_EACH);
const LANES = min(32u, INVOCATIONS);
const LANES_DOWN = LANES / LANES_ACROSS;
const GROUPS_ACROSS = TILE_COLUMNS / (COLUMNS_EACH * LANES_ACROSS);
// In vectors of WIDTH elements: of an invocation, and of a line of either tile.
const ROW_VECTORS = ROWS_EACH / WIDTH;
const COLUMN_VECTORS = COLUMNS_EACH / WIDTH;
const LINE1 = TILE_ROWS / WIDTH;
const LINE2 = TILE_COLUMNS / WIDTH;
const DEPTH_VECTORS = DEPTH / WIDTH;
const LOADS1 = LINE1 * DEPTH / INVOCATIONS;
const LOADS2 = LINE2 * DEPTH / INVOCATIONS;

// Both by term first, so that what an invocation multiplies lies side by side.
var<workgroup> tile1: array<array<Few, LINE1>, DEPTH>;
var<workgroup> tile2: array<array<Few, LINE2>, DEPTH>;

// Where a vector lies in line i of a tile. Lanes that store neighbours along i would meet in the same banks of workgroup
// memory. To keep them apart pays where an invocation has few sums (4 by 4: up to 15 % on an H100); where it has many, the
// addresses in the inner loop cost more (8 by 8: 3 %).
fn spread(vector: u32, i: u32, along_i: bool) -> u32 {
    if (SPREAD && along_i) {
        return vector ^ (i / WIDTH * max(1u, 8u * WIDTH / DEPTH));
    }
    return vector;
}

// Position in the tile and term of the first vector that an invocation loads, and the same between this and its next.
fn load_at(lane: u32, line: u32, along_i: bool) -> vec2<u32> {
    if (along_i) {
        return vec2<u32>(lane / DEPTH_VECTORS, lane % DEPTH_VECTORS * WIDTH);
    }
    return vec2<u32>(lane % line * WIDTH, lane / line);
}

fn load_step(line: u32, along_i: bool) -> vec2<u32> {
    if (along_i) {
        return vec2<u32>(INVOCATIONS / DEPTH_VECTORS, 0u);
    }
    return vec2<u32>(0u, INVOCATIONS / line);
}

fn multiply(tile: Tile, n_terms: u32, lane: u32) {
    let group = lane / LANES;
    let row_vector = group / GROUPS_ACROSS * (LANES_DOWN * ROW_VECTORS) + lane % LANES / LANES_ACROSS;
    let column_vector = group % GROUPS_ACROSS * (LANES_ACROSS * COLUMN_VECTORS) + lane % LANES_ACROSS;
    let row = tile.first_row + row_vector * WIDTH;
    let column = tile.first_column + column_vector * WIDTH;
    let at1 = load_at(lane, LINE1, ALONG_I1);
    let at2 = load_at(lane, LINE2, ALONG_I2);
    let step1 = load_step(LINE1, ALONG_I1);
    let step2 = load_step(LINE2, ALONG_I2);

    // scalars
    var places1: array<u32, LOADS1>;
    // scalars
    var next1: array<Few, LOADS1>;
    // unroll
    for (var l = 0u; l < LOADS1; l++) {
        places1[l] = place1(tile.matrix, tile.first_row + at1.x + l * step1.x);
        next1[l] = element1(places1[l], at1.y + l * step1.y);
    }
    // scalars
    var places2: array<u32, LOADS2>;
    // scalars
    var next2: array<Few, LOADS2>;
    // unroll
    for (var l = 0u; l < LOADS2; l++) {
        places2[l] = place2(tile.matrix, tile.first_column + at2.x + l * step2.x);
        next2[l] = element2(places2[l], at2.y + l * step2.y);
    }
    // scalars
    var sums: array<array<Few, COLUMN_VECTORS>, ROWS_EACH>;
    // unroll
    for (var r = 0u; r < ROWS_EACH; r++) {
        // unroll
        for (var c = 0u; c < COLUMN_VECTORS; c++) {
            sums[r][c] = first_sums(tile.matrix, row + r / WIDTH * LANES_DOWN * WIDTH + r % WIDTH,
                                    column + c * LANES_ACROSS * WIDTH);
        }
    }

    // The last pass loads its own terms once more, which is cheaper than to ask whether there are any left.
    let last = (n_terms - 1u) / DEPTH * DEPTH;
    for (var first = 0u; first <= last; first += DEPTH) {
        workgroupBarrier();
        // unroll
        for (var l = 0u; l < LOADS1; l++) {
            let at = at1 + l * step1;
            if (ALONG_I1) {
                // unroll
                for (var e = 0u; e < WIDTH; e++) {
                    tile1[at.y + e][spread(at.x / WIDTH, at.y, true)][at.x % WIDTH] = next1[l][e];
                }
            } else {
                tile1[at.y][at.x / WIDTH] = next1[l];
            }
        }
        // unroll
        for (var l = 0u; l < LOADS2; l++) {
            let at = at2 + l * step2;
            if (ALONG_I2) {
                // unroll
                for (var e = 0u; e < WIDTH; e++) {
                    tile2[at.y + e][spread(at.x / WIDTH, at.y, true)][at.x % WIDTH] = next2[l][e];
                }
            } else {
                tile2[at.y][at.x / WIDTH] = next2[l];
            }
        }
        workgroupBarrier();
        let next = min(first + DEPTH, last);
        // unroll
        for (var l = 0u; l < LOADS1; l++) {
            next1[l] = element1(places1[l], next + at1.y + l * step1.y);
        }
        // unroll
        for (var l = 0u; l < LOADS2; l++) {
            next2[l] = element2(places2[l], next + at2.y + l * step2.y);
        }
        for (var i = 0u; i < DEPTH; i += UNROLLED) {
            // unroll
            for (var j = 0u; j < UNROLLED; j++) {
                // scalars
                var left: array<Few, ROW_VECTORS>;
                // unroll
                for (var r = 0u; r < ROW_VECTORS; r++) {
                    left[r] = tile1[i + j][spread(row_vector + r * LANES_DOWN, i + j, ALONG_I1)];
                }
                // scalars
                var right: array<Few, COLUMN_VECTORS>;
                // unroll
                for (var c = 0u; c < COLUMN_VECTORS; c++) {
                    right[c] = tile2[i + j][spread(column_vector + c * LANES_ACROSS, i + j, ALONG_I2)];
                }
                // unroll
                for (var r = 0u; r < ROWS_EACH; r++) {
                    // unroll
                    for (var c = 0u; c < COLUMN_VECTORS; c++) {
                        sums[r][c] = with_products(sums[r][c], left[r / WIDTH][r % WIDTH], right[c]);
                    }
                }
            }
        }
    }
    // unroll
    for (var r = 0u; r < ROWS_EACH; r++) {
        // unroll
        for (var c = 0u; c < COLUMN_VECTORS; c++) {
            finish(tile.matrix, row + r / WIDTH * LANES_DOWN * WIDTH + r % WIDTH,
                   column + c * LANES_ACROSS * WIDTH, sums[r][c]);
        }
    }
}
