// The diagonals of matrices that rotations have made diagonal: an invocation per element.
//
// keys: (batch, n), columns: (batch, n, height).
// Constants: T (f32, f64, vec2 of either), F (the type of its parts), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    height: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> keys: array<F>;
@group(0) @binding(1) var<storage, read> columns: array<T>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (id < params.batch * params.n) {
        keys[id] = real_part(columns[id * params.height + id % params.n]);
    }
}
