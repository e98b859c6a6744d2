// From where the elements of each digit of each chunk of tiles go, to where those of each tile go.
//
// counts, offsets: (n_rows, n_tiles, 256); starts: (n_rows, n_chunks, 256). Contiguous. An invocation per digit.
// uses: grid

struct Params {
    n_rows: u32,
    n_tiles: u32,   // per row
    n_chunks: u32,  // per row
    chunk: u32,     // tiles per chunk
}
@group(0) @binding(0) var<storage, read_write> offsets: array<u32>;
@group(0) @binding(1) var<storage, read> counts: array<u32>;
@group(0) @binding(2) var<storage, read> starts: array<u32>;
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
    var start = starts[number * 256u + digit];
    for (var tile = first; tile < last; tile++) {
        let i = (row * params.n_tiles + tile) * 256u + digit;
        offsets[i] = start;
        start += counts[i];
    }
}
