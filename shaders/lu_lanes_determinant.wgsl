// Determinants of small matrices, each by a group of lanes with a row in each, also as sign and logarithm.
//
// x: (batch, N, N) T. Results: those of lib/determinant.wgsl.
// Constants: those of lib/lu_lanes.wgsl, T, N, LANES and MATRICES, of which RIGHT is 0; WORKGROUP: LANES MATRICES.
// uses: grid, lu_lanes, determinant

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
    let group = index / LANES;
    let lane = index % LANES;
    let matrix = workgroup_number(workgroup, count) * MATRICES + group;
    let row = min(matrix, params.batch - 1u) * N + min(lane, N - 1u);
    // unroll
    for (var c = 0u; c < N; c++) {
        a[c / 4u][c % 4u] = nan_of_infinity(x[row * N + c], params.zero);
    }
    let factored = factor(group, lane);
    var product = Product(one(), 0);
    if (lane < N) {
        product = normalized(own_pivot, 0);
    }
    products[index] = product;
    workgroupBarrier();
    for (var half = LANES / 2u; half > 0u; half /= 2u) {
        if (lane < half) {
            products[index] = joined(products[index], products[index + half]);
        }
        workgroupBarrier();
    }
    if (lane == 0u && matrix < params.batch) {
        var total = products[index];
        if (factored.is_odd) {
            total.significand = minus(T(), total.significand);
        }
        write_determinant(matrix, total, params.zero);
    }
}
