// Sums of the counts of a radix sort: those of each digit over chunks of tiles.
//
// counts: (n_rows, n_tiles, 256); sums: (n_rows, n_chunks, 256). Contiguous. An invocation per digit.
// uses: grid

struct Params {
    n_rows: u32,
    n_tiles: u32,   // per row
    n_chunks: u32,  // per row
    chunk: u32,     // tiles per chunk
}
@group(0) @binding(0) var<storage, read_write> sums: array<u32>;
@group(0) @binding(1) var<storage, read> counts: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) digit: u32) {
    let number = workgroup_number(workgroup, count);
    let row = number / params.n_chunks;
    if (row >= params.n_rows) {
        return;
    }
    let first = (number % params.n_chunks) * params.chunk;
    let last = min(first + params.chunk, params.n_tiles);
    var sum = 0u;
    for (var tile = first; tile < last; tile++) {
        sum += counts[(row * params.n_tiles + tile) * 256u + digit];
    }
    sums[number * 256u + digit] = sum;
}
