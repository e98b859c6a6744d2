// Fourth pass of the blocked inverse: the pivot rows of a block, each as it was when it became one.
//
// One workgroup per STRIP columns. work: (batch, ld, pitch) T; lower: (batch, BLOCK, BLOCK) T of lib/gauss_jordan_choose.wgsl;
// step_of: (2, batch, ld); pivot_rows: (batch, BLOCK, pitch) T, the result.
// Constants: T (real or complex, with parts F), BLOCK (a multiple of 16), STRIP (a multiple of 4; 4 STRIP invocations, to the device's limit).
// uses: grid, gauss_jordan_blocked

@group(0) @binding(0) var<storage, read> work: array<Four>;
@group(0) @binding(1) var<storage, read> lower: array<Four>;
@group(0) @binding(2) var<storage, read> step_of: array<u32>;
@group(0) @binding(3) var<storage, read_write> pivot_rows: array<Four>;

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

const SIXTEEN = 16u;
const FOURS = STRIP / 4u;
const INVOCATIONS = SIXTEEN * FOURS;
const PARTS = BLOCK / SIXTEEN;
const LOADS = SIXTEEN * BLOCK / 4u / INVOCATIONS;

var<workgroup> u: array<array<Four, FOURS>, BLOCK>;
var<workgroup> sixteen: array<array<Four, BLOCK / 4u>, SIXTEEN>;  // rows of the triangle

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let ld = params.ld;
    let pitch = params.pitch;
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
    let own_row = lane / FOURS;
    let own_four = lane % FOURS;
    // All that comes from far away is asked for first.
    // scalars
    var rows: array<u32, PARTS>;
    // unroll
    for (var part = 0u; part < PARTS; part++) {
        // For steps beyond the order any row will do.
        rows[part] = step_of[(params.batch + matrix) * ld + min(params.first + part * SIXTEEN + own_row, params.n - 1u)];
    }
    // scalars
    var raw: array<Four, PARTS>;
    // unroll
    for (var part = 0u; part < PARTS; part++) {
        raw[part] = work[((matrix * ld + rows[part]) * pitch + column) / 4u + own_four];
    }
    // unroll
    for (var part = 0u; part < PARTS; part++) {
        u[part * SIXTEEN + own_row][own_four] = raw[part];
    }
    // scalars
    var next: array<Four, LOADS>;
    // unroll
    for (var l = 0u; l < LOADS; l++) {
        next[l] = lower[matrix * BLOCK * (BLOCK / 4u) + l * INVOCATIONS + lane];
    }
    // Run-time bounds, as in choose().
    let n_steps = min(BLOCK, params.n - params.first);
    for (var first = 0u; first < n_steps; first += SIXTEEN) {
        // unroll
        for (var l = 0u; l < LOADS; l++) {
            sixteen[(l * INVOCATIONS + lane) / (BLOCK / 4u)][(l * INVOCATIONS + lane) % (BLOCK / 4u)] = next[l];
        }
        workgroupBarrier();
        let following = min(first + SIXTEEN, BLOCK - SIXTEEN);
        // unroll
        for (var l = 0u; l < LOADS; l++) {
            next[l] = lower[(matrix * BLOCK + following) * (BLOCK / 4u) + l * INVOCATIONS + lane];
        }
        var sum = u[first + own_row][own_four];
        for (var earlier = 0u; earlier < first; earlier += 4u) {
            let four = sixteen[own_row][earlier / 4u];
            // unroll
            for (var e = 0u; e < 4u; e++) {
                sum = fused(sum, four[e], u[earlier + e][own_four]);
            }
        }
        u[first + own_row][own_four] = sum;
        workgroupBarrier();
        if (lane < STRIP) {
            // scalars
            var own: array<T, SIXTEEN>;
            // unroll
            for (var s = 0u; s < SIXTEEN; s++) {
                own[s] = u[first + s][lane / 4u][lane % 4u];
                // unroll
                for (var t = 0u; t < s; t++) {
                    own[s] = plus_product(own[s], sixteen[s][first / 4u + t / 4u][t % 4u], own[t]);
                }
            }
            // unroll
            for (var s = 0u; s < SIXTEEN; s++) {
                u[first + s][lane / 4u][lane % 4u] = own[s];
            }
        }
        workgroupBarrier();
    }
    for (var row = own_row; row < BLOCK; row += SIXTEEN) {
        // Steps beyond the order are none.
        let result = select_four(Four(), u[row][own_four], row < n_steps);
        pivot_rows[((matrix * BLOCK + row) * pitch + column) / 4u + own_four] = result;
    }
}
