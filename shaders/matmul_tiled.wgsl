// out[b] = x1[b] @ x2[b], a tile of 64 by 64 results per workgroup of 256 invocations, each of
// which holds 4 by 4 of them in registers.
//
// out: (batch, m, n), x1: (batch, m, k), x2: (batch, k, n), all S with any steps.
// Constants: DEPTH (a multiple of 4 up to 16: of the tiles of x1 and x2; 128 DEPTH elements of
// workgroup memory), X1_ALONG_K, X2_ALONG_N (along which axis neighbouring lanes read).
// S, T, load(), store(), Four of lib/four_*: declared by kernels/matmul.py. T is any number.
// uses: grid

const TILE = 64u;
const INVOCATIONS = 256u;
const PER_INVOCATION = TILE * DEPTH / INVOCATIONS;

struct Params {
    operands: array<vec4<u32>, 3>,  // element offset of out, x1, x2
    out_steps: vec4<u32>,           // between matrices, rows, columns; two's complement
    x1_steps: vec4<u32>,
    x2_steps: vec4<u32>,
    batch: u32,
    m: u32,
    n: u32,
    k: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<S>;
@group(0) @binding(1) var<storage, read> x1: array<S>;
@group(0) @binding(2) var<storage, read> x2: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

// Both by i first, so that the inner loop reads four neighbours of each.
var<workgroup> tile1: array<array<Four, TILE / 4u>, DEPTH>;  // [i][row / 4]
var<workgroup> tile2: array<array<Four, TILE / 4u>, DEPTH>;  // [i][column / 4]

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let across = (params.n + TILE - 1u) / TILE;
    let down = (params.m + TILE - 1u) / TILE;
    let first_column = number % across * TILE;
    let first_row = number / across % down * TILE;
    let matrix = number / across / down;
    let is_inside = matrix < params.batch;
    let base1 = params.operands[1].x + matrix * params.x1_steps.x;
    let base2 = params.operands[2].x + matrix * params.x2_steps.x;
    let row = lane / 16u * 4u;
    let column = lane % 16u * 4u;

    // A row of results each. Named, because an indexed array may leave the registers.
    var sums0 = Four();
    var sums1 = Four();
    var sums2 = Four();
    var sums3 = Four();
    for (var i = 0u; i < params.k; i += DEPTH) {
        for (var piece = 0u; piece < PER_INVOCATION; piece++) {
            let element = piece * INVOCATIONS + lane;
            let along = vec2<u32>(element % DEPTH, element / DEPTH);  // (i, row or column), i fast
            let across_k = vec2<u32>(element / TILE, element % TILE);  // the same, i slow
            let at1 = select(across_k, along, X1_ALONG_K);
            let at2 = select(along, across_k, X2_ALONG_N);
            var element1 = T();
            if (is_inside && first_row + at1.y < params.m && i + at1.x < params.k) {
                element1 = load(x1[base1 + (first_row + at1.y) * params.x1_steps.y + (i + at1.x) * params.x1_steps.z]);
            }
            var element2 = T();
            if (is_inside && first_column + at2.y < params.n && i + at2.x < params.k) {
                element2 = load(x2[base2 + (i + at2.x) * params.x2_steps.y + (first_column + at2.y) * params.x2_steps.z]);
            }
            tile1[at1.x][at1.y / 4u][at1.y % 4u] = element1;
            tile2[at2.x][at2.y / 4u][at2.y % 4u] = element2;
        }
        workgroupBarrier();
        for (var j = 0u; j < DEPTH; j++) {
            let left = tile1[j][lane / 16u];
            let right = tile2[j][lane % 16u];
            sums0 = with_products(sums0, left[0], right);
            sums1 = with_products(sums1, left[1], right);
            sums2 = with_products(sums2, left[2], right);
            sums3 = with_products(sums3, left[3], right);
        }
        workgroupBarrier();
    }
    if (is_inside) {
        let base = params.operands[0].x + matrix * params.out_steps.x;
        store_row(base, first_row + row, first_column + column, sums0);
        store_row(base, first_row + row + 1u, first_column + column, sums1);
        store_row(base, first_row + row + 2u, first_column + column, sums2);
        store_row(base, first_row + row + 3u, first_column + column, sums3);
    }
}

fn store_row(base: u32, row: u32, column: u32, row_of_sums: Four) {
    var sums = row_of_sums;
    if (row < params.m) {
        for (var j = 0u; j < 4u; j++) {
            if (column + j < params.n) {
                out[base + row * params.out_steps.y + (column + j) * params.out_steps.z] = store(sums[j]);
            }
        }
    }
}
