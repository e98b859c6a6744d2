// product_tiles where a workgroup is one subgroup: the names are the same, and so is what they ask for.
//
// For software adapters. A load costs llvmpipe as much as a hundred products, from whatever memory, and an exchange between the
// elements of a vector as much as two. So the invocations share out what they load of the rows, and each has some columns of all rows.
//
// Constants: TILE_ROWS, TILE_COLUMNS (multiples of INVOCATIONS WIDTH), ALONG_I1, ALONG_I2, STRIPE. n_terms is rounded up to a multiple of
// WIDTH. Subgroups must have 8 invocations, or a multiple of it. No workgroup memory.
// T, Few, WIDTH, with_products() of lib/few_*.
// uses: tile_order

const INVOCATIONS = 8u;
const COLUMN_VECTORS = TILE_COLUMNS / (INVOCATIONS * WIDTH);
const ROW_VECTORS = TILE_ROWS / (INVOCATIONS * WIDTH);

fn multiply(tile: Tile, n_terms: u32, lane: u32) {
    let column = tile.first_column + lane * WIDTH;
    // An invocation loads rows lane WIDTH, lane WIDTH + 1, … of every INVOCATIONS WIDTH.
    // scalars
    var places1: array<array<u32, WIDTH>, ROW_VECTORS>;
    // unroll
    for (var r = 0u; r < ROW_VECTORS; r++) {
        // unroll
        for (var e = 0u; e < WIDTH; e++) {
            places1[r][e] = place1(tile.matrix, tile.first_row + (r * INVOCATIONS + lane) * WIDTH + e);
        }
    }
    // scalars
    var places2: array<array<u32, WIDTH>, COLUMN_VECTORS>;
    // unroll
    for (var c = 0u; c < COLUMN_VECTORS; c++) {
        // unroll
        for (var e = 0u; e < WIDTH; e++) {
            places2[c][e] = place2(tile.matrix, column + c * INVOCATIONS * WIDTH + e);
        }
    }
    // Rows come in through the last and go out through the first, so that neither is written out for each of them.
    // scalars
    var sums: array<array<Few, COLUMN_VECTORS>, TILE_ROWS>;
    for (var row = 0u; row < TILE_ROWS; row++) {
        // unroll
        for (var c = 0u; c < COLUMN_VECTORS; c++) {
            // unroll
            for (var r = 1u; r < TILE_ROWS; r++) {
                sums[r - 1u][c] = sums[r][c];
            }
            sums[TILE_ROWS - 1u][c] = first_sums(tile.matrix, tile.first_row + row, column + c * INVOCATIONS * WIDTH);
        }
    }
    for (var i = 0u; i < n_terms; i += WIDTH) {
        // Rows by vector and place in it, each with WIDTH terms if ALONG_I1, else terms, each with WIDTH rows.
        // scalars
        var left: array<array<Few, WIDTH>, ROW_VECTORS>;
        // unroll
        for (var r = 0u; r < ROW_VECTORS; r++) {
            // unroll
            for (var e = 0u; e < WIDTH; e++) {
                if (ALONG_I1) {
                    left[r][e] = element1(places1[r][e], i);
                } else {
                    left[r][e] = element1(places1[r][0], i + e);
                }
            }
        }
        // scalars
        var right: array<array<Few, WIDTH>, COLUMN_VECTORS>;
        // unroll
        for (var c = 0u; c < COLUMN_VECTORS; c++) {
            // unroll
            for (var e = 0u; e < WIDTH; e++) {
                if (ALONG_I2) {
                    right[c][e] = element2(places2[c][e], i);
                } else {
                    right[c][e] = element2(places2[c][0], i + e);
                }
            }
        }
        // By term, as rows.
        // scalars
        var rows: array<array<Few, COLUMN_VECTORS>, WIDTH>;
        // unroll
        for (var j = 0u; j < WIDTH; j++) {
            // unroll
            for (var c = 0u; c < COLUMN_VECTORS; c++) {
                rows[j][c] = right[c][j];
                if (ALONG_I2) {
                    // unroll
                    for (var e = 0u; e < WIDTH; e++) {
                        rows[j][c][e] = right[c][e][j];
                    }
                }
            }
        }
        // unroll
        for (var r = 0u; r < TILE_ROWS; r++) {
            // unroll
            for (var j = 0u; j < WIDTH; j++) {
                var factor = left[r / (INVOCATIONS * WIDTH)][j][r % WIDTH];
                if (ALONG_I1) {
                    factor = left[r / (INVOCATIONS * WIDTH)][r % WIDTH][j];
                }
                factor = subgroupBroadcast(factor, r / WIDTH % INVOCATIONS);
                // unroll
                for (var c = 0u; c < COLUMN_VECTORS; c++) {
                    sums[r][c] = fma(Few(factor), rows[j][c], sums[r][c]);
                }
            }
        }
    }
    for (var row = 0u; row < TILE_ROWS; row++) {
        // unroll
        for (var c = 0u; c < COLUMN_VECTORS; c++) {
            finish(tile.matrix, tile.first_row + row, column + c * INVOCATIONS * WIDTH, sums[0][c]);
            // unroll
            for (var r = 1u; r < TILE_ROWS; r++) {
                sums[r - 1u][c] = sums[r][c];
            }
        }
    }
}
