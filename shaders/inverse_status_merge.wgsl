// The records of all workgroups as one: the second half of inverse_status.wgsl.
//
// records: (workgroups ≤ WORKGROUP) Status; status: one Status.
// Constants: WORKGROUP (a power of two, to the device's limit).
// uses: inverse_status

@group(0) @binding(0) var<storage, read> records: array<Status>;
@group(0) @binding(1) var<storage, read_write> status: array<Status>;

struct Params {
    workgroups: u32,
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
    var own = NOTHING;
    if (lane < params.workgroups) {
        own = records[lane];
    }
    merge_workgroup(own, lane);
    if (lane == 0u) {
        status[0] = found[0];
    }
}
