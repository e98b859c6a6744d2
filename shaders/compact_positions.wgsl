// Writes where the flags that are set stand, in order: a workgroup per chunk, neighbouring flags per invocation.
//
// positions: (total) u32; flags: (n) bool as u32; offsets: (n_chunks) u32, the flags set before each chunk.
// Constants: WORKGROUP (a power of two up to the device's limit), CHUNK (flags per chunk, a multiple of WORKGROUP).
// combine(): the sum, declared by kernels/compact.py.
// uses: grid, workgroup_scan

struct Params {
    operands: array<vec4<u32>, 4>,  // element offset of positions, flags, offsets; the scalar first
    n: u32,
}
@group(0) @binding(0) var<storage, read_write> positions: array<u32>;
@group(0) @binding(1) var<storage, read> flags: array<u32>;
@group(0) @binding(2) var<storage, read> offsets: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

const ITEMS = CHUNK / WORKGROUP;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let chunk = workgroup_number(workgroup, count);
    let begin = min(chunk * CHUNK + lane * ITEMS, params.n);
    let end = min(begin + ITEMS, params.n);
    let base = params.operands[1].x;
    var found = 0u;
    for (var i = begin; i < end; i++) {
        found += flags[base + i];
    }
    // What this chunk and the invocations before this one have found.
    var place = workgroup_scan(lane, found) - found;
    if (begin < end) {
        place += params.operands[0].x + offsets[params.operands[2].x + chunk];
    }
    for (var i = begin; i < end; i++) {
        if (flags[base + i] != 0u) {
            positions[place] = params.operands[3].x + i;
            place++;
        }
    }
}
