// out = x1 x2 of square matrices.
//
// out, x1, x2: (batch, n, n).
// Constants: T (real or complex), those of lib/product_tiles (ALONG_I1 true, ALONG_I2 false).
// WIDTH, INVOCATIONS: of lib/product_tiles.
// uses: grid

struct Params {
    batch: u32,
    n: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read> x1: array<T>;
@group(0) @binding(2) var<storage, read> x2: array<T>;
@group(1) @binding(0) var<uniform> params: Params;

// Rows and columns beyond the end repeat the last one: what comes of them is not stored.
fn place1(matrix: u32, row: u32) -> u32 {
    return (matrix * params.n + min(row, params.n - 1u)) * params.n;
}

fn element1(place: u32, i: u32) -> Few {
    var few: Few;
    // unroll
    for (var e = 0u; e < WIDTH; e++) {
        if (i + e < params.n) {
            few[e] = x1[place + i + e];
        }
    }
    return few;
}

var<private> base: u32;

fn place2(matrix: u32, column: u32) -> u32 {
    return column;
}

fn element2(column: u32, i: u32) -> Few {
    var few: Few;
    if (i < params.n) {
        // unroll
        for (var e = 0u; e < WIDTH; e++) {
            few[e] = x2[base + i * params.n + min(column + e, params.n - 1u)];
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
            if (column + e < params.n) {
                out[base + row * params.n + column + e] = sums[e];
            }
        }
    }
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let tile = tile_at(workgroup_number(workgroup, count), params.n, params.n);
    if (tile.matrix >= params.batch) {
        return;
    }
    base = tile.matrix * params.n * params.n;
    multiply(tile, params.n, lane);
}
