// Sorts singular values or eigenvalues, and takes the scale out of them: an invocation finds the place of one.
//
// values: (batch, n), sorted; places: (batch, n), where each stands among them; keys: (batch, n), scale: (batch,) of
// jacobi_scale, NaN for matrices that were not finite.
// Constants: F (f32, f64), DESCENDING (bool), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> values: array<F>;
@group(0) @binding(1) var<storage, read_write> places: array<u32>;
@group(0) @binding(2) var<storage, read> keys: array<F>;
@group(0) @binding(3) var<storage, read> scale: array<F>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let matrix = id / params.n;
    if (matrix >= params.batch) {
        return;
    }
    let start = matrix * params.n;
    let key = keys[id];
    var place = 0u;
    for (var at = start; at < start + params.n; at++) {
        let other = keys[at];
        let is_before = select(other < key, key < other, DESCENDING);
        if (is_before || (other == key && at < id)) {
            place++;
        }
    }
    places[id] = place;
    values[start + place] = key / scale[matrix];
}
