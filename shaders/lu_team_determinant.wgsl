// Determinants of small matrices, each by a team of invocations, also as sign and logarithm.
//
// x: (batch, N, N) T. Results: those of lib/determinant.wgsl.
// Constants: those of lib/lu_team.wgsl, T, N, LANES and TEAMS, of which RIGHT is 0; WORKGROUP: LANES TEAMS.
// uses: grid, lu_team, determinant

@group(0) @binding(3) var<storage, read> x: array<T>;

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) index: u32) {
    let team = index / LANES;
    let lane = index % LANES;
    let matrix = workgroup_number(workgroup, count) * TEAMS + team;
    let first = min(matrix, params.batch - 1u) * N * N;
    for (var e = lane; e < N * N; e += LANES) {
        tile[team][e / N][e % N] = nan_of_infinity(x[first + e], params.zero);
    }
    let factored = factor(team, lane);
    if (lane != 0u || matrix >= params.batch) {
        return;
    }
    var product = Product(one(), 0);
    for (var s = 0u; s < N; s++) {
        product = joined(product, normalized(tile[team][pivot_of[team][s]][s], 0));
    }
    if (factored.is_odd) {
        product.significand = minus(T(), product.significand);
    }
    write_determinant(matrix, product, params.zero);
}
