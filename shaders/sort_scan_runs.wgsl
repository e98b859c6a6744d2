// The runs that begin before each tile, from those that begin in each, in place; at the end their sum.
//
// offsets: (n_tiles + 1,). One workgroup.
// uses: exclusive_scan

struct Params {
    n_tiles: u32,
}
@group(0) @binding(0) var<storage, read_write> offsets: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

const LANES = 256u;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
    var n_before = 0u;
    for (var first = 0u; first < params.n_tiles; first += LANES) {
        let tile = first + lane;
        var n_here = 0u;
        if (tile < params.n_tiles) {
            n_here = offsets[tile];
        }
        let n_lower = exclusive_scan(lane, n_here);
        if (tile < params.n_tiles) {
            offsets[tile] = n_before + n_lower;
        }
        n_before += scanned_total();
        workgroupBarrier();
    }
    if (lane == 0u) {
        offsets[params.n_tiles] = n_before;
    }
}
