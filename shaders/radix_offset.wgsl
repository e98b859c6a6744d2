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

// Those of four tiles, for tiles from `last` on those before it: four loads are on their way at a time.
fn counts_at(row: u32, tile: u32, last: u32, digit: u32) -> vec4<u32> {
    let tiles = min(tile + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(last - 1u));
    let i = (row * params.n_tiles + tiles) * 256u + digit;
    return vec4<u32>(counts[i.x], counts[i.y], counts[i.z], counts[i.w]);
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
    var start = starts[number * 256u + digit];
    for (var tile = first; tile < last; tile += 4u) {
        let found = counts_at(row, tile, last, digit);
        for (var i = 0u; i < 4u && tile + i < last; i++) {
            offsets[(row * params.n_tiles + tile + i) * 256u + digit] = start;
            start += found[i];
        }
    }
}
