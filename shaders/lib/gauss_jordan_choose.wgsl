// choose() of the blocked inverse, by workgroup `group`: the pivot rows of the PANEL columns from params.first + params.inner on.
//
// LU factorization with partial pivoting of params.candidates rows by one workgroup, which holds them in registers, in
// fours of columns. Long columns are searched in two rounds (tournament pivoting): many workgroups each propose the PANEL
// rows that are pivots among their own, then one chooses among those.
//
// work: (batch, ld, pitch) T; step_of: (2, batch, ld) the step in which a row was the pivot, and the row that was the pivot of
// a step; proposed: (batch, parts, PANEL) rows, or UNUSED; factors: (2, batch, ld, BLOCK) T of eliminate(). Written only
// where IS_FINAL: scale: (batch, ld) what a row has to be multiplied by; zero_pivot: (batch) 1-based step of the first zero
// pivot; block_rows: (batch, PANEL, BLOCK + PANEL) u on the block's columns, then u on the panel's own as it was before those
// were finished, from the pivot on; lower: (batch, BLOCK, BLOCK) T, f of the block's pivot rows in the steps before their own.
// Constants: T (real or complex, with parts F), BLOCK, PANEL (multiples of 4), ROWS (of an invocation), INVOCATIONS (at least PANEL, to the device's
// limit), NUMBERS (as a mask, of which no candidate's exceeds it), FROM_PROPOSED (whether the rows are those in proposed), IS_FINAL.
// Source: Grigori, Demmel, Xiang, CALU: a communication optimal LU factorization algorithm, SIAM J. Matrix Anal. Appl. 32 (2011).
// uses: gauss_jordan_blocked

@group(0) @binding(110) var<storage, read_write> work: array<Four>;
@group(0) @binding(111) var<storage, read_write> step_of: array<u32>;
@group(0) @binding(112) var<storage, read_write> proposed: array<u32>;
@group(0) @binding(114) var<storage, read_write> scale: array<T>;
@group(0) @binding(115) var<storage, read_write> zero_pivot: array<u32>;
@group(0) @binding(116) var<storage, read_write> block_rows: array<Four>;
@group(0) @binding(117) var<storage, read_write> factors: array<Four>;
@group(0) @binding(118) var<storage, read_write> lower: array<Four>;

const FOURS = PANEL / 4u;

var<workgroup> row_of: array<u32, PANEL>;  // the pivot row of a step
var<workgroup> upper_fours: array<array<Four, FOURS>, PANEL>;  // u by step
// Of a step; two, so that the next may be written before everybody has read this one's.
var<workgroup> pivot_four: array<Four, 2>;
var<workgroup> lower_fours: array<array<Four, FOURS>, PANEL>;  // f of the pivot row of a step; only those of earlier steps count

// A magnitude whose last digits are replaced by a number, of which the first candidate has the largest.
// 0 for a row that is used up, whose `number` is 0.
fn numbered_key(x: T, number: u32) -> u32 {
    return select(0u, (pivot_key(size_of(x)) & ~NUMBERS) | number, number != 0u);
}

fn choose(group: u32, lane: u32) {
    let parts = select(params.parts, 1u, IS_FINAL);
    let part = group % parts;
    let matrix = group / parts;
    if (matrix >= params.batch) {
        return;
    }
    let n = params.n;
    let ld = params.ld;
    let column = params.first + params.inner;
    let width = min(PANEL, n - column);

    // scalars
    var a: array<array<Four, FOURS>, ROWS>;
    // scalars
    var row: array<u32, ROWS>;
    // scalars
    var own_step: array<u32, ROWS>;
    // scalars
    var number: array<u32, ROWS>;
    // unroll
    for (var r = 0u; r < ROWS; r++) {
        let candidate = r * INVOCATIONS + lane;
        row[r] = part * params.candidates + candidate;
        if (FROM_PROPOSED) {
            row[r] = UNUSED;
            if (candidate < params.candidates) {
                row[r] = proposed[matrix * params.parts * PANEL + candidate];
            }
        }
        var is_open = candidate < params.candidates && row[r] < n;
        let safe_row = matrix * ld + min(row[r], n - 1u);
        is_open = is_open && step_of[safe_row] == UNUSED;
        own_step[r] = UNUSED;
        number[r] = select(0u, ROWS * INVOCATIONS - candidate, is_open);
        // unroll
        for (var z = 0u; z < FOURS; z++) {
            a[r][z] = work[(safe_row * params.pitch + column) / 4u + z];
        }
    }
    if (lane < PANEL) {
        row_of[lane] = UNUSED;
    }
    var first_zero = 0u;

    // Four columns at a time, always those at the front; behind the back row up what finished ones leave, the f of every step.
    // Run-time bounds keep compilers from writing the loop out: a workgroup that runs alone waits for every new instruction.
    let n_fours = (width + 3u) / 4u;
    for (var four = 0u; four < n_fours; four++) {
        // scalars
        var factors: array<Four, ROWS>;
        // scalars
        var own_four: array<Four, ROWS>;  // of a pivot row, when it became one
        // unroll
        for (var c = 0u; c < 4u; c++) {
            let step = four * 4u + c;
            if (step < width) {
                // scalars
                var keys: array<u32, ROWS>;
                var key = 0u;
                // unroll
                for (var r = 0u; r < ROWS; r++) {
                    keys[r] = numbered_key(a[r][0][c], number[r]);
                    key = max(key, keys[r]);
                }
                let largest = workgroup_largest(key, lane);
                // One invocation has it. The others take a branch, for they have to wait for it.
                if (key == largest && key != 0u) {
                    // unroll
                    for (var r = 0u; r < ROWS; r++) {
                        if (keys[r] == largest) {
                            pivot_four[c % 2u] = a[r][0];
                            // A column of zeros proposes no row. (NaN != 0 is false where it becomes an ordered comparison.)
                            if (IS_FINAL || !is_zero(a[r][0][c])) {
                                own_step[r] = step;
                                own_four[r] = a[r][0];
                                number[r] = 0u;
                            }
                        }
                    }
                }
                workgroupBarrier();
                let four_of_pivot = pivot_four[c % 2u];
                let pivot = four_of_pivot[c];
                // Proposals may be used up before the columns are.
                let is_none = is_zero(pivot) || largest == 0u;
                if (is_none && first_zero == 0u) {
                    first_zero = column + step + 1u;
                }
                // A column of zeros leaves everything as it is.
                let inverse_pivot = select(over(one(), pivot), T(), is_none);
                // unroll
                for (var r = 0u; r < ROWS; r++) {
                    // What this makes of a row from its own step on, and of finished columns, is of no interest.
                    factors[r][c] = -times(a[r][0][c], inverse_pivot);
                    a[r][0] = fused(a[r][0], factors[r][c], four_of_pivot);
                }
            }
        }
        // unroll
        for (var r = 0u; r < ROWS; r++) {
            if (own_step[r] / 4u == four) {
                row_of[own_step[r]] = row[r];
                lower_fours[own_step[r]][four] = factors[r];
                upper_fours[own_step[r]][four] = own_four[r];
                // unroll
                for (var z = 1u; z < FOURS; z++) {
                    if (four + z < FOURS) {
                        upper_fours[own_step[r]][four + z] = a[r][z];
                    }
                }
            }
        }
        workgroupBarrier();
        // The four pivot rows, each as it was when it became one: an invocation per four columns.
        if (lane > four && lane < FOURS) {
            let step = four * 4u;
            let u0 = upper_fours[step][lane];
            let l1 = lower_fours[step + 1u][four];
            let u1 = plus_multiple(upper_fours[step + 1u][lane], l1[0], u0);
            let l2 = lower_fours[step + 2u][four];
            let u2 = plus_multiple(plus_multiple(upper_fours[step + 2u][lane], l2[0], u0), l2[1], u1);
            let l3 = lower_fours[step + 3u][four];
            let u3 = plus_multiple(plus_multiple(plus_multiple(upper_fours[step + 3u][lane], l3[0], u0), l3[1], u1), l3[2], u2);
            upper_fours[step + 1u][lane] = u1;
            upper_fours[step + 2u][lane] = u2;
            upper_fours[step + 3u][lane] = u3;
        }
        workgroupBarrier();
        // unroll
        for (var z = 1u; z < FOURS; z++) {
            if (four + z < FOURS) {
                let u0 = upper_fours[four * 4u][four + z];
                let u1 = upper_fours[four * 4u + 1u][four + z];
                let u2 = upper_fours[four * 4u + 2u][four + z];
                let u3 = upper_fours[four * 4u + 3u][four + z];
                // unroll
                for (var r = 0u; r < ROWS; r++) {
                    a[r][z] = fused(a[r][z], factors[r][0], u0);
                    a[r][z] = fused(a[r][z], factors[r][1], u1);
                    a[r][z] = fused(a[r][z], factors[r][2], u2);
                    a[r][z] = fused(a[r][z], factors[r][3], u3);
                }
            }
        }
        // unroll
        for (var r = 0u; r < ROWS; r++) {
            // unroll
            for (var z = 1u; z < FOURS; z++) {
                a[r][z - 1u] = a[r][z];
            }
            a[r][FOURS - 1u] = factors[r];
        }
    }
    // unroll
    for (var r = 0u; r < ROWS; r++) {
        if (own_step[r] != UNUSED) {
            // unroll
            for (var z = 0u; z < FOURS; z++) {
                if (z + n_fours >= FOURS) {
                    lower_fours[own_step[r]][z + n_fours - FOURS] = a[r][z];
                }
            }
        }
    }
    workgroupBarrier();
    if (IS_FINAL) {
        settle(matrix, lane, column, width, first_zero);
    } else if (lane < PANEL) {
        proposed[(matrix * parts + part) * PANEL + lane] = row_of[lane];
    }
}

// Writes down what was found, and brings the pivot rows' columns in the block to the state that they have when they are pivots.
fn settle(matrix: u32, lane: u32, column: u32, width: u32, first_zero: u32) {
    let ld = params.ld;
    if (lane < width) {
        let pivot_row = row_of[lane];
        // Of a singular matrix there may be none left: it becomes NaN whatever is written here.
        step_of[params.batch * ld + matrix * ld + column + lane] = min(pivot_row, params.n - 1u);
        if (pivot_row != UNUSED) {
            step_of[matrix * ld + pivot_row] = column + lane;
            scale[matrix * ld + pivot_row] = reciprocal(upper_fours[lane][lane / 4u][lane % 4u]);
        }
    }
    if (lane == 0u && first_zero != 0u && zero_pivot[matrix] == 0u) {
        zero_pivot[matrix] = first_zero;
    }
    // The triangle of the block: what the pivot rows took in earlier panels, and in this one.
    let earlier = params.inner / 4u;
    for (var i = lane; i < width * earlier; i += INVOCATIONS) {
        let step = i / earlier;
        let row = (params.parity * params.batch + matrix) * ld + min(row_of[step], params.n - 1u);
        lower[(matrix * BLOCK + params.inner + step) * (BLOCK / 4u) + i % earlier] = factors[row * (BLOCK / 4u) + i % earlier];
    }
    let rows_at = matrix * PANEL * ((BLOCK + PANEL) / 4u);
    for (var i = lane; i < PANEL * FOURS; i += INVOCATIONS) {
        let step = i / FOURS;
        lower[(matrix * BLOCK + params.inner + step) * (BLOCK / 4u) + earlier + i % FOURS] = lower_fours[step][i % FOURS];
        let row = select_four(Four(), upper_fours[step][i % FOURS], step < width);
        block_rows[rows_at + step * ((BLOCK + PANEL) / 4u) + BLOCK / 4u + i % FOURS] = row;
    }
    for (var place = lane; place < BLOCK; place += INVOCATIONS) {
        let is_own = place - params.inner < PANEL;
        // scalars
        var u: array<T, PANEL>;
        // All is asked for before anything is stored: a compiler must keep that order, whatever it waits for.
        // unroll
        for (var s = 0u; s < PANEL; s++) {
            let at = (matrix * ld + min(row_of[s], params.n - 1u)) * params.pitch + params.first + place;
            u[s] = work[at / 4u][at % 4u];
        }
        // unroll
        for (var s = 0u; s < PANEL; s++) {
            u[s] = select(u[s], select(T(), one(), place - params.inner == s), is_own);
            // unroll
            for (var t = 0u; t < s; t++) {
                u[s] = plus_product(u[s], lower_fours[s][t / 4u][t % 4u], u[t]);
            }
        }
        // unroll
        for (var s = 0u; s < PANEL; s++) {
            let to = 4u * rows_at + s * (BLOCK + PANEL) + place;
            block_rows[to / 4u][to % 4u] = select(T(), u[s], s < width);
        }
    }
}
