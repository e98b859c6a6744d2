// Fifth pass of the blocked inverse: update() of lib/gauss_jordan_update.wgsl.
//
// Bindings and constants: there. INVOCATIONS as well.
// uses: grid, gauss_jordan_update

struct Params {
    batch: u32,
    ld: u32,
    pitch: u32,
    updated: u32,         // first column of the block
    updated_parity: u32,  // which half of factors it has
    depth: u32,           // its steps, a multiple of DEPTH
    first_column: u32,
    n_columns: u32,
    skip: u32,
    skipped: u32,
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    update(workgroup_number(workgroup, count), lane);
}
