// Which chunk an invocation or a workgroup scans, and where its elements stand.
//
// Chunks are numbered like the contiguous array (outer, n_chunks, inner). IS_FIRST and IS_LAST (whether x and out are
// operands of the plan, and so have an offset) are declared by kernels/scan.py.

struct Params {
    operands: array<vec4<u32>, 2>,  // element offset of out, x
    x_steps: vec4<u32>,             // along outer, length, inner; two's complement, as out_steps
    out_steps: vec4<u32>,
    outer: u32,
    length: u32,
    inner: u32,
    n_chunks: u32,                  // per row
}
@group(1) @binding(0) var<uniform> params: Params;

struct Chunk {
    outer: u32,
    chunk: u32,
    inner: u32,
    is_inside: bool,
}

fn chunk_of(number: u32) -> Chunk {
    let above = number / params.inner;
    let outer = above / params.n_chunks;
    return Chunk(outer, above % params.n_chunks, number % params.inner, outer < params.outer);
}

fn place_in_x(at: Chunk, i: u32) -> u32 {
    let place = vec3<u32>(at.outer, i, at.inner) * params.x_steps.xyz;
    return select(0u, params.operands[1].x, IS_FIRST) + place.x + place.y + place.z;
}

fn place_in_out(at: Chunk, i: u32) -> u32 {
    let place = vec3<u32>(at.outer, i, at.inner) * params.out_steps.xyz;
    return select(0u, params.operands[0].x, IS_LAST) + place.x + place.y + place.z;
}
