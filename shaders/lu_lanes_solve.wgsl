// Small linear systems: each is factored, and solved from the last row up, by a group of lanes with a row in each.
//
// x1: (batch, N, N) T; x2, out: (batch, N, RIGHT) T; info: (batch) 1-based step of the first zero pivot, or 0.
// Constants: those of lib/lu_lanes.wgsl, T, N, RIGHT (at least 1), LANES and MATRICES.
// uses: grid, lu_lanes

@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read_write> info: array<u32>;
@group(0) @binding(2) var<storage, read> x1: array<T>;
@group(0) @binding(3) var<storage, read> x2: array<T>;

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(LANES * MATRICES)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) index: u32) {
    let group = index / LANES;
    let lane = index % LANES;
    let matrix = workgroup_number(workgroup, count) * MATRICES + group;
    // Groups beyond the batch repeat the last matrix, and store nothing; lanes beyond the order have rows that are never chosen.
    let is_there = matrix < params.batch;
    let row = min(matrix, params.batch - 1u) * N + min(lane, N - 1u);
    // unroll
    for (var c = 0u; c < N; c++) {
        a[c / 4u][c % 4u] = nan_of_infinity(x1[row * N + c], params.zero);
    }
    // unroll
    for (var c = 0u; c < RIGHT; c++) {
        right[c / 4u][c % 4u] = nan_of_infinity(x2[row * RIGHT + c], params.zero);
    }
    let factored = factor(group, lane);
    if (lane == 0u && is_there) {
        info[matrix] = factored.zero_pivot;
    }
    workgroupBarrier();
    for (var panel = FOURS; panel > 0u; panel--) {
        let front = a[FOURS - 1u];
        // unroll
        for (var z = 1u; z < FOURS; z++) {
            a[FOURS - z] = a[FOURS - 1u - z];
        }
        a[0] = front;
        // unroll
        for (var back = 0u; back < 4u; back++) {
            let step = 4u * panel - 1u - back;
            if (N % 4u == 0u || step < N) {
                if (own_step == step) {
                    // unroll
                    for (var z = 0u; z < RIGHT_FOURS; z++) {
                        right[z] = right[z] / own_pivot;
                        shared_fours[group][back % 2u * RIGHT_FOURS + z] = right[z];
                    }
                }
                workgroupBarrier();
                if (own_step < step) {
                    // unroll
                    for (var z = 0u; z < RIGHT_FOURS; z++) {
                        right[z] -= a[0][3u - back] * shared_fours[group][back % 2u * RIGHT_FOURS + z];
                    }
                }
            }
        }
    }
    if (is_there && lane < N) {
        // unroll
        for (var c = 0u; c < RIGHT; c++) {
            out[(matrix * N + own_step) * RIGHT + c] = right[c / 4u][c % 4u];
        }
    }
}
