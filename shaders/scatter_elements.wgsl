// x[e + offsets[e]] = value[e] for every element of a shape: writes at positions that another operand holds.
//
// x, value: S, with any steps; offsets: u32, elements to add to the place in x, two's complement.
// Constants: AXES (at least 1), WORKGROUP (1 to the device's limit), IS_WINDOW (whether only a part of x is bound:
// elements elsewhere are left to other launches).
// S: the stored type; is_chosen(): whether an offset is to be used; both declared by kernels/indexing.py.
// uses: grid, position

struct Params {
    operands: array<vec4<u32>, 4>,    // element offset of x, value, offsets, chosen
    lengths: array<vec4<u32>, AXES>,  // x: length of the axis, outermost first
    steps: array<vec4<u32>, AXES>,    // elements between neighbours along the axis: x, value, offsets, chosen
    n: u32,                           // elements
    window_first: u32,                // place in x where the binding begins; two's complement
    window_length: u32,               // elements
}
@group(0) @binding(0) var<storage, read_write> x: array<S>;
@group(0) @binding(1) var<storage, read> value: array<S>;
@group(0) @binding(2) var<storage, read> offsets: array<u32>;
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
    let place = at.x + offsets[at.z] - params.window_first;
    let is_inside = !IS_WINDOW || place - params.operands[0].x < params.window_length;
    if (is_inside && is_chosen(at.w)) {
        x[place] = value[at.y];
    }
}
