// The identity, once per matrix of a batch.
//
// out: (batch, n, n).
// Constants: T (real or complex), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> out: array<T>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let size = params.n * params.n;
    if (i >= params.batch * size) {
        return;
    }
    if (i % size % (params.n + 1u) == 0u) {
        out[i] = one();
    } else {
        out[i] = T();
    }
}
