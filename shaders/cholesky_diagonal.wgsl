// Factors a diagonal block of every matrix: a workgroup per matrix, in registers.
//
// work: (batch, ld, ld), of which the upper triangle is read; with KEPT the block's becomes U. factor: (batch, BLOCK, BLOCK) receives
// U, with the reciprocal of its diagonal. info: (batch,) 0, or the order of the first leading minor that is not positive.
// Constants: T (real or complex), BLOCK (a multiple of 4), KEPT, those of lib/symmetric_tile: ORDER and STEPS are BLOCK, MEMBERS 1.
// INVOCATIONS: of lib/symmetric_tile.
// uses: grid, symmetric_tile

struct Params {
    batch: u32,
    ld: u32,
    first: u32,  // row and column of the block
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> work: array<T>;
@group(0) @binding(1) var<storage, read_write> factor: array<T>;
@group(0) @binding(2) var<storage, read_write> info: array<i32>;

fn place(matrix: u32, i: u32, j: u32) -> u32 {
    return (matrix * params.ld + params.first + i) * params.ld + params.first + j;
}

fn load_four(matrix: u32, i: u32, j: u32, k: u32) -> Four {
    let at = place(matrix, i + k, j);
    return Four(work[at], work[at + 1u], work[at + 2u], work[at + 3u]);
}

fn keep(matrix: u32, row: u32, column: u32, element: T, divisor: T) {
    factor[(matrix * BLOCK + row) * BLOCK + column] = divisor;
    if (KEPT) {
        work[place(matrix, row, column)] = element;
    }
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let matrix = workgroup_number(workgroup, count);
    if (matrix >= params.batch) {
        return;
    }
    load_squares(lane, matrix);
    eliminate(0u, lane, matrix);
    if (lane == 0u) {
        let minor = minors[0];
        if (params.first == 0u) {
            info[matrix] = i32(minor);
        } else if (minor != 0u && info[matrix] == 0) {
            info[matrix] = i32(params.first + minor);
        }
    }
}
