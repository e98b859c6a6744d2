// out[b] = x1[b] @ x2[b], a tile of TILE by TILE results per workgroup, one per invocation.
//
// out: (batch, m, n) R, x1: (batch, m, k), x2: (batch, k, n), both S, all with any steps. Of sums that are cut, out has
// the parts: (batch, n_parts, m, n).
// Constants: TILE (1 to 16: TILE² invocations, 2 TILE² elements of workgroup memory),
// X1_ALONG_K, X2_ALONG_N (along which axis neighbouring lanes read), IS_LAST (whether out is an operand of the plan, and so
// has an offset).
// R, S, T, load(), store(): declared by kernels/matmul.py. T is any number.
// uses: grid

struct Params {
    operands: array<vec4<u32>, 3>,  // element offset of out, x1, x2
    out_steps: vec4<u32>,           // between matrices, rows, columns; two's complement
    x1_steps: vec4<u32>,
    x2_steps: vec4<u32>,
    batch: u32,
    m: u32,
    n: u32,
    k: u32,
    n_parts: u32,                   // of each sum
    n_terms: u32,                   // of each part
}
@group(0) @binding(0) var<storage, read_write> out: array<R>;
@group(0) @binding(1) var<storage, read> x1: array<S>;
@group(0) @binding(2) var<storage, read> x2: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> tile1: array<array<T, TILE>, TILE>;  // [row][i]
var<workgroup> tile2: array<array<T, TILE>, TILE>;  // [i][column]

@compute @workgroup_size(TILE * TILE)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let across = (params.n + TILE - 1u) / TILE;
    let down = (params.m + TILE - 1u) / TILE;
    let first_column = number % across * TILE;
    let first_row = number / across % down * TILE;
    let own = number / across / down;
    let matrix = own / params.n_parts;
    let first = own % params.n_parts * params.n_terms;
    let last = min(first + params.n_terms, params.k);
    let is_inside = matrix < params.batch;
    let base1 = params.operands[1].x + matrix * params.x1_steps.x;
    let base2 = params.operands[2].x + matrix * params.x2_steps.x;
    let outer = lane / TILE;
    let inner = lane % TILE;
    let at1 = select(vec2<u32>(inner, outer), vec2<u32>(outer, inner), X1_ALONG_K);  // row, i
    let at2 = select(vec2<u32>(inner, outer), vec2<u32>(outer, inner), X2_ALONG_N);  // i, column
    let row1 = first_row + at1.x;
    let column2 = first_column + at2.y;

    var value = T();
    for (var i = first; i < last; i += TILE) {
        var element1 = T();
        if (is_inside && row1 < params.m && i + at1.y < last) {
            element1 = load(x1[base1 + row1 * params.x1_steps.y + (i + at1.y) * params.x1_steps.z]);
        }
        var element2 = T();
        if (is_inside && column2 < params.n && i + at2.x < last) {
            element2 = load(x2[base2 + (i + at2.x) * params.x2_steps.y + column2 * params.x2_steps.z]);
        }
        tile1[at1.x][at1.y] = element1;
        tile2[at2.x][at2.y] = element2;
        workgroupBarrier();
        for (var j = 0u; j < TILE; j++) {
            value = plus(value, times(tile1[outer][j], tile2[j][inner]));
        }
        workgroupBarrier();
    }
    let row = first_row + outer;
    let column = first_column + inner;
    if (is_inside && row < params.m && column < params.n) {
        let at = own * params.out_steps.x + row * params.out_steps.y + column * params.out_steps.z;
        out[select(0u, params.operands[0].x, IS_LAST) + at] = store(value);
    }
}
