// Inverses of matrices of middling order: a workgroup per matrix, which lies in registers; workgroup memory carries
// only what invocations tell each other.
//
// The workgroup is GROUPS groups of LANES invocations. A lane holds the rows lane, lane + LANES, …, of which its group
// holds QUADS neighbouring groups of four columns. Gauss-Jordan elimination in place with implicit row pivoting, four
// steps (a panel) at a time, as gauss_jordan_blocked.wgsl does it:
//
//     factor   the group that owns the panel's columns takes four steps on them, and keeps the factors f(i, s);
//     publish  the four pivot rows go to workgroup memory, and the factors if other groups need them;
//     forward  u(s) = row(s) + sum over t < s of f(p_s, t) u(t), an invocation per column;
//     update   every row: a(i) += sum over s of f(i, s) u(s), where f is 0 in the step in which row i was the pivot.
//
// No 4 × 4 block is ever inverted and multiplied with, which would lose the right residual of ill-conditioned matrices.
// The columns of a group rotate through its quad 0 as they are updated, so that the loop over panels is one at run
// time although no register can be indexed there: a quad is always where the text says.
// The matrix is filled up to a multiple of four with an identity; rows beyond that never are pivots.
// Rows are read and written CHUNK at a time through workgroup memory, so that memory is touched in order,
// and the norms are summed on the way. Rows are scaled by their pivot, and rows and columns put in order, in the last step.
// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
//
// x, inverse: (batch, N, N) T.
// Constants: T (real or complex, with parts F), N (1 to 128), LANES (a power of two from 4 to 128; with pivot_of_subgroup the size of a
// subgroup), GROUPS (at least 1), CHUNK (a power of two, 4 to LANES).
// uses: grid, condition, pivot_key_*

@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read_write> inverse: array<T>;

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

const INVOCATIONS = LANES * GROUPS;
const PANELS = (N + 3) / 4;
const PADDED = 4 * PANELS;
const ROWS = (PADDED + LANES - 1) / LANES;
const QUADS = (PANELS + GROUPS - 1) / GROUPS;
// Quads from one row of workgroup memory to the next: an odd number, so that lanes that read a row each meet in no bank.
const PITCH = GROUPS * QUADS + 1 - GROUPS * QUADS % 2;
const COLUMNS = (N + INVOCATIONS - 1) / INVOCATIONS;  // of an invocation, while rows are read and written
const CARRIED = (GROUPS * QUADS * 4 + INVOCATIONS - 1) / INVOCATIONS;  // columns of an invocation, in `forward`
const FACTORS = max(ROWS * LANES * min(GROUPS - 1, 1), 1);
const UNUSED = 0xffffffffu;

var<workgroup> exchanged: array<Four, CHUNK * PITCH>;
var<workgroup> factors: array<Four, FACTORS>;  // of a row, in the panel's steps
var<workgroup> lower: array<Four, 4>;  // factors of the pivot rows
var<workgroup> scale: array<T, ROWS * LANES>;
var<workgroup> step_of: array<u32, ROWS * LANES>;  // the step in which a row was the pivot
var<workgroup> zero_pivot: u32;  // the first step with one, counted from 1; or 0
var<workgroup> not_finite: u32;
var<workgroup> norms: array<Bits, 2 * INVOCATIONS>;

// The matrix: row i of the lane, quad j of the group.
// scalars
var<private> tile: array<array<Four, QUADS>, ROWS>;
// What was read of a matrix and not passed on yet: of a column of the invocation, the elements of CHUNK rows.
// scalars
var<private> read: array<array<T, CHUNK>, COLUMNS>;
// The factors of its rows in the four steps of a panel.
// scalars
var<private> factor: array<Four, ROWS>;
// What a row's pivot key ends in: a number of its own, or 0 for a row that must not become a pivot.
// scalars
var<private> tag: array<u32, ROWS>;

// CHUNK rows from `first` on, what there is of them, into `read`.
fn read_rows(base: u32, first: u32, invocation: u32) {
    // unroll
    for (var r = 0u; r < CHUNK; r++) {
        // unroll
        for (var j = 0u; j < COLUMNS; j++) {
            read[j][r] = x[base + min(first + r, N - 1) * N + min(invocation + j * INVOCATIONS, N - 1)];
        }
    }
}

// Rows of the matrix into registers. Returns the largest of the invocation's column sums of magnitudes, as bits.
fn load_rows(base: u32, invocation: u32, group: u32, lane: u32) -> Bits {
    // scalars
    var sum: array<F, COLUMNS>;
    read_rows(base, 0u, invocation);
    // unroll
    for (var i = 0u; i < ROWS; i++) {
        for (var first = 0u; first < LANES; first += CHUNK) {
            workgroupBarrier();
            // unroll
            for (var j = 0u; j < COLUMNS; j++) {
                let column = invocation + j * INVOCATIONS;
                let is_column = N == COLUMNS * INVOCATIONS || column < N;
                // unroll
                for (var r = 0u; r < CHUNK; r++) {
                    let row = i * LANES + first + r;
                    let exists = is_column && (N == ROWS * LANES || row < N);
                    sum[j] += select(F(0), modulus(read[j][r]), exists);
                    if (PADDED == COLUMNS * INVOCATIONS || column < PADDED) {
                        exchanged[r * PITCH + column / 4][column % 4] = select(select(T(), one(), row == column), read[j][r], exists);
                    }
                }
            }
            // The next ones are on their way while these are passed on.
            read_rows(base, i * LANES + first + CHUNK, invocation);
            workgroupBarrier();
            if (lane / CHUNK == first / CHUNK) {
                // unroll
                for (var j = 0u; j < QUADS; j++) {
                    tile[i][j] = exchanged[lane % CHUNK * PITCH + group * QUADS + j];
                }
            }
        }
    }
    var norm = Bits(0);
    // unroll
    for (var j = 0u; j < COLUMNS; j++) {
        norm = max(norm, magnitude_bits(sum[j]));
        if (!is_finite(sum[j])) {
            // Not the sum's overflow, but an element?
            let column = min(invocation + j * INVOCATIONS, N - 1);
            for (var row = 0u; row < N; row++) {
                let element = x[base + row * N + column];
                if (!all_finite(element)) {
                    not_finite = 1u;
                }
            }
        }
    }
    return norm;
}

// Four steps on quad 0 of the group that owns the panel. Leaves the factors in `factor`, and returns the first step with a
// zero pivot, counted from 1, or 0.
fn factor_panel(panel: u32, own: bool, group: u32, lane: u32) -> u32 {
    // scalars
    var columns: array<Four, ROWS>;
    // scalars
    var open: array<u32, ROWS>;
    // scalars
    var pivot: array<u32, 4>;
    // scalars
    var inverse_pivot: array<T, 4>;
    var zero_step = 0u;
    // unroll
    for (var i = 0u; i < ROWS; i++) {
        columns[i] = tile[i][0];
        factor[i] = Four();
        open[i] = tag[i];
    }
    // unroll
    for (var s = 0u; s < 4; s++) {
        // scalars
        var key: array<u32, ROWS>;
        var best = 0u;
        var candidate = Four();
        // unroll
        for (var i = 0u; i < ROWS; i++) {
            key[i] = select(pivot_key(size_of(columns[i][s])) | open[i], 0u, open[i] == 0u);
            candidate = select_four(candidate, columns[i], key[i] > best);
            best = max(best, key[i]);
        }
        let found = pivot_of_lanes(best, candidate, own, lane, s % 2);
        var row = found.row;
        pivot[s] = pivot_row(found.key);
        inverse_pivot[s] = reciprocal(row[s]);
        zero_step = select(zero_step, 4 * panel + s + 1, zero_step == 0u && is_zero(row[s]));
        row[s] = one();
        // unroll
        for (var i = 0u; i < ROWS; i++) {
            let is_pivot = key[i] == found.key;
            let multiplier = select(-times(columns[i][s], inverse_pivot[s]), T(), is_pivot);
            factor[i][s] = multiplier;
            columns[i][s] = select(T(), one(), is_pivot);
            columns[i] = plus_multiple(columns[i], multiplier, row);
            open[i] = select(open[i], 0u, is_pivot);
        }
    }
    if (own) {
        // unroll
        for (var i = 0u; i < ROWS; i++) {
            tile[i][0] = columns[i];
            if (GROUPS > 1) {
                factors[i * LANES + lane] = factor[i];
            }
        }
        // Only here, for a branch between steps could leave the lanes apart when they next meet.
        if (lane == 0u) {
            // unroll
            for (var s = 0u; s < 4; s++) {
                scale[pivot[s]] = inverse_pivot[s];
                step_of[pivot[s]] = 4 * panel + s;
            }
        }
    }
    return zero_step;
}

// The pivot rows of the panel to workgroup memory, each as it was before the panel; zero in the panel's own columns, which
// have taken its steps already.
fn publish_pivot_rows(panel: u32, own: bool, group: u32, lane: u32) {
    // scalars
    var step: array<u32, ROWS>;
    // unroll
    for (var i = 0u; i < ROWS; i++) {
        let row = i * LANES + lane;
        if (GROUPS > 1) {
            factor[i] = factors[row];
        }
        step[i] = step_of[row] - 4 * panel;
        tag[i] = select(tag[i], 0u, step[i] < 4);
        if (own && step[i] < 4) {
            lower[step[i]] = factor[i];
        }
    }
    // A lane seldom has two pivots in one panel: its first is chosen by selection, which costs less than to store by turns.
    var first = 4u;
    var others = false;
    // unroll
    for (var i = 0u; i < ROWS; i++) {
        others = others || (first < 4 && step[i] < 4);
        first = select(first, step[i], first == 4 && step[i] < 4);
    }
    if (first < 4) {
        let place = first * PITCH + group * QUADS;
        // unroll
        for (var j = 0u; j < QUADS; j++) {
            var quad = tile[ROWS - 1][j];
            // unroll
            for (var i = 1u; i < ROWS; i++) {
                quad = select_four(quad, tile[ROWS - 1 - i][j], step[ROWS - 1 - i] < 4);
            }
            exchanged[place + j] = select_four(quad, Four(), own && j == 0u);
        }
    }
    if (others) {
        // unroll
        for (var i = 1u; i < ROWS; i++) {
            if (step[i] < 4 && step[i] != first) {
                let place = step[i] * PITCH + group * QUADS;
                exchanged[place] = select_four(tile[i][0], Four(), own);
                // unroll
                for (var j = 1u; j < QUADS; j++) {
                    exchanged[place + j] = tile[i][j];
                }
            }
        }
    }
}

// The published rows to the state in which they are pivots.
fn bring_forward(invocation: u32) {
    let f1 = lower[1][0];
    let f2 = lower[2];
    let f3 = lower[3];
    // unroll
    for (var j = 0u; j < CARRIED; j++) {
        let column = invocation + j * INVOCATIONS;
        if (column < 4 * GROUPS * QUADS) {
            let quad = column / 4;
            let u0 = exchanged[quad][column % 4];
            let u1 = exchanged[PITCH + quad][column % 4] + times(f1, u0);
            let u2 = exchanged[2 * PITCH + quad][column % 4] + times(f2[0], u0) + times(f2[1], u1);
            let u3 = exchanged[3 * PITCH + quad][column % 4] + times(f3[0], u0) + times(f3[1], u1) + times(f3[2], u2);
            exchanged[PITCH + quad][column % 4] = u1;
            exchanged[2 * PITCH + quad][column % 4] = u2;
            exchanged[3 * PITCH + quad][column % 4] = u3;
        }
    }
}

// The panel's four steps on every row; the quads move on by one place.
fn update(group: u32) {
    // scalars
    var moved: array<array<Four, 2>, ROWS>;
    // unroll
    for (var j = 0u; j < QUADS; j++) {
        let quad = group * QUADS + j;
        let u0 = exchanged[quad];
        let u1 = exchanged[PITCH + quad];
        let u2 = exchanged[2 * PITCH + quad];
        let u3 = exchanged[3 * PITCH + quad];
        // unroll
        for (var i = 0u; i < ROWS; i++) {
            var row = tile[i][j];
            row = plus_multiple(row, factor[i][0], u0);
            row = plus_multiple(row, factor[i][1], u1);
            row = plus_multiple(row, factor[i][2], u2);
            row = plus_multiple(row, factor[i][3], u3);
            // The last place is free only when its own quad has been updated.
            moved[i][min(j, 1)] = row;
            tile[i][max(j, 1) - 1] = row;
        }
    }
    // unroll
    for (var i = 0u; i < ROWS; i++) {
        tile[i][QUADS - 1] = moved[i][0];
    }
}

// Rows of the inverse out of registers; or, where there is none, NaN. Returns the largest of the invocation's column
// sums of magnitudes, as bits.
fn store_rows(base: u32, usable: bool, invocation: u32, group: u32, lane: u32) -> Bits {
    // scalars
    var sum: array<F, COLUMNS>;
    // scalars
    var source: array<u32, COLUMNS>;
    // unroll
    for (var j = 0u; j < COLUMNS; j++) {
        source[j] = step_of[min(invocation + j * INVOCATIONS, N - 1)];
    }
    // unroll
    for (var i = 0u; i < ROWS; i++) {
        for (var first = 0u; first < LANES; first += CHUNK) {
            workgroupBarrier();
            if (lane / CHUNK == first / CHUNK) {
                // unroll
                for (var j = 0u; j < QUADS; j++) {
                    exchanged[lane % CHUNK * PITCH + group * QUADS + (j + PANELS) % QUADS] = tile[i][j];
                }
            }
            workgroupBarrier();
            // unroll
            for (var r = 0u; r < CHUNK; r++) {
                let row = i * LANES + first + r;
                if (N == ROWS * LANES || row < N) {
                    let place = base + select(row, step_of[row], usable) * N;
                    let row_scale = scale[row];
                    // unroll
                    for (var j = 0u; j < COLUMNS; j++) {
                        let column = invocation + j * INVOCATIONS;
                        if (N == COLUMNS * INVOCATIONS || column < N) {
                            let element = times(exchanged[r * PITCH + source[j] / 4][source[j] % 4], row_scale);
                            let value = select(nan_number(params.zero), element, usable);
                            sum[j] += modulus(value);
                            inverse[place + column] = value;
                        }
                    }
                }
            }
        }
    }
    var norm = Bits(0);
    // unroll
    for (var j = 0u; j < COLUMNS; j++) {
        norm = max(norm, magnitude_bits(sum[j]));
    }
    return norm;
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) invocation: u32) {
    let matrix = workgroup_number(workgroup, count);
    if (matrix >= params.batch) {
        return;
    }
    let base = matrix * N * N;
    let group = invocation / LANES;
    let lane = invocation % LANES;
    // unroll
    for (var i = 0u; i < ROWS; i++) {
        let row = i * LANES + lane;
        tag[i] = pivot_tag(row, PADDED);
        if (group == 0u) {
            step_of[row] = UNUSED;
        }
    }
    if (invocation == 0u) {
        zero_pivot = 0u;
        not_finite = 0u;
    }
    norms[invocation] = load_rows(base, invocation, group, lane);

    for (var panel = 0u; panel < PANELS; panel++) {
        let own = group == panel / QUADS;
        if (takes_part(own)) {
            let zero_step = factor_panel(panel, own, group, lane);
            if (own && lane == 0u && zero_step != 0u && zero_pivot == 0u) {
                zero_pivot = zero_step;
            }
        }
        workgroupBarrier();
        publish_pivot_rows(panel, own, group, lane);
        workgroupBarrier();
        bring_forward(invocation);
        workgroupBarrier();
        update(group);
    }

    let finite = not_finite == 0u;
    let singular = finite && zero_pivot != 0u;
    // Where numbers overflowed, a row of the identity may have become the pivot of the matrix's own column.
    var usable = finite && !singular;
    for (var row = N; row < PADDED; row++) {
        usable = usable && step_of[row] >= N;
    }
    norms[INVOCATIONS + invocation] = store_rows(base, usable, invocation, group, lane);
    for (var half = INVOCATIONS; half > 1u; ) {
        // Rounded up, for GROUPS need not be a power of two.
        let rest = half / 2;
        half -= rest;
        workgroupBarrier();
        if (invocation < rest) {
            norms[invocation] = max(norms[invocation], norms[half + invocation]);
            norms[INVOCATIONS + invocation] = max(norms[INVOCATIONS + invocation], norms[INVOCATIONS + half + invocation]);
        }
    }
    if (invocation == 0u) {
        let rcond = reciprocal_condition(norms[0], norms[INVOCATIONS], singular);
        report(matrix, select(0u, zero_pivot, singular), select(make_nan(params.zero), rcond, finite));
    }
}
