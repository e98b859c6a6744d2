// What a sweep begins with: only matrices that the sweep before has rotated go on, and nothing is rotated yet.
//
// unfinished: (batch,) what rotated was, rotated: (batch,) set to 0.
// Constants: WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> unfinished: array<i32>;
@group(0) @binding(1) var<storage, read_write> rotated: array<i32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (i < params.batch) {
        unfinished[i] = rotated[i];
        rotated[i] = 0;
    }
}
