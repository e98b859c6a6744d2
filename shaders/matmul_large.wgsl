// out[b] = x1[b] @ x2[b] of operands whose rows are whole vectors, a tile of TILE_ROWS by TILE_COLUMNS results per workgroup.
//
// out: (batch, m, n), x1: (batch, m, k), x2: (batch, k, n), all T and contiguous; n and k multiples of WIDTH.
// Constants: those of lib/product_tiles (WIDTH, TILE_ROWS, TILE_COLUMNS, …), of which ALONG_I1 is true and ALONG_I2 false;
// WHOLE (whether k is a multiple of DEPTH).
// T (any number that WGSL has vectors of): declared by kernels/matmul.py; Few: vectors of it, by kernels/product.py.
// uses: grid

struct Params {
    batch: u32,
    m: u32,
    n: u32,
    k: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<Few>;
@group(0) @binding(1) var<storage, read> x1: array<Few>;
@group(0) @binding(2) var<storage, read> x2: array<Few>;
@group(1) @binding(0) var<uniform> params: Params;

// Rows and columns beyond the end repeat the last one: what comes of them is not stored.
fn place1(matrix: u32, row: u32) -> u32 {
    return (matrix * params.m + min(row, params.m - 1u)) * (params.k / WIDTH);
}

fn element1(place: u32, i: u32) -> Few {
    if (!WHOLE && i >= params.k) {
        return Few();
    }
    return x1[place + i / WIDTH];
}

fn place2(matrix: u32, column: u32) -> u32 {
    return (matrix * params.k * params.n + min(column, params.n - WIDTH)) / WIDTH;
}

fn element2(place: u32, i: u32) -> Few {
    if (!WHOLE && i >= params.k) {
        return Few();
    }
    return x2[place + i * (params.n / WIDTH)];
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
    if (tile.matrix >= params.batch) {
        return;
    }
    multiply(tile, params.k, lane);
}
