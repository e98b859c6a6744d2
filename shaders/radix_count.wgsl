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

const WORKGROUP = 256u;
var<workgroup> tally: array<atomic<u32>, 256>;

// Of the last element for a column beyond the row.
fn digit_at(row: u32, column: u32) -> u32 {
    let i = row * params.n_cols + min(column, params.n_cols - 1u);
    return (key_word(x[i], params.word) >> params.shift) & 255u;
}

@compute @workgroup_size(WORKGROUP)
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
        // Four loads are on their way at a time.
        for (var column = first + lane; column < last; column += 4u * WORKGROUP) {
            let columns = column + vec4<u32>(0u, 1u, 2u, 3u) * WORKGROUP;
            let digits = vec4<u32>(
                digit_at(row, columns.x), digit_at(row, columns.y), digit_at(row, columns.z), digit_at(row, columns.w));
            for (var i = 0u; i < 4u; i++) {
                if (columns[i] < last) {
                    atomicAdd(&tally[digits[i]], 1u);
                }
            }
        }
    }
    workgroupBarrier();
    if (row < params.n_rows) {
        counts[number * WORKGROUP + lane] = atomicLoad(&tally[lane]);
    }
}
