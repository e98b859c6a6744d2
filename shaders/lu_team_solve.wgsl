// Small linear systems: each is factored, and solved from the last row up, by a team of invocations.
//
// x1: (batch, N, N) T; x2, out: (batch, N, RIGHT) T; info: (batch) 1-based step of the first zero pivot, or 0.
// Constants: those of lib/lu_team.wgsl, T, N, RIGHT, LANES and TEAMS.
// uses: grid, lu_team

@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read_write> info: array<u32>;
@group(0) @binding(2) var<storage, read> x1: array<T>;
@group(0) @binding(3) var<storage, read> x2: array<T>;

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(LANES * TEAMS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) index: u32) {
    let team = index / LANES;
    let lane = index % LANES;
    let matrix = workgroup_number(workgroup, count) * TEAMS + team;
    // Teams beyond the batch repeat the last matrix, and store nothing.
    let is_there = matrix < params.batch;
    let existing = min(matrix, params.batch - 1u);
    for (var e = lane; e < N * N; e += LANES) {
        tile[team][e / N][e % N] = nan_of_infinity(x1[existing * N * N + e], params.zero);
    }
    for (var e = lane; e < N * RIGHT; e += LANES) {
        tile[team][e / RIGHT][N + e % RIGHT] = nan_of_infinity(x2[existing * N * RIGHT + e], params.zero);
    }
    let factored = factor(team, lane);
    if (lane == 0u && is_there) {
        info[matrix] = factored.zero_pivot;
    }
    if (RIGHT >= LANES) {
        // A lane has columns of its own, and waits for nobody.
        for (var c = N + lane; c < N + RIGHT; c += LANES) {
            for (var back = 0u; back < N; back++) {
                let step = N - 1u - back;
                let row = pivot_of[team][step];
                let x = over(tile[team][row][c], tile[team][row][step]);
                if (is_there) {
                    out[(matrix * N + step) * RIGHT + c - N] = x;
                }
                for (var s = 0u; s < step; s++) {
                    let above = pivot_of[team][s];
                    tile[team][above][c] = minus(tile[team][above][c], times(tile[team][above][step], x));
                }
            }
        }
        return;
    }
    for (var back = 0u; back < N; back++) {
        let step = N - 1u - back;
        let row = pivot_of[team][step];
        let pivot = tile[team][row][step];
        for (var c = 0u; c < RIGHT; c++) {
            let x = over(tile[team][row][N + c], pivot);
            if (is_there && lane == c % LANES) {
                out[(matrix * N + step) * RIGHT + c] = x;
            }
            for (var s = lane; s < step; s += LANES) {
                let above = pivot_of[team][s];
                tile[team][above][N + c] = minus(tile[team][above][N + c], times(tile[team][above][step], x));
            }
        }
        workgroupBarrier();
    }
}
