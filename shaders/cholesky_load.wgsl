// One triangle of every matrix, with a real diagonal, and zeros in the other.
//
// x, out: (batch, n, n).
// Constants: T (real or complex), UPPER (which triangle), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read> x: array<T>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let n = params.n;
    if (i >= params.batch * n * n) {
        return;
    }
    let row = i / n % n;
    let col = i % n;
    if (row == col) {
        out[i] = of_real(real_part(x[i]));
    } else if ((row < col) == UPPER) {
        out[i] = x[i];
    } else {
        out[i] = T();
    }
}
