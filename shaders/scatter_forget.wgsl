// Empties the record of who writes to each cell last: winners[c] = 0.
//
// winners: (n_cells) u32.
// Constants: WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    operands: array<vec4<u32>, 2>,  // element offset of chosen, cells: not used here
    n_cells: u32,
}
@group(0) @binding(0) var<storage, read_write> winners: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (i < params.n_cells) {
        winners[i] = 0u;
    }
}
