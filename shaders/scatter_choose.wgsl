// chosen[i]: whether i is the last that writes to cells[i], for all i with a cell within a window.
//
// chosen: (n) bool as u32; winners: (n_cells) u32, 1 + the last that writes to each cell from `first` on;
// cells: (n) u32.
// Constants: WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    operands: array<vec4<u32>, 2>,  // element offset of chosen, cells
    n: u32,
    first: u32,
    n_cells: u32,
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
    if (i >= params.n) {
        return;
    }
    // What lies before the window wraps around to beyond it.
    let cell = cells[params.operands[1].x + i] - params.first;
    if (cell < params.n_cells) {
        chosen[params.operands[0].x + i] = select(0u, 1u, winners[cell] == i + 1u);
    }
}
