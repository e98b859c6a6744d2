// out[i] = number i of a distribution, from a stream of Philox blocks: one block per invocation.
//
// The numbers are written as bits, so that no floating arithmetic takes part.
//
// Bindings: out (n) f32 or f64; those of the distribution.
// Bits, PER_BLOCK, value(): declared by the distribution's library (lib/uniform_*, lib/normal_*).
// Constants: WORKGROUP (1 to the device's limit), OPERANDS (of the plan, at least 3).
// uses: grid, philox

struct Params {
    operands: array<vec4<u32>, OPERANDS>,  // element offset of out; bits of key, of counter; offset of table
    n: u32,                                // numbers
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> out: array<Bits>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let block = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let words = stream(params.operands[2].xy, block, 0u, params.operands[1].xy);
    for (var item = 0u; item < PER_BLOCK; item++) {
        let i = block * PER_BLOCK + item;
        if (i < params.n) {
            out[params.operands[0].x + i] = value(words, item);
        }
    }
}
