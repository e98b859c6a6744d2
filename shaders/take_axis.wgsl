// out[o, i, j] = x[o, indices[i], j]; a negative index counts from the end.
//
// out: (outer, n, inner) S, contiguous; x: (outer, length, inner) S, with any steps; indices: (n,).
// Constants: WORKGROUP (1 to the device's limit). S: the stored type, declared by kernels/take.py.
// uses: grid

struct Params {
    operands: array<vec4<u32>, 3>,  // element offset of out, x, indices
    x_steps: vec4<u32>,             // of the outer axis, the one of the indices, the inner; two's complement
    count: u32,                     // elements of out
    length: u32,
    inner: u32,
    n: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<S>;
@group(0) @binding(1) var<storage, read> x: array<S>;
@group(0) @binding(2) var<storage, read> indices: array<i32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let element = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (element >= params.count) {
        return;
    }
    let index = indices[params.operands[2].x + element / params.inner % params.n];
    let position = vec4<u32>(
        element / params.inner / params.n,
        select(u32(index), params.length + u32(index), index < 0),
        element % params.inner,
        0u);
    let steps = position * params.x_steps;
    out[params.operands[0].x + element] = x[params.operands[1].x + steps.x + steps.y + steps.z];
}
