// Takes a block of the solution, BACK steps from `first` on, to the right-hand sides of the steps above: a product with U's columns.
//
// work: (batch, ld, pitch) T, whose columns from ld on change; step_of: (2, batch, ld); solved: (batch, BACK, pitch - ld) T of lu_blocked_back.
// Constants: T (real or complex, with parts F), BACK (a multiple of DEPTH), those of lib/product_tiles (WIDTH, TILE_ROWS, TILE_COLUMNS, …), of which
// ALONG_I1 is true and ALONG_I2 false; Few: vectors of T, by kernels/product.py. pitch - ld is a multiple of TILE_COLUMNS.
// uses: grid

@group(0) @binding(0) var<storage, read_write> work: array<Few>;
@group(0) @binding(1) var<storage, read> step_of: array<u32>;
@group(0) @binding(2) var<storage, read> solved: array<Few>;

struct Params {
    batch: u32,
    ld: u32,
    pitch: u32,
    first: u32,      // as many steps are above
    n_columns: u32,  // right-hand sides
}
@group(1) @binding(0) var<uniform> params: Params;

// Of the row of U in step `step`. Beyond the end the last one is repeated: what comes of it is not stored.
fn start_of(matrix: u32, step: u32) -> u32 {
    let pivot_of = step_of[(params.batch + matrix) * params.ld + min(step, params.first - 1u)];
    return (matrix * params.ld + pivot_of) * (params.pitch / WIDTH);
}

fn place1(matrix: u32, row: u32) -> u32 {
    return start_of(matrix, row) + params.first / WIDTH;
}

fn element1(place: u32, i: u32) -> Few {
    return negative(work[place + i / WIDTH]);
}

fn place2(matrix: u32, column: u32) -> u32 {
    return (matrix * BACK * (params.pitch - params.ld) + column) / WIDTH;
}

fn element2(place: u32, i: u32) -> Few {
    return solved[place + i * ((params.pitch - params.ld) / WIDTH)];
}

fn first_sums(matrix: u32, row: u32, column: u32) -> Few {
    return work[start_of(matrix, row) + (params.ld + column) / WIDTH];
}

fn finish(matrix: u32, row: u32, column: u32, sums: Few) {
    if (row < params.first) {
        work[start_of(matrix, row) + (params.ld + column) / WIDTH] = sums;
    }
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let tile = tile_at(workgroup_number(workgroup, count), params.first, params.n_columns);
    if (tile.matrix >= params.batch) {
        return;
    }
    multiply(tile, BACK, lane);
}
