// Third pass of the blocked inverse: eliminate() of lib/gauss_jordan_eliminate.wgsl.
//
// Bindings and constants: there. INVOCATIONS as well.
// uses: grid, gauss_jordan_eliminate

struct Params {
    batch: u32,
    n: u32,
    ld: u32,
    pitch: u32,
    parity: u32,  // which half of factors the block has
    first: u32,   // column of the block
    inner: u32,   // column of the panel in the block
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    eliminate(workgroup_number(workgroup, count), lane);
}
