// Multiplies the columns of every pair of blocks that meet in a round by the product of their rotations.
// A workgroup per pair and ROWS rows, an invocation for four elements of one row.
//
// columns: (batch, n, height); turn: (batch, pairs, 2, ORDER, ORDER), is_turned: (batch, pairs), of jacobi_rotate.
// Constants: T (f32, f64, vec2 of either), F (the type of its parts), ORDER (even, columns of two blocks),
// ROWS (rows in workgroup memory), WORKGROUP (ROWS times ORDER / 4, rounded up).
// uses: grid, jacobi_pairs

struct Params {
    batch: u32,
    pairs: u32,
    round: u32,
    n: u32,
    height: u32,
    first: u32,  // the first row that is turned
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> columns: array<T>;
@group(0) @binding(1) var<storage, read> turn: array<T>;
@group(0) @binding(2) var<storage, read> is_turned: array<u32>;

const HALF = ORDER / 2u;
const STEP = WORKGROUP / ROWS * 4u;

var<workgroup> tile: array<T, ORDER * ROWS>;
// Rows are filled up with zeros to a multiple of four.
var<workgroup> product: array<T, ORDER * STEP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count);
    let tiles = (params.height - params.first + ROWS - 1u) / ROWS;
    let meeting = id / tiles;
    let matrix = meeting / params.pairs;
    if (matrix >= params.batch) {
        return;
    }
    if (is_turned[meeting] == 0u) {
        return;
    }
    let blocks = players_of(meeting % params.pairs, params.round, 2u * params.pairs);
    let row = params.first + id % tiles * ROWS + lane % ROWS;
    for (var at = lane; at < ORDER * STEP; at += WORKGROUP) {
        var value = T();
        if (at % STEP < ORDER) {
            value = turn[(2u * meeting * ORDER + at / STEP) * ORDER + at % STEP];
        }
        product[at] = value;
    }
    for (var at = lane; at < ORDER * ROWS; at += WORKGROUP) {
        let column = member_of(blocks, at / ROWS, HALF);
        var value = T();
        if (row < params.height && column < params.n) {
            value = columns[(matrix * params.n + column) * params.height + row];
        }
        tile[at] = value;
    }
    workgroupBarrier();
    let first_member = lane / ROWS * 4u;
    var sums = array<T, 4>(T(), T(), T(), T());
    for (var k = 0u; k < ORDER; k++) {
        let value = tile[k * ROWS + lane % ROWS];
        let at = k * STEP + first_member;
        sums[0] += times(value, product[at]);
        sums[1] += times(value, product[at + 1u]);
        sums[2] += times(value, product[at + 2u]);
        sums[3] += times(value, product[at + 3u]);
    }
    for (var i = 0u; i < 4u; i++) {
        let column = member_of(blocks, first_member + i, HALF);
        if (first_member + i < ORDER && row < params.height && column < params.n) {
            columns[(matrix * params.n + column) * params.height + row] = sums[i];
        }
    }
}
