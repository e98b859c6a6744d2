// Counts the flags that are set in each chunk: a workgroup per chunk.
//
// counts: (n_chunks) u32; flags: (n) bool as u32.
// Constants: WORKGROUP (a power of two up to the device's limit), CHUNK (flags per chunk, a multiple of WORKGROUP).
// combine(): the sum, declared by kernels/compact.py.
// uses: grid, workgroup_scan

struct Params {
    operands: array<vec4<u32>, 2>,  // element offset of counts, flags
    n: u32,
}
@group(0) @binding(0) var<storage, read_write> counts: array<u32>;
@group(0) @binding(1) var<storage, read> flags: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let chunk = workgroup_number(workgroup, count);
    var found = 0u;
    for (var item = 0u; item < CHUNK / WORKGROUP; item++) {
        let i = chunk * CHUNK + item * WORKGROUP + lane;
        if (i < params.n) {
            found += flags[params.operands[1].x + i];
        }
    }
    let total = workgroup_scan(lane, found);
    if (lane == WORKGROUP - 1u && chunk * CHUNK < params.n) {
        counts[params.operands[0].x + chunk] = total;
    }
}
