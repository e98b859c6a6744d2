// gauss_jordan_blocked_update.wgsl where a workgroup is one subgroup.
//
// For software adapters, to which a load is dear, and a sum cheap that stays where it is: a workgroup keeps the pivot rows of STRIP columns,
// and goes through UPDATED rows of these, as many at a time as it has invocations. Each of those loads what one row takes, and passes it on.
//
// work: (batch, ld, pitch) f32; factors: (2, batch, ld, BLOCK) f32; step_of: (2, batch, ld); pivot_rows: (batch, BLOCK, pitch) f32.
// Constants: BLOCK, STRIP (multiples of 32; the text grows with both), UPDATED (a multiple of 8), T (f32).
// Subgroups must have 8 invocations, or a multiple of it.
// uses: grid, gauss_jordan_blocked, packed

@group(0) @binding(0) var<storage, read_write> work: array<Packed>;
@group(0) @binding(1) var<storage, read> step_of: array<u32>;
@group(0) @binding(2) var<storage, read> factors: array<Packed>;
@group(0) @binding(3) var<storage, read> pivot_rows: array<Packed>;

struct Params {
    batch: u32,
    ld: u32,
    pitch: u32,
    updated: u32,         // first column of the block
    updated_parity: u32,  // which half of factors it has
    depth: u32,           // its steps, rounded up to a multiple of 4
    first_column: u32,    // of n_columns, of which skipped from skip on are left out
    n_columns: u32,
    skip: u32,
    skipped: u32,
}
@group(1) @binding(0) var<uniform> params: Params;

const INVOCATIONS = 8u;
const EACH = STRIP / 4u / INVOCATIONS;
const TOGETHER = 8u;  // pivot rows that are loaded by one piece of text

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let strips = params.n_columns / STRIP;
    let ld = params.ld;
    let tiles = (ld + UPDATED - 1u) / UPDATED;
    let matrix = number / (strips * tiles);
    if (matrix >= params.batch) {
        return;
    }
    var column = params.first_column + number / tiles % strips * STRIP;
    if (column >= params.skip) {
        column += params.skipped;
    }
    column = column / 4u + lane;
    let pitch = params.pitch / 4u;
    // Come in through the last and move on to the first.
    // scalars
    var u: array<array<vec4<f32>, EACH>, BLOCK>;
    for (var step = 0u; step < BLOCK; step += TOGETHER) {
        // unroll
        for (var c = 0u; c < EACH; c++) {
            // unroll
            for (var s = TOGETHER; s < BLOCK; s++) {
                u[s - TOGETHER][c] = u[s][c];
            }
            // unroll
            for (var s = 0u; s < TOGETHER; s++) {
                u[BLOCK - TOGETHER + s][c] = unpacked(pivot_rows[(matrix * BLOCK + step + s) * pitch + column + c * INVOCATIONS]);
            }
        }
    }
    let first_row = number % tiles * UPDATED;
    for (var row = first_row; row < min(first_row + UPDATED, ld); row += INVOCATIONS) {
        let own = matrix * ld + row + lane;
        // A pivot row of the block starts from its own u.
        let is_pivot = select(0u, 1u, step_of[own] - params.updated < BLOCK);
        // scalars
        var taken: array<vec4<f32>, BLOCK / 4u>;
        // unroll
        for (var z = 0u; z < BLOCK / 4u; z++) {
            let found = unpacked(factors[(params.updated_parity * params.batch * ld + own) * (BLOCK / 4u) + z]);
            taken[z] = select(vec4<f32>(), found, z * 4u < params.depth);
        }
        // unroll
        for (var r = 0u; r < INVOCATIONS; r++) {
            let at = (matrix * ld + row + r) * pitch + column;
            let starts_anew = subgroupBroadcast(is_pivot, r) != 0u;
            // scalars
            var sums: array<vec4<f32>, EACH>;
            // unroll
            for (var c = 0u; c < EACH; c++) {
                sums[c] = select(unpacked(work[at + c * INVOCATIONS]), vec4<f32>(), starts_anew);
            }
            // unroll
            for (var s = 0u; s < BLOCK; s++) {
                let factor = subgroupBroadcast(taken[s / 4u][s % 4u], r);
                // unroll
                for (var c = 0u; c < EACH; c++) {
                    sums[c] += factor * u[s][c];
                }
            }
            // unroll
            for (var c = 0u; c < EACH; c++) {
                work[at + c * INVOCATIONS] = packed(sums[c]);
            }
        }
    }
}
