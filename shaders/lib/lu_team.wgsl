// LU factorization of small matrices in workgroup memory, each by a team of invocations: rows never move.
//
// Of row r `tile` holds N elements of the matrix and RIGHT of right-hand sides. Afterwards row pivot_of[s] holds row s of U, and L⁻¹ of
// the right-hand sides.
// Constants: T (real or complex), N (order: 1 to 32), RIGHT (0 or more), LANES (invocations of a team), TEAMS (in a workgroup, each
// with a matrix: N (N + RIGHT | 1) elements of workgroup memory and N words).
// Source: Golub and Van Loan, Matrix Computations, 4th ed., algorithm 3.4.1.

// An odd number of elements, so that lanes with neighbouring rows meet different banks.
const PITCH = (N + RIGHT) | 1u;
const NAN_KEY: Bits = ~Bits(0);

var<workgroup> tile: array<array<array<T, PITCH>, N>, TEAMS>;
var<workgroup> pivot_of: array<array<u32, N>, TEAMS>;

struct Factored {
    zero_pivot: u32,  // 1-based step of the first one, or 0; 0 of a matrix that holds NaN, as `last` tells
    last: T,          // pivot
    is_odd: bool,     // the permutation
}

// An element, NaN for an infinity: elimination carries NaN into the last pivot. `zero` is 0, unknown to the compiler.
fn nan_of_infinity(x: T, zero: u32) -> T {
    if (holds_inf(x)) {
        return nan_number(zero);
    }
    return x;
}

// Begins and ends with a barrier. All lanes search alike, so that they need not tell each other what they found.
fn factor(team: u32, lane: u32) -> Factored {
    var result = Factored(0u, T(), false);
    var used = 0u;  // a bit per row
    for (var step = 0u; step < N; step++) {
        workgroupBarrier();
        var row = N;
        var key = Bits(0);
        for (var r = 0u; r < N; r++) {
            let x = tile[team][r][step];
            let own = select(magnitude_bits(size_of(x)), NAN_KEY, holds_nan(x));
            if ((used >> r & 1u) == 0u && (row == N || own > key)) {
                row = r;
                key = own;
            }
        }
        let pivot = tile[team][row][step];
        let singular = is_zero(pivot);
        if (singular && result.zero_pivot == 0u) {
            result.zero_pivot = step + 1u;
        }
        result.last = pivot;
        // Rows that come later although they stand above.
        result.is_odd = result.is_odd != ((countOneBits(~used & ((1u << row) - 1u)) & 1u) == 1u);
        used |= 1u << row;
        for (var r = lane; r < N; r += LANES) {
            // Below a zero pivot everything is zero already.
            if ((used >> r & 1u) == 0u && !singular) {
                let f = over(tile[team][r][step], pivot);
                for (var c = step + 1u; c < N + RIGHT; c++) {
                    tile[team][r][c] = minus(tile[team][r][c], times(f, tile[team][row][c]));
                }
            }
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
