// The lengths of the columns, which are the singular values of the scaled matrix, in no order:
// a workgroup per column.
//
// sigma: (batch, n); w: (batch, n, m).
// Constants: T (f32, f64), WORKGROUP (a power of two up to the device's limit).
// uses: grid

struct Params {
    columns: u32,  // of all matrices
    m: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> sigma: array<T>;
@group(0) @binding(1) var<storage, read> w: array<T>;

var<workgroup> sums: array<T, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let column = workgroup_number(workgroup, count);
    if (column >= params.columns) {
        return;
    }
    var sum = T(0);
    for (var i = lane; i < params.m; i += WORKGROUP) {
        let value = w[column * params.m + i];
        sum += value * value;
    }
    sums[lane] = sum;
    workgroupBarrier();
    for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
        if (lane < half) {
            sums[lane] += sums[lane + half];
        }
        workgroupBarrier();
    }
    if (lane == 0u) {
        sigma[column] = sqrt(sums[0]);
    }
}
