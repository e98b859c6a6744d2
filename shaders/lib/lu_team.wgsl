// LU factorization of small matrices in workgroup memory, each by a team of invocations: rows never move.
//
// Of row r `tile` holds N elements of the matrix and RIGHT of right-hand sides. Afterwards row pivot_of[s] holds row s of U, and L⁻¹ of
// the right-hand sides.
// Constants: T (real or complex), N (order: 1 to 32), RIGHT (0 or more), LANES (invocations of a team), TEAMS (in a workgroup, each
// with a matrix: N (N + RIGHT | 1) elements of workgroup memory and about 3 N words).
// Source: Golub and Van Loan, Matrix Computations, 4th ed., algorithm 3.4.1.
// uses: lu_small

// An odd number of elements, so that lanes with neighbouring rows meet different banks.
const PITCH = (N + RIGHT) | 1u;
const KEY_FOURS = (N + 3u) / 4u;

var<workgroup> tile: array<array<array<T, PITCH>, N>, TEAMS>;
var<workgroup> pivot_of: array<array<u32, N>, TEAMS>;
// Of this step and of the next, by row: 0 of rows that were pivots.
var<workgroup> keys: array<array<array<vec4<u32>, KEY_FOURS>, 2>, TEAMS>;

// Begins and ends with a barrier. All lanes search alike, so that they need not tell each other what they found.
fn factor(team: u32, lane: u32) -> Factored {
    var result = Factored(0u, T(), false);
    workgroupBarrier();
    for (var r = lane; r < 4u * KEY_FOURS; r += LANES) {
        var key = 0u;
        if (r < N) {
            key = key_of(tile[team][r][0], r);
        }
        keys[team][0][r / 4u][r % 4u] = key;
        keys[team][1][r / 4u][r % 4u] = 0u;
    }
    var used = 0u;  // a bit per row
    for (var step = 0u; step < N; step++) {
        workgroupBarrier();
        var four = keys[team][step % 2u][0];
        // unroll
        for (var i = 1u; i < KEY_FOURS; i++) {
            four = max(four, keys[team][step % 2u][i]);
        }
        let row = pivot_row(max(max(four.x, four.y), max(four.z, four.w)));
        let pivot = tile[team][row][step];
        let singular = is_zero(pivot);
        if (singular && result.zero_pivot == 0u) {
            result.zero_pivot = step + 1u;
        }
        result.last = pivot;
        result.is_odd = result.is_odd != is_odd_way(used, row);
        used |= 1u << row;
        for (var r = lane; r < N; r += LANES) {
            var key = 0u;
            if ((used >> r & 1u) == 0u) {
                var f = T();
                // Below a zero pivot everything is zero already.
                if (!singular) {
                    f = over(tile[team][r][step], pivot);
                }
                for (var c = step + 1u; c < N + RIGHT; c++) {
                    tile[team][r][c] = minus(tile[team][r][c], times(f, tile[team][row][c]));
                }
                // Of the last step no one asks.
                key = key_of(tile[team][r][min(step + 1u, N - 1u)], r);
            }
            keys[team][(step + 1u) % 2u][r / 4u][r % 4u] = key;
        }
        if (lane == 0u) {
            pivot_of[team][step] = row;
        }
    }
    workgroupBarrier();
    if (holds_nan(result.last)) {
        result.zero_pivot = 0u;
    }
    return result;
}
