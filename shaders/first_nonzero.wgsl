// Where the first element that is not zero stands, and what it is, in each part of the flags: a workgroup per part.
//
// status: (parts, 2), 1 + its index, its value; 0, 0 where there is none.
// flags: (n,), or `status` of parts of them, if MERGED.
// Constants: WORKGROUP (a power of two up to the device's limit), MERGED (false or true).
// uses: grid

struct Params {
    n: u32,
    span: u32,  // elements of a part
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> status: array<i32>;
@group(0) @binding(1) var<storage, read> flags: array<i32>;

var<workgroup> firsts: array<u32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let part = workgroup_number(workgroup, count);
    let begin = part * params.span;
    let end = min(begin + params.span, params.n);
    if (begin >= max(params.n, 1u)) {
        return;
    }
    var first = params.n;
    for (var i = begin + lane; i < end; i += WORKGROUP) {
        if (flags[i] != 0) {
            first = i;
            break;
        }
    }
    firsts[lane] = first;
    workgroupBarrier();
    for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
        if (lane < half) {
            firsts[lane] = min(firsts[lane], firsts[lane + half]);
        }
        workgroupBarrier();
    }
    if (lane == 0u) {
        let found = firsts[0] < params.n;
        let at = min(firsts[0], params.n - select(1u, 2u, MERGED));
        // Of parts 1 + the index comes first, then the value.
        status[2u * part] = select(0, select(i32(at + 1u), flags[at], MERGED), found);
        status[2u * part + 1u] = select(0, flags[at + select(0u, 1u, MERGED)], found);
    }
}
