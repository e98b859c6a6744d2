// gauss_jordan_blocked_eliminate.wgsl where a workgroup is one subgroup: what it computes is the same.
//
// For software adapters, for the reasons that gauss_jordan_blocked_update_broadcast.wgsl tells. A workgroup goes through ELIMINATED rows, as many
// at a time as it has invocations: each finds what one row takes of the panel's pivot rows, and passes it on to the others, which have
// columns of all of these rows.
//
// work: (batch, ld, pitch) f32; block_rows: (batch, PANEL, BLOCK + PANEL) f32 of lib/gauss_jordan_choose.wgsl; step_of: (2, batch, ld);
// factors: (2, batch, ld, BLOCK) f32, the result.
// Constants: BLOCK (a multiple of 32), PANEL (a multiple of 8 that divides BLOCK; the text grows with both), ELIMINATED (a multiple of 8),
// JORDAN (whether rows that are pivots take the later ones), T (f32). Subgroups must have 8 invocations, or a multiple of it.
// uses: grid, gauss_jordan_blocked, packed

@group(0) @binding(0) var<storage, read_write> work: array<Packed>;
@group(0) @binding(1) var<storage, read> step_of: array<u32>;
@group(0) @binding(2) var<storage, read> block_rows: array<Packed>;
@group(0) @binding(3) var<storage, read_write> factors: array<Packed>;

struct Params {
    batch: u32,
    n: u32,
    ld: u32,
    pitch: u32,
    parity: u32,  // which half of factors the block has
    first: u32,   // column of the block
    inner: u32,   // column of the panel in the block
}
@group(1) @binding(0) var<uniform> params: Params;

const INVOCATIONS = 8u;
const EACH = BLOCK / 4u / INVOCATIONS;
const FOURS = PANEL / 4u;
const ROW_FOURS = (BLOCK + PANEL) / 4u;
const TOGETHER = 4u;  // pivot rows that are loaded by one piece of text

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let ld = params.ld;
    let tiles = (ld + ELIMINATED - 1u) / ELIMINATED;
    let matrix = number / tiles;
    if (matrix >= params.batch) {
        return;
    }
    let rows_at = matrix * PANEL * ROW_FOURS;
    // u on the block's columns, of which an invocation has some. Come in through the last and move on to the first.
    // scalars
    var u: array<array<vec4<f32>, EACH>, PANEL>;
    for (var step = 0u; step < PANEL; step += TOGETHER) {
        // unroll
        for (var c = 0u; c < EACH; c++) {
            // unroll
            for (var s = TOGETHER; s < PANEL; s++) {
                u[s - TOGETHER][c] = u[s][c];
            }
            // unroll
            for (var s = 0u; s < TOGETHER; s++) {
                u[PANEL - TOGETHER + s][c] = unpacked(block_rows[rows_at + (step + s) * ROW_FOURS + lane + c * INVOCATIONS]);
            }
        }
    }
    // u on the panel's own columns, in all invocations.
    // scalars
    var triangle: array<array<vec4<f32>, FOURS>, PANEL>;
    // scalars
    var inverse_pivots: array<f32, PANEL>;
    // unroll
    for (var part = 0u; part < PANEL / INVOCATIONS; part++) {
        // unroll
        for (var z = 0u; z < FOURS; z++) {
            let own = unpacked(block_rows[rows_at + (part * INVOCATIONS + lane) * ROW_FOURS + BLOCK / 4u + z]);
            // unroll
            for (var s = 0u; s < INVOCATIONS; s++) {
                triangle[part * INVOCATIONS + s][z] = subgroupBroadcast(own, s);
            }
        }
    }
    // unroll
    for (var s = 0u; s < PANEL; s++) {
        let pivot = triangle[s][s / 4u][s % 4u];
        // A column of zeros, of a singular matrix or beyond the order, leaves everything as it is.
        inverse_pivots[s] = select(reciprocal(pivot), 0.0, pivot == 0.0);
    }

    let pitch = params.pitch / 4u;
    let panel_at = params.first + params.inner;
    let first_row = number % tiles * ELIMINATED;
    for (var row = first_row; row < min(first_row + ELIMINATED, ld); row += INVOCATIONS) {
        let own_row = matrix * ld + row + lane;
        let own_step = step_of[own_row] - panel_at;  // beyond the panel for a row that it does not pivot
        let is_pivot = own_step < PANEL;
        let is_done = !JORDAN && step_of[own_row] < panel_at;
        // scalars
        var a: array<vec4<f32>, FOURS>;
        // unroll
        for (var z = 0u; z < FOURS; z++) {
            a[z] = unpacked(work[own_row * pitch + panel_at / 4u + z]);
            if (is_pivot) {
                // To the bit what choose() found; see lib/gauss_jordan_eliminate.wgsl.
                a[z] = unpacked(block_rows[rows_at + own_step * ROW_FOURS + BLOCK / 4u + z]);
                if (!JORDAN) {
                    work[own_row * pitch + panel_at / 4u + z] = packed(a[z]);
                }
            }
        }
        // unroll
        for (var s = 0u; s < PANEL; s++) {
            let factor = select(-a[s / 4u][s % 4u] * inverse_pivots[s], 0.0, is_done || (is_pivot && (!JORDAN || s <= own_step)));
            // unroll
            for (var z = s / 4u + 1u; z < FOURS; z++) {
                a[z] += factor * triangle[s][z];
            }
            // Of its own four columns, those that are finished hold factors.
            // unroll
            for (var c = s % 4u + 1u; c < 4u; c++) {
                a[s / 4u][c] += factor * triangle[s][s / 4u][c];
            }
            a[s / 4u][s % 4u] = factor;
        }
        let to = (params.parity * params.batch * ld + own_row) * (BLOCK / 4u);
        if (is_pivot) {
            // Of the steps before its own it takes nothing more: those have gone into the u of its own.
            for (var t = 0u; t < params.inner / 4u; t++) {
                factors[to + t] = Packed();
            }
            // unroll
            for (var s = 0u; s < PANEL; s++) {
                a[s / 4u][s % 4u] = select(a[s / 4u][s % 4u], select(0.0, 1.0, s == own_step), s <= own_step);
            }
        }
        // unroll
        for (var z = 0u; z < FOURS; z++) {
            factors[to + params.inner / 4u + z] = packed(a[z]);
        }
        // unroll
        for (var r = 0u; r < INVOCATIONS; r++) {
            let at = (matrix * ld + row + r) * pitch + params.first / 4u + lane;
            let starts_anew = subgroupBroadcast(select(0u, 1u, is_pivot), r) != 0u;
            // scalars
            var sums: array<vec4<f32>, EACH>;
            // unroll
            for (var c = 0u; c < EACH; c++) {
                // The panel's own columns are finished, and hold what the unit vectors have become.
                let is_own = (lane + c * INVOCATIONS) * 4u - params.inner < PANEL;
                sums[c] = select(unpacked(work[at + c * INVOCATIONS]), vec4<f32>(), starts_anew || is_own);
            }
            // unroll
            for (var s = 0u; s < PANEL; s++) {
                let factor = subgroupBroadcast(a[s / 4u][s % 4u], r);
                // unroll
                for (var c = 0u; c < EACH; c++) {
                    sums[c] += factor * u[s][c];
                }
            }
            // unroll
            for (var c = 0u; c < EACH; c++) {
                // Of U the columns before the panel are finished, and its own have been stored above.
                if (JORDAN || (lane + c * INVOCATIONS) * 4u >= params.inner + PANEL) {
                    work[at + c * INVOCATIONS] = packed(sums[c]);
                }
            }
        }
    }
}
