// eliminate() of the blocked inverse: what each row takes of the panel's pivot rows, and the block's columns brought up to date.
//
// Workgroup `group` does ELIMINATED rows of a matrix. work: (batch, ld, pitch) T; block_rows: (batch, PANEL, BLOCK + PANEL) T of
// choose(); step_of: (2, batch, ld); factors: (2, batch, ld, BLOCK) T, what each row takes of the u of each step of the block.
// Constants: T (real or complex, with parts F), BLOCK (a multiple of 4), PANEL (a multiple of 4 that divides BLOCK), LANES_OF_BLOCK (invocations along
// the block, dividing BLOCK / 4), INVOCATIONS (a multiple of LANES_OF_BLOCK, at least PANEL),
// ELIMINATED (a multiple of 4 INVOCATIONS / LANES_OF_BLOCK),
// JORDAN (whether rows that are pivots take the later ones).
// uses: gauss_jordan_blocked

@group(0) @binding(110) var<storage, read_write> work: array<Four>;
@group(0) @binding(111) var<storage, read_write> step_of: array<u32>;
@group(0) @binding(116) var<storage, read_write> block_rows: array<Four>;
@group(0) @binding(117) var<storage, read_write> factors: array<Four>;

const ROW_FOURS = (BLOCK + PANEL) / 4u;
const EACH = BLOCK / 4u / LANES_OF_BLOCK;

var<workgroup> rows: array<array<Four, ROW_FOURS>, PANEL>;
var<workgroup> inverse_pivots: array<T, PANEL>;
var<workgroup> tile_factors: array<array<Four, ELIMINATED / 4u>, PANEL>;  // [step][row / 4]
var<workgroup> is_kept: array<u32, ELIMINATED>;

fn eliminate(group: u32, lane: u32) {
    let ld = params.ld;
    let pitch = params.pitch;
    let tiles = (ld + ELIMINATED - 1u) / ELIMINATED;
    let matrix = group / tiles;
    if (matrix >= params.batch) {
        return;
    }
    let first_row = group % tiles * ELIMINATED;
    for (var i = lane; i < PANEL * ROW_FOURS; i += INVOCATIONS) {
        rows[i / ROW_FOURS][i % ROW_FOURS] = block_rows[matrix * PANEL * ROW_FOURS + i];
    }
    workgroupBarrier();
    if (lane < PANEL) {
        let pivot = rows[lane][(BLOCK + lane) / 4u][lane % 4u];
        // A column of zeros, of a singular matrix or beyond the order, leaves everything as it is.
        inverse_pivots[lane] = select(reciprocal(pivot), T(), is_zero(pivot));
    }
    workgroupBarrier();
    for (var row = lane; row < ELIMINATED; row += INVOCATIONS) {
        take(matrix, first_row + row, row);
    }
    workgroupBarrier();

    let beside = lane % LANES_OF_BLOCK;
    for (var upper_row = lane / LANES_OF_BLOCK * 4u; upper_row < min(ELIMINATED, ld - first_row); upper_row += INVOCATIONS / LANES_OF_BLOCK * 4u) {
        let at = ((matrix * ld + first_row + upper_row) * pitch + params.first) / 4u + beside;
        // scalars
        var sums: array<array<Four, EACH>, 4>;
        // unroll
        for (var i = 0u; i < 4u; i++) {
            // unroll
            for (var j = 0u; j < EACH; j++) {
                let place = (beside + j * LANES_OF_BLOCK) * 4u;
                // The panel's own columns are finished, and hold what the unit vectors have become.
                if (is_kept[upper_row + i] != 0u && !(place - params.inner < PANEL)) {
                    sums[i][j] = work[at + i * pitch / 4u + j * LANES_OF_BLOCK];
                }
            }
        }
        for (var step = 0u; step < PANEL; step++) {
            let four = tile_factors[step][upper_row / 4u];
            // unroll
            for (var j = 0u; j < EACH; j++) {
                let u = rows[step][beside + j * LANES_OF_BLOCK];
                // unroll
                for (var i = 0u; i < 4u; i++) {
                    sums[i][j] = fused(sums[i][j], four[i], u);
                }
            }
        }
        // unroll
        for (var i = 0u; i < 4u; i++) {
            // unroll
            for (var j = 0u; j < EACH; j++) {
                // Of U the columns before the panel are finished, and its own have been stored by take().
                if (JORDAN || (beside + j * LANES_OF_BLOCK) * 4u >= params.inner + PANEL) {
                    work[at + i * pitch / 4u + j * LANES_OF_BLOCK] = sums[i][j];
                }
            }
        }
    }
}

// What row `row` takes of every step of the panel, into factors and, at `place`, tile_factors.
fn take(matrix: u32, row: u32, place: u32) {
    let ld = params.ld;
    let at = matrix * ld + min(row, ld - 1u);
    let own_step = step_of[at] - (params.first + params.inner);  // beyond the panel for a row that it does not pivot
    let is_pivot = own_step < PANEL;
    let is_done = !JORDAN && step_of[at] < params.first + params.inner;
    // scalars
    var a: array<Four, PANEL / 4u>;
    // unroll
    for (var z = 0u; z < PANEL / 4u; z++) {
        a[z] = work[(at * params.pitch + params.first + params.inner) / 4u + z];
        if (is_pivot) {
            // To the bit what choose() found, whose u the other columns are computed with: a second elimination may round
            // otherwise, and then rows would not fit their factors, which ill-conditioned matrices do not forgive.
            a[z] = rows[own_step][BLOCK / 4u + z];
            if (!JORDAN && row < ld) {
                work[(at * params.pitch + params.first + params.inner) / 4u + z] = a[z];
            }
        }
    }
    // unroll
    for (var s = 0u; s < PANEL; s++) {
        let factor = select(-times(a[s / 4u][s % 4u], inverse_pivots[s]), T(), is_done || (is_pivot && (!JORDAN || s <= own_step)));
        // unroll
        for (var z = s / 4u + 1u; z < PANEL / 4u; z++) {
            a[z] = fused(a[z], factor, rows[s][BLOCK / 4u + z]);
        }
        // Of its own four columns, those that are finished hold factors.
        // unroll
        for (var c = s % 4u + 1u; c < 4u; c++) {
            a[s / 4u][c] = plus_product(a[s / 4u][c], factor, rows[s][(BLOCK + s) / 4u][c]);
        }
        a[s / 4u][s % 4u] = factor;
    }
    if (row >= ld) {
        return;
    }
    is_kept[place] = select(1u, 0u, is_pivot);
    let to = ((params.parity * params.batch * ld + at) * BLOCK) / 4u;
    if (is_pivot) {
        // Of the steps before its own it takes nothing more: those have gone into the u of its own.
        for (var t = 0u; t < params.inner / 4u; t++) {
            factors[to + t] = Four();
        }
        // unroll
        for (var s = 0u; s < PANEL; s++) {
            a[s / 4u][s % 4u] = select(a[s / 4u][s % 4u], select(T(), one(), s == own_step), s <= own_step);
        }
    }
    // unroll
    for (var s = 0u; s < PANEL; s++) {
        tile_factors[s][place / 4u][place % 4u] = a[s / 4u][s % 4u];
    }
    // unroll
    for (var z = 0u; z < PANEL / 4u; z++) {
        factors[to + params.inner / 4u + z] = a[z];
    }
}
