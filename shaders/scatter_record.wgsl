// Records who writes to each cell of a window last: winners[c] = max(1 + i) over all i with cells[i] == first + c.
//
// cells: (n) u32; winners: (n_cells) u32, 0 before.
// Constants: WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    operands: array<vec4<u32>, 2>,  // element offset of chosen, cells
    n: u32,
    first: u32,
    n_cells: u32,
}
@group(0) @binding(0) var<storage, read_write> winners: array<atomic<u32>>;
@group(0) @binding(1) var<storage, read> cells: array<u32>;
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
        atomicMax(&winners[cell], i + 1u);
    }
}
