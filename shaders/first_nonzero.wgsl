// Where the first element that is not zero stands, and what it is: one workgroup.
//
// status: 1 + its index, its value; 0, 0 when there is none.
// flags: (n,).
// Constants: WORKGROUP (a power of two up to the device's limit).

struct Params {
    n: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> status: array<i32>;
@group(0) @binding(1) var<storage, read> flags: array<i32>;

var<workgroup> firsts: array<u32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
    var first = params.n;
    for (var i = lane; i < params.n; i += WORKGROUP) {
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
        status[0] = select(0, i32(firsts[0] + 1u), found);
        status[1] = select(0, flags[min(firsts[0], params.n - 1u)], found);
    }
}
