// Scalar products of the columns of every pair of blocks that meet in a round. A workgroup sums over
// one part of the rows.
//
// gram: (batch, pairs, parts, ORDER, ORDER), in row i and column j column i's adjoint times column j;
// zero for columns beyond the last. columns: (batch, n, height); unfinished: (batch,) 0
// for matrices that need none.
// Constants: T (f32, f64, vec2 of either), F (the type of its parts), ORDER (even, columns of two blocks),
// ROWS (rows in workgroup memory), WORKGROUP (at least (ORDER / 2)²).
// uses: grid, jacobi_pairs

struct Params {
    batch: u32,
    pairs: u32,
    round: u32,
    parts: u32,
    span: u32,  // rows of a part, a multiple of ROWS
    m: u32,
    n: u32,
    height: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> gram: array<T>;
@group(0) @binding(1) var<storage, read> columns: array<T>;
@group(0) @binding(2) var<storage, read> unfinished: array<i32>;

const HALF = ORDER / 2u;
// One more than necessary, since rows that begin in one bank of workgroup memory are slow to write.
const STEP = ORDER + 1u;

var<workgroup> tile: array<T, ROWS * STEP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count);
    let meeting = id / params.parts;
    let matrix = meeting / params.pairs;
    if (matrix >= params.batch) {
        return;
    }
    if (unfinished[matrix] == 0) {
        return;
    }
    let blocks = players_of(meeting % params.pairs, params.round, 2u * params.pairs);
    let begin = id % params.parts * params.span;
    let end = min(begin + params.span, params.m);
    // Each invocation has four products: of columns i and i + HALF with columns j and j + HALF.
    let i = lane / HALF;
    let j = lane % HALF;
    var sums = array<T, 4>(T(), T(), T(), T());
    for (var first = begin; first < end; first += ROWS) {
        for (var at = lane; at < ROWS * ORDER; at += WORKGROUP) {
            let row = first + at % ROWS;
            let column = member_of(blocks, at / ROWS, HALF);
            var value = T();
            if (row < end && column < params.n) {
                value = columns[(matrix * params.n + column) * params.height + row];
            }
            tile[at % ROWS * STEP + at / ROWS] = value;
        }
        workgroupBarrier();
        if (i < HALF) {
            for (var row = 0u; row < ROWS; row++) {
                let left = conjugate(tile[row * STEP + i]);
                let left_half = conjugate(tile[row * STEP + i + HALF]);
                let right = tile[row * STEP + j];
                let right_half = tile[row * STEP + j + HALF];
                sums[0] += times(left, right);
                sums[1] += times(left, right_half);
                sums[2] += times(left_half, right);
                sums[3] += times(left_half, right_half);
            }
        }
        workgroupBarrier();
    }
    if (i < HALF) {
        let at = (id * ORDER + i) * ORDER + j;
        gram[at] = sums[0];
        gram[at + HALF] = sums[1];
        gram[at + HALF * ORDER] = sums[2];
        gram[at + HALF * ORDER + HALF] = sums[3];
    }
}
