// x[e] = value[e] where mask[e], for every element of a shape.
//
// x, value: S, with any steps; mask: bool as u32, with any steps.
// Constants: AXES (at least 1), WORKGROUP (1 to the device's limit).
// S: the stored type, declared by kernels/indexing.py.
// uses: grid, position

struct Params {
    operands: array<vec4<u32>, 4>,    // element offset of x, value, mask
    lengths: array<vec4<u32>, AXES>,  // x: length of the axis, outermost first
    steps: array<vec4<u32>, AXES>,    // elements between neighbours along the axis: x, value, mask
    n: u32,                           // elements
}
@group(0) @binding(0) var<storage, read_write> x: array<S>;
@group(0) @binding(1) var<storage, read> value: array<S>;
@group(0) @binding(2) var<storage, read> mask: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (i >= params.n) {
        return;
    }
    let at = position(i);
    if (mask[at.z] != 0u) {
        x[at.x] = value[at.y];
    }
}
