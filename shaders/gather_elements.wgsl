// out[e] = x[e + offsets[e]] for every element of a shape: reads at positions that another operand holds.
//
// out, x: S, with any steps; offsets: u32, elements to add to the place in x, two's complement.
// Constants: AXES (at least 1), WORKGROUP (1 to the device's limit), IS_WINDOW (whether only a part of x is bound:
// elements elsewhere are left to other launches).
// S: the stored type, declared by kernels/indexing.py.
// uses: grid, position

struct Params {
    operands: array<vec4<u32>, 4>,    // element offset of out, x, offsets
    lengths: array<vec4<u32>, AXES>,  // x: length of the axis, outermost first
    steps: array<vec4<u32>, AXES>,    // elements between neighbours along the axis: out, x, offsets
    n: u32,                           // elements
    window_first: u32,                // place in x where the binding begins; two's complement
    window_length: u32,               // elements
}
@group(0) @binding(0) var<storage, read_write> out: array<S>;
@group(0) @binding(1) var<storage, read> x: array<S>;
@group(0) @binding(2) var<storage, read> offsets: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (i < params.n) {
        let at = position(i);
        let place = at.y + offsets[at.z] - params.window_first;
        if (!IS_WINDOW || place - params.operands[1].x < params.window_length) {
            out[at.x] = x[place];
        }
    }
}
