// Third pass of the blocked inverse: the pivot rows of a panel, each as it was when it became one.
//
// One invocation per column of the batch. work: (batch, n, n) T; factors: (batch, n, PANEL) T;
// pivot_of: (batch, n); pivot_rows: (batch, PANEL, n) T.
// Constants: T (f32, f64), PANEL (1 to 64), WORKGROUP (1 to the device's limit).
// uses: grid, gauss_jordan_blocked

@group(0) @binding(0) var<storage, read> work: array<T>;
@group(0) @binding(1) var<storage, read> factors: array<T>;
@group(0) @binding(2) var<storage, read> pivot_of: array<u32>;
@group(0) @binding(3) var<storage, read_write> pivot_rows: array<T>;

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
    if (i >= params.batch * n) {
        return;
    }
    let matrix = i / n;
    let column = i % n;
    var u: array<T, PANEL>;
    for (var step = 0u; step < PANEL; step++) {
        if (step < params.width) {
            let row = matrix * n + pivot_of[matrix * n + params.first + step];
            var value = work[row * n + column];
            for (var earlier = 0u; earlier < step; earlier++) {
                value += factors[row * PANEL + earlier] * u[earlier];
            }
            u[step] = value;
            pivot_rows[(matrix * PANEL + step) * n + column] = value;
        }
    }
}
