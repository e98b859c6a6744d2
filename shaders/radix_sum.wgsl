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

// Those of four tiles, 0 for tiles from `last` on: four loads are on their way at a time.
fn counts_at(row: u32, tile: u32, last: u32, digit: u32) -> vec4<u32> {
    let tiles = tile + vec4<u32>(0u, 1u, 2u, 3u);
    let i = (row * params.n_tiles + min(tiles, vec4<u32>(last - 1u))) * 256u + digit;
    let found = vec4<u32>(counts[i.x], counts[i.y], counts[i.z], counts[i.w]);
    return select(vec4<u32>(0u), found, tiles < vec4<u32>(last));
}

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
    for (var tile = first; tile < last; tile += 4u) {
        let found = counts_at(row, tile, last, digit);
        sum += found.x + found.y + found.z + found.w;
    }
    sums[number * 256u + digit] = sum;
}
