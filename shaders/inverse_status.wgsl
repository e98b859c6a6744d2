// The status of many inverses as one record per workgroup, so that `inv` reads 16 bytes.
//
// info: (batch) i32; rcond: (batch) T; records: (workgroups) Status.
// Constants: T (f32, f64), WORKGROUP (a power of two, to the device's limit).
// uses: inverse_status

@group(0) @binding(0) var<storage, read> info: array<i32>;
@group(0) @binding(1) var<storage, read> rcond: array<T>;
@group(0) @binding(2) var<storage, read_write> records: array<Status>;

struct Params {
    batch: u32,
    workgroups: u32,
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    var own = NOTHING;
    for (var i = workgroup.x * WORKGROUP + lane; i < params.batch; i += params.workgroups * WORKGROUP) {
        let bits = bitcast<u32>(f32(rcond[i]));
        own = merge(own, Status(select(NONE, i, info[i] != 0), u32(info[i]), i, bits));
    }
    merge_workgroup(own, lane);
    if (lane == 0u) {
        records[workgroup.x] = found[0];
    }
}
