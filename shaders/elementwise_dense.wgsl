// out[i] = expression(x1[i], …) where every operand is visited with unit steps, or is a scalar.
//
// Bindings, value_at(): declared by kernels/elementwise.py for the operands at hand.
// Constants: WORKGROUP (1 to the device's limit), ITEMS (elements per invocation, a multiple of 4).
// uses: grid

struct Params {
    operands: array<vec4<u32>, 4>,  // element offset of out, x1, x2, x3; or the bits of a scalar
    n: u32,                         // elements
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let base = vec4<u32>(params.operands[0].x, params.operands[1].x, params.operands[2].x, params.operands[3].x);
    let number = workgroup_number(workgroup, count);
    let first = number * (WORKGROUP * ITEMS) + lane;
    if (number < params.n / (WORKGROUP * ITEMS)) {
        // Four at a time without a branch, so that their reads are under way together.
        for (var item = 0u; item < ITEMS; item += 4u) {
            let at = base + (first + item * WORKGROUP);
            let value0 = value_at(at);
            let value1 = value_at(at + WORKGROUP);
            let value2 = value_at(at + 2u * WORKGROUP);
            let value3 = value_at(at + 3u * WORKGROUP);
            out[at.x] = value0;
            out[at.x + WORKGROUP] = value1;
            out[at.x + 2u * WORKGROUP] = value2;
            out[at.x + 3u * WORKGROUP] = value3;
        }
        return;
    }
    for (var i = first; i < min(params.n, first + WORKGROUP * ITEMS); i += WORKGROUP) {
        out[base.x + i] = value_at(base + i);
    }
}
