// Q of tall matrices: the reflections of qr_tall_reduce, the last first, applied to what stands in place of R: a workgroup per
// chain of blocks of rows.
//
// q: (batch, m, n), u of each block by columns, becomes Q, in the registers of the workgroup block by block. corner: (batch,
// chains, n, n), the columns that the reflections of a chain are applied to, with zeros below, is used up.
// taus: (batch, blocks, n, 2): tau and reciprocal of I - tau v vᵀ, v = reciprocal u.
// Constants: T (real), LANES (LANES² invocations, 8 to the root of the device's limit), ROWS_EACH and COLUMNS_EACH (rows and
// columns of a block that an invocation holds: those of qr_tall_reduce). Workgroup memory: LANES (LANES + 1) COLUMNS_EACH +
// LANES ROWS_EACH elements.
// Source: as qr_tall_reduce.
// uses: grid

const WORKGROUP = LANES * LANES;
const ROWS = LANES * ROWS_EACH;
const COLUMNS = LANES * COLUMNS_EACH;
// Elements of u that an invocation fetches.
const FETCHED = (ROWS_EACH + LANES - 1) / LANES;

struct Params {
    batch: u32,
    m: u32,
    n: u32,
    chains: u32,  // of a matrix
    span: u32,    // rows of a chain, a multiple of ROWS
    blocks: u32,  // of a matrix
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> q: array<T>;
@group(0) @binding(1) var<storage, read_write> corner: array<T>;
@group(0) @binding(2) var<storage, read> taus: array<T>;

var<workgroup> reflected: array<T, ROWS>;           // u
var<workgroup> partial: array<T, LANES * COLUMNS>;  // sums over the rows of one lane
var<workgroup> factors: array<T, COLUMNS>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let chain = workgroup_number(workgroup, count);
    let matrix = chain / params.chains;
    if (matrix >= params.batch) {
        return;
    }
    let n = params.n;
    let corner_at = chain * n * n;
    let begin = chain % params.chains * params.span;
    let end = min(begin + params.span, params.m);
    let row_lane = lane / LANES;
    let column_lane = lane % LANES;

    for (var left = (end - begin + ROWS - 1u) / ROWS; left > 0u; left--) {
        let is_head = left == 1u;
        let first = begin + (left - 1u) * ROWS;
        let rows = min(ROWS, end - first);
        let q_at = (matrix * params.m + first) * n;
        let taus_at = (matrix * params.blocks + first / ROWS) * n;
        // scalars
        var a: array<array<T, COLUMNS_EACH>, ROWS_EACH>;
        // unroll
        for (var i = 0u; i < ROWS_EACH; i++) {
            let row = row_lane + i * LANES;
            // unroll
            for (var j = 0u; j < COLUMNS_EACH; j++) {
                let column = column_lane + j * LANES;
                a[i][j] = T(0);
                if (is_head && max(row, column) < n) {
                    a[i][j] = corner[corner_at + row * n + column];
                }
            }
        }
        // scalars
        var next: array<T, FETCHED>;
        // unroll
        for (var i = 0u; i < FETCHED; i++) {
            let row = lane + i * WORKGROUP;
            if (row < ROWS) {
                reflected[row] = T(0);
                if (row < rows) {
                    reflected[row] = q[q_at + (n - 1u) * rows + row];
                }
            }
        }
        workgroupBarrier();
        for (var steps = n; steps > 0u; steps--) {
            let step = steps - 1u;
            // unroll
            for (var i = 0u; i < FETCHED; i++) {
                let row = lane + i * WORKGROUP;
                next[i] = T(0);
                if (row < rows && step > 0u) {
                    next[i] = q[q_at + (step - 1u) * rows + row];
                }
            }
            var above = T(0);
            if (!is_head && lane < n) {
                above = corner[corner_at + step * n + lane];
            }
            let tau = taus[2u * (taus_at + step)];
            let reciprocal = taus[2u * (taus_at + step) + 1u];
            // scalars
            var u: array<T, ROWS_EACH>;
            // unroll
            for (var i = 0u; i < ROWS_EACH; i++) {
                u[i] = reflected[row_lane + i * LANES];
            }
            // unroll
            for (var j = 0u; j < COLUMNS_EACH; j++) {
                var sum = T(0);
                // unroll
                for (var i = 0u; i < ROWS_EACH; i++) {
                    sum += u[i] * a[i][j];
                }
                partial[row_lane * COLUMNS + column_lane + j * LANES] = sum;
            }
            workgroupBarrier();
            if (lane < COLUMNS) {
                var dot = T(0);
                for (var i = 0u; i < LANES; i++) {
                    dot += partial[i * COLUMNS + lane];
                }
                let weight = tau * (above + dot * reciprocal);
                factors[lane] = weight * reciprocal;
                if (!is_head && lane < n) {
                    corner[corner_at + step * n + lane] = above - weight;
                }
            }
            // unroll
            for (var i = 0u; i < FETCHED; i++) {
                let row = lane + i * WORKGROUP;
                if (row < ROWS) {
                    reflected[row] = next[i];
                }
            }
            workgroupBarrier();
            // unroll
            for (var j = 0u; j < COLUMNS_EACH; j++) {
                let factor = factors[column_lane + j * LANES];
                // unroll
                for (var i = 0u; i < ROWS_EACH; i++) {
                    a[i][j] -= u[i] * factor;
                }
            }
        }
        // unroll
        for (var i = 0u; i < ROWS_EACH; i++) {
            let row = row_lane + i * LANES;
            // unroll
            for (var j = 0u; j < COLUMNS_EACH; j++) {
                let column = column_lane + j * LANES;
                if (row < rows && column < n) {
                    q[q_at + row * n + column] = a[i][j];
                }
            }
        }
        storageBarrier();
        workgroupBarrier();
    }
}
