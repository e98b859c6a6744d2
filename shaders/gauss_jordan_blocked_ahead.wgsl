// choose() for the next block, by the first workgroups, while the others still bring columns up to date with the last one: what
// waits for pivots hides behind what multiplies.
//
// Bindings and constants: in lib/gauss_jordan_choose.wgsl and lib/gauss_jordan_update.wgsl. INVOCATIONS is the same in both.
// uses: grid, gauss_jordan_choose, gauss_jordan_update

struct Params {
    batch: u32,
    n: u32,
    ld: u32,
    pitch: u32,
    parity: u32,          // what choose() asks for
    first: u32,
    inner: u32,
    parts: u32,
    candidates: u32,
    updated: u32,         // what update() asks for
    updated_parity: u32,
    depth: u32,
    first_column: u32,
    n_columns: u32,
    skip: u32,
    skipped: u32,
    n_ahead: u32,         // workgroups that go ahead
    first_tile: u32,      // of those that are updated now
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    if (number < params.n_ahead) {
        choose(number, lane);
    } else {
        update(params.first_tile + number - params.n_ahead, lane);
    }
}
