// loaded[i] = source[i], and NaN for an infinity.
//
// Elimination then carries the NaN of any element that is not finite into every later pivot,
// where an infinity could vanish again as 1 / Inf.
//
// source, loaded: (n,) of T.
// Constants: T (real or complex), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    n: u32,  // elements
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> loaded: array<T>;
@group(0) @binding(1) var<storage, read> source: array<T>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (i >= params.n) {
        return;
    }
    let value = source[i];
    if (holds_inf(value)) {
        loaded[i] = nan_number(i & 1u);
    } else {
        loaded[i] = value;
    }
}
