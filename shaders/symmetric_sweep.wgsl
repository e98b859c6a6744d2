// Inverses of Hermitian positive definite matrices that a team of invocations holds in registers.
//
// x, inverse: (batch, N, N); of x the lower triangle is read.
// Constants: T (real or complex, with parts F), N (order: 1 or more), those of lib/symmetric_tile (SWEPT true); x and inverse are declared by
// lib/rows_in_fours or lib/rows_in_elements.
// Workgroup memory, beyond what that has: (SIDE + 1) ORDER + SIDE real numbers for each team.
// SIDE, QUADS, ORDER, TEAM, MEMBERS, INVOCATIONS: of lib/symmetric_tile.
// uses: grid, symmetric_tile, condition

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

// Sums of columns by the invocations that have a share of them, of whole columns, and the largest of those.
var<workgroup> shares: array<array<array<F, ORDER>, SIDE>, MEMBERS>;
var<workgroup> sums: array<array<F, ORDER>, MEMBERS>;
var<workgroup> largest: array<array<Bits, SIDE>, MEMBERS>;

// Of a Hermitian matrix, a column of the upper triangle is a row of the lower one.
fn load_four(matrix: u32, i: u32, j: u32, k: u32) -> Four {
    var four = load_row(matrix, j + k, i);
    // unroll
    for (var e = 0u; e < 4u; e++) {
        four[e] = conjugate(four[e]);
        if (i + e == j + k) {
            four[e] = of_real(real_part(four[e]));
        }
    }
    return four;
}

fn keep(matrix: u32, row: u32, column: u32, element: T, divisor: T) {
}

fn magnitude(value: T) -> F {
    return select(modulus(value), make_nan(params.zero), holds_nan(value) || holds_inf(value));
}

// Adds up the shares of every column below N.
fn add_shares(member: u32, lane: u32, is_first: bool) {
    workgroupBarrier();
    for (var column = lane; column < N; column += TEAM) {
        var sum = select(sums[member][column], F(0), is_first);
        for (var i = 0u; i < SIDE; i++) {
            sum += shares[member][i][column];
        }
        sums[member][column] = sum;
    }
    workgroupBarrier();
}

// ‖·‖₁ of the squares. As integers magnitudes order NaN above everything, so NaN is found.
fn norm(member: u32, lane: u32) -> Bits {
    let a = row_of(lane);
    let b = column_of(lane);
    workgroupBarrier();
    // unroll
    for (var q = 0u; q < QUADS; q++) {
        // unroll
        for (var c = 0u; c < 4u; c++) {
            var sum = F(0);
            // unroll
            for (var p = 0u; p < q + 1u; p++) {
                if (p < q || a <= b) {
                    // unroll
                    for (var r = 0u; r < 4u; r++) {
                        var value = squares[p][q][r][c];
                        if (p == q && a == b) {
                            // Below the diagonal, its mirror image.
                            value = squares[p][q][min(r, c)][max(r, c)];
                        }
                        sum += magnitude(value);
                    }
                }
            }
            shares[member][a][4u * (b + SIDE * q) + c] = sum;
        }
    }
    add_shares(member, lane, true);
    // unroll
    for (var p = 0u; p < QUADS; p++) {
        // unroll
        for (var r = 0u; r < 4u; r++) {
            var sum = F(0);
            // unroll
            for (var q = p; q < QUADS; q++) {
                if (p < q || a < b) {
                    // unroll
                    for (var c = 0u; c < 4u; c++) {
                        sum += magnitude(squares[p][q][r][c]);
                    }
                }
            }
            shares[member][b][4u * (a + SIDE * p) + r] = sum;
        }
    }
    add_shares(member, lane, false);
    if (lane < SIDE) {
        var found = Bits(0);
        for (var column = lane; column < N; column += SIDE) {
            found = max(found, magnitude_bits(sums[member][column]));
        }
        largest[member][lane] = found;
    }
    workgroupBarrier();
    var result = Bits(0);
    for (var i = 0u; i < SIDE; i++) {
        result = max(result, largest[member][i]);
    }
    return result;
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) index: u32) {
    let member = index / TEAM;
    let lane = index % TEAM;
    let a = row_of(lane);
    let b = column_of(lane);
    let number = workgroup_number(workgroup, count) * MEMBERS + member;
    // Teams beyond the batch repeat the last matrix, and store nothing.
    let matrix = min(number, params.batch - 1u);
    load_squares(lane, matrix);
    var matrix_norm = Bits(0);
    var inverse_norm = Bits(0);
    // A loop, for compilers copy a function to wherever it is called.
    for (var round = 0u; round < 2u; round++) {
        matrix_norm = inverse_norm;
        inverse_norm = norm(member, lane);
        if (round == 0u) {
            eliminate(member, lane, matrix);
        }
    }
    if (number >= params.batch) {
        return;
    }
    let minor = minors[member];
    let is_valid = !is_nan(from_magnitude_bits(matrix_norm));
    if (lane == 0u) {
        let rcond = reciprocal_condition(matrix_norm, inverse_norm, minor != 0u);
        report(matrix, select(0u, minor, is_valid), select(make_nan(params.zero), rcond, is_valid));
    }
    let is_lost = minor != 0u || !is_valid;
    // unroll
    for (var p = 0u; p < QUADS; p++) {
        // unroll
        for (var q = p; q < QUADS; q++) {
            if (p < q || a <= b) {
                // unroll
                for (var k = 0u; k < 4u; k++) {
                    var row: Four;
                    var column: Four;
                    // unroll
                    for (var e = 0u; e < 4u; e++) {
                        row[e] = minus(T(), squares[p][q][k][e]);
                        column[e] = minus(T(), conjugate(squares[p][q][e][k]));
                        if (p == q && a == b) {
                            // Below the diagonal, the mirror image; on it, real.
                            if (e < k) {
                                row[e] = column[e];
                            }
                            if (e == k) {
                                row[e] = of_real(real_part(row[e]));
                            }
                        }
                        if (is_lost) {
                            row[e] = nan_number(params.zero);
                            column[e] = nan_number(params.zero);
                        }
                    }
                    let i = 4u * (a + SIDE * p);
                    let j = 4u * (b + SIDE * q);
                    store_row(matrix, i + k, j, row);
                    if (p < q || a < b) {
                        store_row(matrix, j + k, i, column);
                    }
                }
            }
        }
    }
}
