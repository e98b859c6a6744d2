// Cholesky factors of matrices that a team of invocations holds in registers.
//
// x, out: (batch, N, N); info: (batch,) 0, or the order of the first leading minor that is not positive.
// Constants: T (real or complex), N (order: 1 or more), UPPER (which triangle is read and written), those of lib/symmetric_tile
// (SWEPT false).
// TEAM, MEMBERS, INVOCATIONS: of lib/symmetric_tile.
// uses: grid, symmetric_tile

struct Params {
    batch: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read_write> info: array<i32>;
@group(0) @binding(2) var<storage, read> x: array<T>;

// Teams beyond the batch repeat the last matrix, and store nothing.
var<private> is_there: bool;

fn element(matrix: u32, i: u32, j: u32) -> T {
    if (j >= N) {
        return of_real(select(F(0), F(1), i == j));
    }
    if (i == j) {
        return of_real(real_part(x[(matrix * N + i) * N + i]));
    }
    if (UPPER) {
        return x[(matrix * N + i) * N + j];
    }
    return conjugate(x[(matrix * N + j) * N + i]);
}

fn load_four(matrix: u32, i: u32, j: u32, k: u32) -> Four {
    var four: Four;
    // unroll
    for (var e = 0u; e < 4u; e++) {
        four[e] = element(matrix, min(i + k, j + e), max(i + k, j + e));
    }
    return four;
}

fn keep(matrix: u32, row: u32, column: u32, element: T, divisor: T) {
    if (is_there && column < N) {
        if (UPPER) {
            out[(matrix * N + row) * N + column] = element;
        } else {
            out[(matrix * N + column) * N + row] = conjugate(element);
        }
    }
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) index: u32) {
    let member = index / TEAM;
    let lane = index % TEAM;
    let number = workgroup_number(workgroup, count) * MEMBERS + member;
    let matrix = min(number, params.batch - 1u);
    is_there = number < params.batch;
    load_squares(lane, matrix);
    for (var e = lane; e < N * N; e += TEAM) {
        let row = e / N;
        let column = e % N;
        if (is_there && row != column && (row > column) == UPPER) {
            out[matrix * N * N + e] = T();
        }
    }
    eliminate(member, lane, matrix);
    if (is_there && lane == 0u) {
        info[matrix] = i32(minors[member]);
    }
}
