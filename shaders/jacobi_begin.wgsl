// rotated[i] = 0: nothing has been rotated in this sweep.
//
// rotated: (batch,).
// Constants: WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> rotated: array<i32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (i < params.batch) {
        rotated[i] = 0;
    }
}
