// out[i] = element(first + i, n, start, step, stop).
//
// out: (count,) S.
// Constants: WORKGROUP (1 to the device's limit). T, S, element(), start(), step(), stop():
// declared by kernels/progression.py.
// uses: grid

struct Params {
    operands: array<vec4<u32>, 6>,  // offset of out, first, n; the bits of start, step and stop
    count: u32,                     // elements of out
}
@group(0) @binding(0) var<storage, read_write> out: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (i < params.count) {
        let position = params.operands[1].x + i;
        out[params.operands[0].x + i] = element(position, params.operands[2].x, start(), step(), stop());
    }
}
