// Multiplies the rows of every pair of blocks that meet in a round by the adjoint of the product of their
// rotations, for Hermitian matrices whose columns have been turned. A workgroup per pair and COLUMNS columns,
// an invocation for four elements of one row.
//
// columns: (batch, n, height), of which the first n rows are turned; turn: (batch, pairs, 2, ORDER, ORDER),
// is_turned: (batch, pairs), of jacobi_rotate.
// Constants: T (f32, f64, vec2 of either), F (the type of its parts), ORDER (even, rows of two blocks),
// COLUMNS (columns in workgroup memory, a multiple of four), WORKGROUP (ORDER times COLUMNS / 4).
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

var<workgroup> tile: array<T, ORDER * COLUMNS>;
var<workgroup> product: array<T, ORDER * ORDER>;

// The element of row `member` in a column of the same pair: what the rotations made of the small matrix, with
// its zeros, which multiplying again would not give exactly.
fn own_element(meeting: u32, member: u32, blocks: vec2<u32>, column: u32) -> T {
    let k = select(HALF + column - blocks.y * HALF, column - blocks.x * HALF, column / HALF == blocks.x);
    return turn[((2u * meeting + 1u) * ORDER + member) * ORDER + k];
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count);
    let tiles = (params.n + COLUMNS - 1u) / COLUMNS;
    let meeting = id / tiles;
    let matrix = meeting / params.pairs;
    if (matrix >= params.batch) {
        return;
    }
    if (is_turned[meeting] == 0u) {
        return;
    }
    let blocks = players_of(meeting % params.pairs, params.round, 2u * params.pairs);
    let member = lane % ORDER;
    let row = member_of(blocks, member, HALF);
    let first_column = id % tiles * COLUMNS;
    for (var at = lane; at < ORDER * ORDER; at += WORKGROUP) {
        product[at] = conjugate(turn[2u * meeting * ORDER * ORDER + at]);
    }
    for (var at = lane; at < ORDER * COLUMNS; at += WORKGROUP) {
        let column = first_column + at / ORDER;
        var value = T();
        if (row < params.n && column < params.n) {
            value = columns[(matrix * params.n + column) * params.height + row];
        }
        tile[at] = value;
    }
    workgroupBarrier();
    let own = lane / ORDER * 4u;
    var sums = array<T, 4>(T(), T(), T(), T());
    for (var k = 0u; k < ORDER; k++) {
        let value = product[k * ORDER + member];
        let at = own * ORDER + k;
        sums[0] += times(value, tile[at]);
        sums[1] += times(value, tile[at + ORDER]);
        sums[2] += times(value, tile[at + 2u * ORDER]);
        sums[3] += times(value, tile[at + 3u * ORDER]);
    }
    for (var i = 0u; i < 4u; i++) {
        let column = first_column + own + i;
        if (row >= params.n || column >= params.n) {
            continue;
        }
        var value = sums[i];
        if (column / HALF == blocks.x || column / HALF == blocks.y) {
            value = own_element(meeting, member, blocks, column);
        }
        columns[(matrix * params.n + column) * params.height + row] = value;
    }
}
