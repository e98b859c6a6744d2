// Third pass of the blocked inverse: the pivot rows of a panel, set aside for the update.
//
// One invocation per element. work: (batch, n, n) T; pivot_of: (batch, n); pivot_rows: (batch, PANEL, n).
// Constants: T (f32, f64), PANEL (1 to 64), WORKGROUP (1 to the device's limit).
// uses: grid, gauss_jordan_blocked

@group(0) @binding(0) var<storage, read> work: array<T>;
@group(0) @binding(1) var<storage, read> pivot_of: array<u32>;
@group(0) @binding(2) var<storage, read_write> pivot_rows: array<T>;

struct Params {
    n: u32,
    batch: u32,
    first: u32,
    width: u32,  // columns of this panel, PANEL or what is left
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let n = params.n;
    if (i >= params.batch * params.width * n) {
        return;
    }
    let column = i % n;
    let step = i / n % params.width;
    let matrix = i / n / params.width;
    let row = pivot_of[matrix * n + params.first + step];
    pivot_rows[(matrix * PANEL + step) * n + column] = work[(matrix * n + row) * n + column];
}
