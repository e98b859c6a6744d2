// chosen[i]: whether i is the last that writes to cells[i].
//
// chosen: (n) bool as u32; winners: (n_cells) u32, 1 + the last that writes to each cell; cells: (n) u32.
// Constants: WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    operands: array<vec4<u32>, 2>,  // element offset of chosen, cells
    n: u32,
}
@group(0) @binding(0) var<storage, read_write> chosen: array<u32>;
@group(0) @binding(1) var<storage, read> winners: array<u32>;
@group(0) @binding(2) var<storage, read> cells: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (i < params.n) {
        let is_last = winners[cells[params.operands[1].x + i]] == i + 1u;
        chosen[params.operands[0].x + i] = select(0u, 1u, is_last);
    }
}
