// out[i] = an integer from low to low + span, every one equally likely: element i has block i.
//
// Words are cut to the bits of span and taken if they do not exceed it: at least every second
// one is. A block whose words all fail is drawn again with the attempt counted in the counter's
// upper half, so that no element can disturb another's numbers.
//
// Bindings: out (n) of 32-bit or 64-bit integers, signed ones in two's complement.
// T: the type of 32 or 64 bits without a sign, declared by kernels/philox.py.
// PER_BLOCK, draw(), parameter(): lib/draw_u32, lib/draw_u64 or lib/draw_words_u64.
// Constants: WORKGROUP (1 to the device's limit).
// uses: grid, philox

struct Params {
    operands: array<vec4<u32>, 6>,  // element offset of out; bits of key, counter, low, span, mask
    n: u32,                         // numbers
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> out: array<T>;

fn uniform_up_to(span: T, mask: T, block: u32) -> T {
    var item = 0u;
    var attempt = 0u;
    var words = stream(params.operands[2].xy, block, attempt, params.operands[1].xy);
    var candidate = draw(words, item) & mask;
    while (is_below(span, candidate)) {
        item++;
        if (item == PER_BLOCK) {
            item = 0u;
            attempt++;
            words = stream(params.operands[2].xy, block, attempt, params.operands[1].xy);
        }
        candidate = draw(words, item) & mask;
    }
    return candidate;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (i < params.n) {
        let low = parameter(params.operands[3]);
        let span = parameter(params.operands[4]);
        let mask = parameter(params.operands[5]);
        out[params.operands[0].x + i] = plus(low, uniform_up_to(span, mask, i));
    }
}
