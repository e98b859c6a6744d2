// How many runs of equal elements begin in each tile of a sorted vector.
//
// x: (n,) S, sorted; counts: (n_tiles,). Contiguous.
// Constants: TILE (elements per tile). S and what compares it: declared by kernels/sort_keys.py.
// uses: grid, sort_order

struct Params {
    n: u32,
}
@group(0) @binding(0) var<storage, read_write> counts: array<u32>;
@group(0) @binding(1) var<storage, read> x: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

const WORKGROUP = 256u;
var<workgroup> n_runs: atomic<u32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let tile = workgroup_number(workgroup, count);
    let is_inside = tile < (params.n + TILE - 1u) / TILE;
    if (lane == 0u) {
        atomicStore(&n_runs, 0u);
    }
    workgroupBarrier();
    if (is_inside) {
        let last = min((tile + 1u) * TILE, params.n);
        var n_own = 0u;
        for (var i = tile * TILE + lane; i < last; i += WORKGROUP) {
            n_own += select(0u, 1u, i == 0u || differs(x[i], x[max(i, 1u) - 1u]));
        }
        atomicAdd(&n_runs, n_own);
    }
    workgroupBarrier();
    if (is_inside && lane == 0u) {
        counts[tile] = atomicLoad(&n_runs);
    }
}
