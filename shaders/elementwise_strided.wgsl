// out[i] = expression(x1[i], …) where the operands are visited with any steps, negative ones too.
//
// Bindings, value_at(): declared by kernels/elementwise.py for the operands at hand.
// Constants: AXES (at least 1), WORKGROUP (1 to the device's limit), ITEMS (elements per invocation, a multiple of 4),
// IS_LONG (whether the expression is so long that it is written once only).
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
    let number = workgroup_number(workgroup, count);
    let first = number * (WORKGROUP * ITEMS) + lane;
    if (!IS_LONG && number < params.n / (WORKGROUP * ITEMS)) {
        // Four at a time without a branch, so that their reads are under way together.
        for (var item = 0u; item < ITEMS; item += 4u) {
            let at0 = position(first + item * WORKGROUP);
            let at1 = position(first + (item + 1u) * WORKGROUP);
            let at2 = position(first + (item + 2u) * WORKGROUP);
            let at3 = position(first + (item + 3u) * WORKGROUP);
            let value0 = value_at(at0);
            let value1 = value_at(at1);
            let value2 = value_at(at2);
            let value3 = value_at(at3);
            out[at0.x] = value0;
            out[at1.x] = value1;
            out[at2.x] = value2;
            out[at3.x] = value3;
        }
        return;
    }
    for (var i = first; i < min(params.n, first + WORKGROUP * ITEMS); i += WORKGROUP) {
        let at = position(i);
        out[at.x] = value_at(at);
    }
}
