// gauss_jordan_blocked_choose.wgsl where a workgroup is one subgroup: what it finds is the same.
//
// For software adapters, for the reasons that gauss_jordan_blocked_update_broadcast.wgsl tells: all rows are in registers, ROWS of each
// invocation, and nothing is in workgroup memory. In each step the column that is searched is the first; behind the last come
// the factors of every row, so that in the end those of a step are where its column was.
//
// work, step_of, proposed, factors, and what is written, scale, zero_pivot, block_rows and lower: as of lib/gauss_jordan_choose.wgsl.
// Constants: BLOCK (a multiple of 32), PANEL (a multiple of 8), ROWS (a multiple of 8; the text grows with ROWS PANEL), NUMBERS (as a mask, of which no candidate's exceeds it), FROM_PROPOSED (whether the rows are those in
// proposed), IS_FINAL, T (f32). Subgroups must have 8 invocations.
// uses: grid, gauss_jordan_blocked, packed

@group(0) @binding(0) var<storage, read> work: array<Packed>;
@group(0) @binding(1) var<storage, read_write> step_of: array<u32>;
@group(0) @binding(2) var<storage, read_write> proposed: array<u32>;
@group(0) @binding(3) var<storage, read_write> scale: array<f32>;
@group(0) @binding(4) var<storage, read_write> zero_pivot: array<u32>;
@group(0) @binding(5) var<storage, read_write> block_rows: array<Packed>;
@group(0) @binding(6) var<storage, read> factors: array<Packed>;
@group(0) @binding(7) var<storage, read_write> lower: array<Packed>;

struct Params {
    batch: u32,
    n: u32,
    ld: u32,
    pitch: u32,
    parity: u32,      // which half of factors the block has
    first: u32,       // column of the block
    inner: u32,       // column of the panel in the block
    parts: u32,       // workgroups per matrix in the round that proposes
    candidates: u32,  // rows of one workgroup, at most ROWS * INVOCATIONS
}
@group(1) @binding(0) var<uniform> params: Params;

const INVOCATIONS = 8u;
const FOURS = PANEL / 4u;
const ROW_FOURS = (BLOCK + PANEL) / 4u;
const EACH = BLOCK / 4u / INVOCATIONS;
const TOGETHER = 8u;  // rows of an invocation that are loaded by one piece of text

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number_of_group = workgroup_number(workgroup, count);
    let parts = select(params.parts, 1u, IS_FINAL);
    let part = number_of_group % parts;
    let matrix = number_of_group / parts;
    if (matrix >= params.batch) {
        return;
    }
    let n = params.n;
    let ld = params.ld;
    let pitch = params.pitch / 4u;
    let column = params.first + params.inner;
    let width = min(PANEL, n - column);

    // Come in through the last and move on to the first.
    // scalars
    var a: array<array<f32, PANEL>, ROWS>;
    // scalars
    var number: array<u32, ROWS>;
    for (var loaded = 0u; loaded < ROWS; loaded += TOGETHER) {
        // unroll
        for (var r = TOGETHER; r < ROWS; r++) {
            number[r - TOGETHER] = number[r];
            // unroll
            for (var c = 0u; c < PANEL; c++) {
                a[r - TOGETHER][c] = a[r][c];
            }
        }
        // unroll
        for (var r = 0u; r < TOGETHER; r++) {
            let candidate = (loaded + r) * INVOCATIONS + lane;
            var row = part * params.candidates + candidate;
            if (FROM_PROPOSED) {
                row = UNUSED;
                if (candidate < params.candidates) {
                    row = proposed[matrix * params.parts * PANEL + candidate];
                }
            }
            let safe_row = matrix * ld + min(row, n - 1u);
            let is_open = candidate < params.candidates && row < n && step_of[safe_row] == UNUSED;
            number[ROWS - TOGETHER + r] = select(0u, ROWS * INVOCATIONS - candidate, is_open);
            // unroll
            for (var z = 0u; z < FOURS; z++) {
                let four = unpacked(work[safe_row * pitch + column / 4u + z]);
                // unroll
                for (var c = 0u; c < 4u; c++) {
                    a[ROWS - TOGETHER + r][4u * z + c] = four[c];
                }
            }
        }
    }

    // What became of the pivot rows, in all invocations: u from the pivot on, then the factors of earlier steps.
    // scalars
    var found: array<array<f32, PANEL>, PANEL>;
    // scalars
    var row_of: array<u32, PANEL>;
    var first_zero = 0u;
    for (var step = 0u; step < PANEL; step++) {
        // scalars
        var keys: array<u32, ROWS>;
        var key = 0u;
        // unroll
        for (var r = 0u; r < ROWS; r++) {
            keys[r] = numbered_key(a[r][0], number[r]);
            key = max(key, keys[r]);
        }
        let largest = subgroupMax(key);
        let candidate = ROWS * INVOCATIONS - (largest & NUMBERS);
        // scalars
        var own: array<f32, PANEL>;
        // unroll
        for (var r = 0u; r < ROWS; r++) {
            // unroll
            for (var c = 0u; c < PANEL; c++) {
                own[c] = select(own[c], a[r][c], keys[r] == largest);
            }
        }
        // unroll
        for (var c = 0u; c < PANEL; c++) {
            own[c] = subgroupShuffle(own[c], candidate % INVOCATIONS);
        }
        // Proposals may be used up before the columns are.
        let is_zero = own[0] == 0.0 || largest == 0u || step >= width;
        if (is_zero && step < width && first_zero == 0u) {
            first_zero = column + step + 1u;
        }
        // A column of zeros proposes no row. (NaN != 0 is false where it becomes an ordered comparison.)
        let is_chosen = largest != 0u && step < width && (IS_FINAL || !(own[0] == 0.0));
        // A column of zeros leaves everything as it is.
        let inverse_pivot = select(1.0 / own[0], 0.0, is_zero);
        // unroll
        for (var r = 0u; r < ROWS; r++) {
            number[r] = select(number[r], 0u, is_chosen && keys[r] == largest);
            let factor = -a[r][0] * inverse_pivot;
            // unroll
            for (var c = 1u; c < PANEL; c++) {
                a[r][c - 1u] = a[r][c] + factor * select(0.0, own[c], step + c < PANEL);
            }
            a[r][PANEL - 1u] = factor;
        }
        // unroll
        for (var s = 1u; s < PANEL; s++) {
            row_of[s - 1u] = row_of[s];
            // unroll
            for (var c = 0u; c < PANEL; c++) {
                found[s - 1u][c] = found[s][c];
            }
        }
        // unroll
        for (var c = 0u; c < PANEL; c++) {
            found[PANEL - 1u][c] = own[c];
        }
        var row = part * params.candidates + candidate;
        if (FROM_PROPOSED) {
            row = proposed[matrix * params.parts * PANEL + min(candidate, params.candidates - 1u)];
        }
        row_of[PANEL - 1u] = select(UNUSED, row, is_chosen);
    }

    // unroll
    for (var half = 0u; half < PANEL; half += INVOCATIONS) {
        // A step for each invocation.
        var row = 0u;
        var pivot = 0.0;
        // unroll
        for (var s = 0u; s < INVOCATIONS; s++) {
            row = select(row, row_of[half + s], lane == s);
            pivot = select(pivot, found[half + s][0], lane == s);
        }
        let step = half + lane;
        if (!IS_FINAL) {
            proposed[(matrix * parts + part) * PANEL + step] = row;
        } else {
            let safe_row = min(row, n - 1u);
            if (step < width) {
                // Of a singular matrix there may be none left: it becomes NaN whatever is written here.
                step_of[(params.batch + matrix) * ld + column + step] = safe_row;
                if (row != UNUSED) {
                    step_of[matrix * ld + row] = column + step;
                    scale[matrix * ld + row] = reciprocal(pivot);
                }
            }
            // The triangle of the block: what the pivot rows took in earlier panels, and below in this one.
            for (var z = 0u; z < params.inner / 4u; z++) {
                let taken = factors[((params.parity * params.batch + matrix) * ld + safe_row) * (BLOCK / 4u) + z];
                lower[(matrix * BLOCK + params.inner + step) * (BLOCK / 4u) + z] = taken;
            }
        }
    }
    if (!IS_FINAL) {
        return;
    }
    if (lane == 0u && first_zero != 0u && zero_pivot[matrix] == 0u) {
        zero_pivot[matrix] = first_zero;
    }

    // The pivot rows' columns in the block, as they are when they are pivots.
    let rows_at = matrix * PANEL * ROW_FOURS;
    // scalars
    var u: array<array<vec4<f32>, EACH>, PANEL>;
    // unroll
    for (var s = 0u; s < PANEL; s++) {
        // unroll
        for (var j = 0u; j < EACH; j++) {
            let place = (lane + j * INVOCATIONS) * 4u;
            let at = (matrix * ld + min(row_of[s], n - 1u)) * pitch + params.first / 4u + lane + j * INVOCATIONS;
            let unit = select(vec4<f32>(), vec4<f32>(1.0), vec4<u32>(place, place + 1u, place + 2u, place + 3u) == vec4<u32>(params.inner + s));
            u[s][j] = select(unpacked(work[at]), unit, place - params.inner < PANEL);
            // unroll
            for (var t = 0u; t < s; t++) {
                u[s][j] += found[s][PANEL - s + t] * u[t][j];
            }
            block_rows[rows_at + s * ROW_FOURS + lane + j * INVOCATIONS] = packed(select(vec4<f32>(), u[s][j], s < width));
        }
        // unroll
        for (var z = 0u; z < FOURS; z++) {
            // scalars
            var upper: array<f32, 4>;
            // scalars
            var factor: array<f32, 4>;
            // unroll
            for (var c = 0u; c < 4u; c++) {
                let each = found[s][(4u * z + c + PANEL - s) % PANEL];
                upper[c] = select(0.0, each, 4u * z + c >= s);
                factor[c] = select(each, 0.0, 4u * z + c >= s);
            }
            if (lane == z) {
                let own_u = vec4<f32>(upper[0], upper[1], upper[2], upper[3]);
                block_rows[rows_at + s * ROW_FOURS + BLOCK / 4u + z] = packed(select(vec4<f32>(), own_u, s < width));
                let at = (matrix * BLOCK + params.inner + s) * (BLOCK / 4u) + params.inner / 4u + z;
                lower[at] = packed(vec4<f32>(factor[0], factor[1], factor[2], factor[3]));
            }
        }
    }
}

// As of lib/gauss_jordan_choose.wgsl.
fn numbered_key(x: f32, number: u32) -> u32 {
    return select(0u, (pivot_key(x) & ~NUMBERS) | number, number != 0u);
}
