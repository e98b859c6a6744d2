// Second pass of the blocked inverse: choose() of lib/gauss_jordan_choose.wgsl.
//
// Bindings and constants: there. INVOCATIONS as well.
// uses: grid, gauss_jordan_choose

struct Params {
    batch: u32,
    n: u32,
    ld: u32,
    pitch: u32,
    parity: u32,      // which half of factors the block has
    first: u32,       // column of the block
    inner: u32,       // column of the panel in the block
    parts: u32,       // workgroups per matrix in the round that proposes
    candidates: u32,  // rows of one workgroup, at most ROWS * INVOCATIONS
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    choose(workgroup_number(workgroup, count), lane);
}
