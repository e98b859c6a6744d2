// Solves with a diagonal block of U, of BACK steps from `first` on. The last block comes first.
//
// One workgroup per STRIP columns of the right-hand sides. work: (batch, ld, pitch) T, where row s of U, and right of it
// from column ld on what it is to equal, is row pivot_of[s]; step_of: (2, batch, ld), of which pivot_of is the second half;
// out: (batch, n, n_rhs) T; solved: (batch, BACK, pitch - ld) T, the same steps padded with zeros;
// zero_pivot: (batch), which becomes 0 where the last pivot is NaN, for that of any element gets there.
// Constants: T (real or complex, with parts F), BACK (a multiple of 16), STRIP (a multiple of 4; 4 STRIP invocations, to the device's limit).
// uses: grid

@group(0) @binding(0) var<storage, read> work: array<Four>;
@group(0) @binding(1) var<storage, read> step_of: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<T>;
@group(0) @binding(3) var<storage, read_write> solved: array<Four>;
@group(0) @binding(4) var<storage, read_write> zero_pivot: array<u32>;

struct Params {
    batch: u32,
    n: u32,
    ld: u32,
    pitch: u32,
    n_rhs: u32,
    first: u32,
}
@group(1) @binding(0) var<uniform> params: Params;

const SIXTEEN = 16u;
const FOURS = STRIP / 4u;
const INVOCATIONS = SIXTEEN * FOURS;
const LOADS = (SIXTEEN * BACK / 4u + INVOCATIONS - 1u) / INVOCATIONS;

var<workgroup> x: array<array<Four, FOURS>, BACK>;
var<workgroup> sixteen: array<array<Four, BACK / 4u>, SIXTEEN>;  // rows of the triangle
var<workgroup> rows: array<u32, BACK>;

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let ld = params.ld;
    let right = params.pitch - ld;
    let strips = (params.n_rhs + STRIP - 1u) / STRIP;
    let number = workgroup_number(workgroup, count);
    let matrix = number / strips;
    if (matrix >= params.batch) {
        return;
    }
    let column = number % strips * STRIP;
    let own_row = lane / FOURS;
    let own_four = lane % FOURS;
    let n_steps = min(BACK, params.n - params.first);
    for (var step = lane; step < BACK; step += INVOCATIONS) {
        // For steps beyond the order any row will do.
        let pivot_of = step_of[(params.batch + matrix) * ld + min(params.first + step, params.n - 1u)];
        rows[step] = (matrix * ld + pivot_of) * (params.pitch / 4u);
    }
    workgroupBarrier();
    for (var step = own_row; step < BACK; step += SIXTEEN) {
        x[step][own_four] = work[rows[step] + (ld + column) / 4u + own_four];
    }
    let last = (n_steps - 1u) / SIXTEEN * SIXTEEN;
    // scalars
    var next: array<Four, LOADS>;
    // unroll
    for (var l = 0u; l < LOADS; l++) {
        let i = min(l * INVOCATIONS + lane, SIXTEEN * BACK / 4u - 1u);
        next[l] = work[rows[last + i / (BACK / 4u)] + params.first / 4u + i % (BACK / 4u)];
    }
    for (var done = 0u; done <= last; done += SIXTEEN) {
        let first = last - done;
        // unroll
        for (var l = 0u; l < LOADS; l++) {
            let i = min(l * INVOCATIONS + lane, SIXTEEN * BACK / 4u - 1u);
            sixteen[i / (BACK / 4u)][i % (BACK / 4u)] = next[l];
        }
        workgroupBarrier();
        let following = max(first, SIXTEEN) - SIXTEEN;
        // unroll
        for (var l = 0u; l < LOADS; l++) {
            let i = min(l * INVOCATIONS + lane, SIXTEEN * BACK / 4u - 1u);
            next[l] = work[rows[following + i / (BACK / 4u)] + params.first / 4u + i % (BACK / 4u)];
        }
        var sum = x[first + own_row][own_four];
        for (var later = first + SIXTEEN; later < last + SIXTEEN; later += 4u) {
            let four = sixteen[own_row][later / 4u];
            // unroll
            for (var e = 0u; e < 4u; e++) {
                sum = fused(sum, -four[e], x[later + e][own_four]);
            }
        }
        x[first + own_row][own_four] = sum;
        workgroupBarrier();
        if (lane < STRIP) {
            // scalars
            var own: array<T, SIXTEEN>;
            // unroll
            for (var s = 0u; s < SIXTEEN; s++) {
                own[15u - s] = x[first + 15u - s][lane / 4u][lane % 4u];
                // unroll
                for (var t = 0u; t < s; t++) {
                    let factor = -sixteen[15u - s][first / 4u + (15u - t) / 4u][(15u - t) % 4u];
                    own[15u - s] = plus_product(own[15u - s], factor, own[15u - t]);
                }
                let pivot = sixteen[15u - s][first / 4u + (15u - s) / 4u][(15u - s) % 4u];
                // Steps beyond the order are none.
                own[15u - s] = select(T(), over(own[15u - s], pivot), first + 15u - s < n_steps);
            }
            // unroll
            for (var s = 0u; s < SIXTEEN; s++) {
                x[first + s][lane / 4u][lane % 4u] = own[s];
            }
        }
        workgroupBarrier();
    }
    for (var step = own_row; step < BACK; step += SIXTEEN) {
        let result = select_four(Four(), x[step][own_four], step < n_steps);
        solved[((matrix * BACK + step) * right + column) / 4u + own_four] = result;
        if (step < n_steps) {
            // unroll
            for (var e = 0u; e < 4u; e++) {
                if (column + own_four * 4u + e < params.n_rhs) {
                    out[(matrix * params.n + params.first + step) * params.n_rhs + column + own_four * 4u + e] = result[e];
                }
            }
        }
    }
    if (lane == 0u && column == 0u && params.first + n_steps == params.n) {
        let at = params.first + n_steps - 1u;
        if (holds_nan(work[rows[n_steps - 1u] + at / 4u][at % 4u])) {
            zero_pivot[matrix] = 0u;
        }
    }
}
