// Multiplies the columns of every pair of blocks that meet in a round by the product of their rotations.
// A workgroup per pair and ROWS rows.
//
// columns: (batch, n, height); turn: (batch, pairs, 2, ORDER, ORDER), is_turned: (batch, pairs), of jacobi_rotate.
// Constants: T (f32, f64, vec2 of either), R (the type of its parts), ORDER (even, columns of two blocks),
// ROWS (rows in workgroup memory), WORKGROUP (1 to the device's limit).
// uses: grid, jacobi_pairs

struct Params {
    batch: u32,
    pairs: u32,
    round: u32,
    n: u32,
    height: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> columns: array<T>;
@group(0) @binding(1) var<storage, read> turn: array<T>;
@group(0) @binding(2) var<storage, read> is_turned: array<u32>;

const HALF = ORDER / 2u;

var<workgroup> tile: array<T, ORDER * ROWS>;
var<workgroup> product: array<T, ORDER * ORDER>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count);
    let tiles = (params.height + ROWS - 1u) / ROWS;
    let meeting = id / tiles;
    let matrix = meeting / params.pairs;
    if (matrix >= params.batch) {
        return;
    }
    if (is_turned[meeting] == 0u) {
        return;
    }
    let blocks = players_of(meeting % params.pairs, params.round, 2u * params.pairs);
    let first = id % tiles * ROWS;
    for (var at = lane; at < ORDER * ORDER; at += WORKGROUP) {
        product[at] = turn[2u * meeting * ORDER * ORDER + at];
    }
    for (var at = lane; at < ORDER * ROWS; at += WORKGROUP) {
        let row = first + at % ROWS;
        let column = member_of(blocks, at / ROWS, HALF);
        var value = T();
        if (row < params.height && column < params.n) {
            value = columns[(matrix * params.n + column) * params.height + row];
        }
        tile[at] = value;
    }
    workgroupBarrier();
    for (var at = lane; at < ORDER * ROWS; at += WORKGROUP) {
        let row = first + at % ROWS;
        let member = at / ROWS;
        let column = member_of(blocks, member, HALF);
        if (row < params.height && column < params.n) {
            var sum = T();
            for (var k = 0u; k < ORDER; k++) {
                sum += times(tile[k * ROWS + at % ROWS], product[k * ORDER + member]);
            }
            columns[(matrix * params.n + column) * params.height + row] = sum;
        }
    }
}
