// Where each of n values stands among m sorted elements: an invocation per value, bisecting.
//
// x: (m,) S, sorted as sort does, or by way of a sorter; sought: (n,) S; out: (n,) R. Contiguous.
// Constants: WORKGROUP (1 to the device's limit).
// S, R, element_at(), is_passed(), answer(), and the binding sorter: declared by kernels/search.py.
// uses: grid, sort_order

struct Params {
    m: u32,
    n: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<R>;
@group(0) @binding(1) var<storage, read> x: array<S>;
@group(0) @binding(2) var<storage, read> sought: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (i >= params.n) {
        return;
    }
    let value = sought[i];
    var low = 0u;
    var high = params.m;
    while (low < high) {
        let middle = (low + high) / 2u;
        if (is_passed(element_at(middle), value)) {
            low = middle + 1u;
        } else {
            high = middle;
        }
    }
    out[i] = answer(low, value);
}
