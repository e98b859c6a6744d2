// Ones on the diagonal and zeros elsewhere, once per matrix of a batch.
//
// out: (batch, n_rows, n_cols).
// Constants: T (real or complex), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n_rows: u32,
    n_cols: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> out: array<T>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (i >= params.batch * params.n_rows * params.n_cols) {
        return;
    }
    if (i % params.n_cols == i / params.n_cols % params.n_rows) {
        out[i] = one();
    } else {
        out[i] = T();
    }
}
