// The upper triangle of the first rows of every matrix, and zeros below.
//
// work: (batch, m, n); r: (batch, n_rows, n), n_rows at most m.
// Constants: T (real or complex), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    m: u32,
    n: u32,
    n_rows: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> r: array<T>;
@group(0) @binding(1) var<storage, read> work: array<T>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let col = i % params.n;
    let row = i / params.n % params.n_rows;
    let matrix = i / params.n / params.n_rows;
    if (matrix >= params.batch) {
        return;
    }
    if (row <= col) {
        r[i] = work[(matrix * params.m + row) * params.n + col];
    } else {
        r[i] = T();
    }
}
