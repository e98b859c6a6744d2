// out[i] = expression(x1[i], …) where every operand is visited with unit steps, or is a scalar.
//
// Bindings, evaluate_at(): declared by kernels/elementwise.py for the operands at hand.
// Constants: WORKGROUP (1 to the device's limit), ITEMS (elements per invocation, at least 1).
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
    let first = workgroup_number(workgroup, count) * (WORKGROUP * ITEMS) + lane;
    for (var item = 0u; item < ITEMS; item++) {
        let i = first + item * WORKGROUP;
        if (i < params.n) {
            evaluate_at(base + i);
        }
    }
}
