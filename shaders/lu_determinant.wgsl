// The product of the pivots of every matrix, as a determinant and as sign and logarithm: a
// workgroup per matrix.
//
// lu: (batch, n, n) with U on its diagonal; pivots: (batch, n) of lu_panel.
// Results and constants: those of lib/determinant.wgsl, T and WORKGROUP.
// uses: grid, determinant

struct Params {
    batch: u32,
    n: u32,     // 0 is legal: the empty product
    zero: u32,  // 0
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(3) var<storage, read> lu: array<T>;
@group(0) @binding(4) var<storage, read> pivots: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let matrix = workgroup_number(workgroup, count);
    if (matrix >= params.batch) {
        return;
    }
    let n = params.n;
    var product = Product(one(), 0);
    for (var i = lane; i < n; i += WORKGROUP) {
        let pivot = lu[matrix * n * n + i * n + i];
        let exchanged = pivots[matrix * n + i] != i;
        product = joined(product, normalized(select(pivot, minus(T(), pivot), exchanged), 0));
    }
    store_determinant(matrix, product, lane, params.zero);
}
