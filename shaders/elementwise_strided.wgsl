// out[i] = expression(x1[i], …) where the operands are visited with any steps, negative ones too.
//
// Bindings, value_at(): declared by kernels/elementwise.py for the operands at hand.
// Constants: AXES (at least 1), WORKGROUP (1 to the device's limit), ITEMS (at least 1).
// uses: grid, position

struct Params {
    operands: array<vec4<u32>, 4>,  // element offset of out, x1, x2, x3; or the bits of a scalar
    lengths: array<vec4<u32>, AXES>,  // x: length of the axis, outermost first
    steps: array<vec4<u32>, AXES>,  // elements between neighbours along the axis: out, x1, x2, x3
    n: u32,                         // elements
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let first = workgroup_number(workgroup, count) * (WORKGROUP * ITEMS) + lane;
    for (var item = 0u; item < ITEMS; item++) {
        let i = first + item * WORKGROUP;
        if (i < params.n) {
            let at = position(i);
            out[at.x] = value_at(at);
        }
    }
}
