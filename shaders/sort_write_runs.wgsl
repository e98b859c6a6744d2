// Writes what is asked of the runs of equal elements of a sorted vector.
//
// x: (n,) S, sorted; offsets: (n_tiles,), the runs that begin before each tile. Contiguous.
// What is written is declared by kernels/runs.py: values, starts, indices, inverse, from order.
// Constants: TILE (elements per tile).
// S and what compares it, write_run(), write_member(), write_end(): declared by kernels/runs.py.
// uses: grid, sort_order, workgroup_scan

struct Params {
    n: u32,
}
@group(0) @binding(0) var<storage, read> offsets: array<u32>;
@group(0) @binding(1) var<storage, read> x: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

const WORKGROUP = 256u;
alias T = u32;

fn combine(a: T, b: T) -> T {
    return a + b;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let tile = workgroup_number(workgroup, count);
    let is_inside = tile < (params.n + TILE - 1u) / TILE;
    var n_before = 0u;
    if (is_inside) {
        n_before = offsets[tile];
    }
    for (var start = 0u; start < TILE; start += WORKGROUP) {
        let i = tile * TILE + start + lane;
        var begins = 0u;
        if (is_inside && i < params.n) {
            begins = select(0u, 1u, i == 0u || differs(x[i], x[max(i, 1u) - 1u]));
        }
        let run = n_before + workgroup_scan(lane, begins) - 1u;
        if (is_inside && i < params.n) {
            if (begins == 1u) {
                write_run(run, i);
            }
            write_member(run, i);
            if (i + 1u == params.n) {
                write_end(run + 1u, params.n);
            }
        }
        n_before += scanned[WORKGROUP - 1u];
        workgroupBarrier();
    }
}
