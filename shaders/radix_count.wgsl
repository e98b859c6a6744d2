// One pass of a radix sort, first part: how often each digit occurs in each tile of each row.
//
// x: (n_rows, n_cols) S; counts: (n_rows, n_tiles, 256). Contiguous.
// Constants: TILE (elements per tile). S, key_word(): declared by kernels/sort_keys.py.
// uses: grid

struct Params {
    n_rows: u32,
    n_cols: u32,
    n_tiles: u32,  // per row
    word: u32,     // of the key, in which the digit is,
    shift: u32,    // from this bit on
}
@group(0) @binding(0) var<storage, read_write> counts: array<u32>;
@group(0) @binding(1) var<storage, read> x: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

const LANES = 256u;
var<workgroup> tally: array<atomic<u32>, 256>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let row = number / params.n_tiles;
    let first = (number % params.n_tiles) * TILE;
    let last = min(first + TILE, params.n_cols);
    atomicStore(&tally[lane], 0u);
    workgroupBarrier();
    if (row < params.n_rows) {
        for (var column = first + lane; column < last; column += LANES) {
            let digit = (key_word(x[row * params.n_cols + column], params.word) >> params.shift) & 255u;
            atomicAdd(&tally[digit], 1u);
        }
    }
    workgroupBarrier();
    if (row < params.n_rows) {
        counts[number * LANES + lane] = atomicLoad(&tally[lane]);
    }
}
