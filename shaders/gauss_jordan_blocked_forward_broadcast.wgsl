// gauss_jordan_blocked_forward.wgsl where a workgroup is one subgroup: what it computes is the same.
//
// For software adapters, for the reason that lib/product_broadcast.wgsl tells. Invocations have four columns each, and all rows of them, of
// which the first is always the one that the others take something of; they share out a column of the triangle.
//
// One workgroup per STRIP columns. work: (batch, ld, pitch) T; lower: (batch, BLOCK, BLOCK) T of lib/gauss_jordan_choose.wgsl;
// step_of: (2, batch, ld); pivot_rows: (batch, BLOCK, pitch) T, the result.
// Constants: T (f32), BLOCK (a multiple of 8; the text grows with it), STRIP (32). Subgroups must have 8 invocations, or a multiple of it.
// uses: grid, gauss_jordan_blocked, packed

@group(0) @binding(0) var<storage, read> work: array<Packed>;
@group(0) @binding(1) var<storage, read> lower: array<Packed>;
@group(0) @binding(2) var<storage, read> step_of: array<u32>;
@group(0) @binding(3) var<storage, read_write> pivot_rows: array<Packed>;

struct Params {
    batch: u32,
    n: u32,
    ld: u32,
    pitch: u32,
    first: u32,         // column of the block
    first_column: u32,  // of n_columns, of which skipped from skip on are left out
    n_columns: u32,
    skip: u32,
    skipped: u32,
}
@group(1) @binding(0) var<uniform> params: Params;

const INVOCATIONS = 8u;
const TOGETHER = 4u;  // steps, as many as an invocation loads factors of one row together

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let strips = params.n_columns / STRIP;
    let number = workgroup_number(workgroup, count);
    let matrix = number / strips;
    if (matrix >= params.batch) {
        return;
    }
    var column = params.first_column + number % strips * STRIP;
    if (column >= params.skip) {
        column += params.skipped;
    }
    column = column / 4u + lane;
    // Steps beyond the order are none, and for them any row will do.
    let n_steps = min(BLOCK, params.n - params.first);
    let pitch = params.pitch / 4u;
    // Come in through the last and move on to the first.
    // scalars
    var u: array<vec4<f32>, BLOCK>;
    for (var step = 0u; step < BLOCK; step += INVOCATIONS) {
        let own_row = step_of[(params.batch + matrix) * params.ld + min(params.first + step + lane, params.n - 1u)];
        // unroll
        for (var r = INVOCATIONS; r < BLOCK; r++) {
            u[r - INVOCATIONS] = u[r];
        }
        // unroll
        for (var r = 0u; r < INVOCATIONS; r++) {
            let row = matrix * params.ld + subgroupBroadcast(own_row, r);
            u[BLOCK - INVOCATIONS + r] = unpacked(work[row * pitch + column]);
        }
    }
    for (var step = 0u; step < BLOCK; step += TOGETHER) {
        // What these rows and those after them take of these steps, of which those beyond the last are not wanted.
        // scalars
        var factors: array<vec4<f32>, BLOCK / INVOCATIONS>;
        // unroll
        for (var part = 0u; part < BLOCK / INVOCATIONS; part++) {
            let row = matrix * BLOCK + min(step + part * INVOCATIONS + lane, BLOCK - 1u);
            factors[part] = unpacked(lower[(row * BLOCK + step) / 4u]);
        }
        // unroll
        for (var s = 0u; s < TOGETHER; s++) {
            let own = select(vec4<f32>(), u[s], step + s < n_steps);
            pivot_rows[(matrix * BLOCK + step + s) * pitch + column] = packed(own);
            // unroll
            for (var r = s + 1u; r < BLOCK; r++) {
                u[r] += subgroupBroadcast(factors[r / INVOCATIONS][s], r % INVOCATIONS) * own;
            }
        }
        // unroll
        for (var r = TOGETHER; r < BLOCK; r++) {
            u[r - TOGETHER] = u[r];
        }
    }
}
