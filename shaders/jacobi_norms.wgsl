// The lengths of some rows' part of all columns: a workgroup per column.
//
// norms: (batch, n), columns: (batch, n, height).
// Constants: T (f32, f64, vec2 of either), F (the type of its parts), WORKGROUP (a power of two up to the
// device's limit).
// uses: grid

struct Params {
    n_columns: u32,  // of all matrices
    height: u32,
    first: u32,      // the first row that counts
    length: u32,     // and how many
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> norms: array<F>;
@group(0) @binding(1) var<storage, read> columns: array<T>;

var<workgroup> sums: array<F, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let column = workgroup_number(workgroup, count);
    if (column >= params.n_columns) {
        return;
    }
    var sum = F(0);
    for (var i = lane; i < params.length; i += WORKGROUP) {
        sum += squared_modulus(columns[column * params.height + params.first + i]);
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
        norms[column] = close_root(sums[0]);
    }
}
