// Singular values of the unscaled matrices, the largest first: an invocation finds the rank of one.
//
// out: (batch, n); sigma: (batch, n) of jacobi_norms; scale: (batch,) of jacobi_scale.
// Constants: T (f32, f64), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read> sigma: array<T>;
@group(0) @binding(2) var<storage, read> scale: array<T>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let matrix = id / params.n;
    if (matrix >= params.batch) {
        return;
    }
    let at = matrix * params.n;
    let value = sigma[id];
    var rank = 0u;
    for (var j = 0u; j < params.n; j++) {
        let other = sigma[at + j];
        if (other > value || (other == value && at + j < id)) {
            rank++;
        }
    }
    out[at + rank] = value / scale[matrix];
}
