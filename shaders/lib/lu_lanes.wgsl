// LU factorization of small matrices in registers, each by a group of lanes with a row in each: rows never move.
//
// Columns go in fours, those that a step works on in front; after a round they are where they were. A row stays what it is from
// the step on in which it was the pivot: row s of U, and right of it L⁻¹ of the right-hand sides.
// Constants: T (f32, f64), N (order: 1 to 32), RIGHT (right-hand sides, 0 or more), LANES (a power of two from 4 and N on), MATRICES
// (of a workgroup, LANES MATRICES invocations).
// Source: Golub and Van Loan, Matrix Computations, 4th ed., algorithm 3.4.1.
// uses: lu_small

const FOURS = (N + 3u) / 4u;
const RIGHT_FOURS = (RIGHT + 3u) / 4u;
const UNUSED = 0xffffffffu;

// scalars
var<private> a: array<vec4<T>, FOURS>;
// scalars
var<private> right: array<vec4<T>, RIGHT_FOURS>;
// The step in which the lane's row was the pivot, and the pivot.
var<private> own_step: u32;
var<private> own_pivot: T;

var<workgroup> keys: array<array<vec4<u32>, LANES / 4u>, MATRICES>;
// The pivot row, then its right-hand sides; or solutions, in two places by turns.
var<workgroup> shared_fours: array<array<vec4<T>, FOURS + 2u * RIGHT_FOURS>, MATRICES>;

fn factor(group: u32, lane: u32) -> Factored {
    var result = Factored(0u, T(), false);
    var used = 0u;  // a bit per row
    own_step = UNUSED;
    for (var panel = 0u; panel < FOURS; panel++) {
        // unroll
        for (var c = 0u; c < 4u; c++) {
            let step = 4u * panel + c;
            if (N % 4u == 0u || step < N) {
                let is_open = lane < N && own_step == UNUSED;
                keys[group][lane / 4u][lane % 4u] = select(0u, key_of(a[0][c], lane), is_open);
                workgroupBarrier();
                var four = keys[group][0];
                // unroll
                for (var i = 1u; i < LANES / 4u; i++) {
                    four = max(four, keys[group][i]);
                }
                let row = pivot_row(max(max(four.x, four.y), max(four.z, four.w)));
                if (lane == row) {
                    own_step = step;
                    own_pivot = a[0][c];
                    // unroll
                    for (var z = 0u; z < FOURS; z++) {
                        shared_fours[group][z] = a[z];
                    }
                    // unroll
                    for (var z = 0u; z < RIGHT_FOURS; z++) {
                        shared_fours[group][FOURS + z] = right[z];
                    }
                }
                workgroupBarrier();
                let pivot = shared_fours[group][0][c];
                let singular = is_zero(pivot);
                if (singular && result.zero_pivot == 0u) {
                    result.zero_pivot = step + 1u;
                }
                result.last = pivot;
                result.is_odd = result.is_odd != is_odd_way(used, row);
                used |= 1u << row;
                // Below a zero pivot everything is zero already.
                if (is_open && lane != row && !singular) {
                    let f = -over(a[0][c], pivot);
                    // Of finished columns too, where it is of no interest.
                    // unroll
                    for (var z = 0u; z < FOURS; z++) {
                        a[z] = fma(vec4<T>(f), shared_fours[group][z], a[z]);
                    }
                    // unroll
                    for (var z = 0u; z < RIGHT_FOURS; z++) {
                        right[z] = fma(vec4<T>(f), shared_fours[group][FOURS + z], right[z]);
                    }
                }
            }
        }
        let front = a[0];
        // unroll
        for (var z = 1u; z < FOURS; z++) {
            a[z - 1u] = a[z];
        }
        a[FOURS - 1u] = front;
    }
    if (holds_nan(result.last)) {
        result.zero_pivot = 0u;
    }
    return result;
}
