// positions[i]: how many of the ascending `ends` are not above first + i, found by bisection.
//
// positions: (n) u32; ends: (n_ends) u32.
// Constants: WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    operands: array<vec4<u32>, 3>,  // element offset of positions, ends; the scalar first
    n: u32,
    n_ends: u32,
}
@group(0) @binding(0) var<storage, read_write> positions: array<u32>;
@group(0) @binding(1) var<storage, read> ends: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (i >= params.n) {
        return;
    }
    let sought = params.operands[2].x + i;
    var low = 0u;
    var high = params.n_ends;
    while (low < high) {
        let middle = low + (high - low) / 2u;
        if (ends[params.operands[1].x + middle] <= sought) {
            low = middle + 1u;
        } else {
            high = middle;
        }
    }
    positions[params.operands[0].x + i] = low;
}
