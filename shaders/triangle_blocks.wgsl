// Inverts the diagonal blocks of lower triangular matrices, a workgroup per block, and clears what is right of them.
//
// factor: (batch, n, n) lower triangular, with a real diagonal; triangle: (batch, n, n) receives the inverses of its diagonal
// blocks, and zeros above them.
// Constants: T (real or complex), BLOCK (order of the blocks: 1 to 32; 2 BLOCK² elements of workgroup memory),
// WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
}
@group(0) @binding(0) var<storage, read> factor: array<T>;
@group(0) @binding(1) var<storage, read_write> triangle: array<T>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> block: array<array<T, BLOCK>, BLOCK>;
var<workgroup> inverted: array<array<T, BLOCK>, BLOCK>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let n = params.n;
    let per_matrix = (n + BLOCK - 1u) / BLOCK;
    let number = workgroup_number(workgroup, count);
    if (number / per_matrix >= params.batch) {
        return;
    }
    let first = number % per_matrix * BLOCK;
    let width = min(BLOCK, n - first);
    let base = (number / per_matrix * n + first) * n;
    for (var e = lane; e < width * width; e += WORKGROUP) {
        block[e / width][e % width] = factor[base + e / width * n + first + e % width];
        inverted[e / width][e % width] = T();
        if (e / width == e % width) {
            inverted[e / width][e % width] = one();
        }
    }
    // Rows of the identity, each divided by its pivot and then taken from those below.
    for (var step = 0u; step < width; step++) {
        workgroupBarrier();
        for (var j = lane; j <= step; j += WORKGROUP) {
            inverted[step][j] = over_real(inverted[step][j], real_part(block[step][step]));
        }
        workgroupBarrier();
        let columns = step + 1u;
        for (var e = lane; e < (width - columns) * columns; e += WORKGROUP) {
            let i = columns + e / columns;
            let j = e % columns;
            inverted[i][j] = minus(inverted[i][j], times(block[i][step], inverted[step][j]));
        }
    }
    workgroupBarrier();
    let right = n - first;
    for (var e = lane; e < width * right; e += WORKGROUP) {
        let i = e / right;
        let j = e % right;
        var element = T();
        if (j < width) {
            element = inverted[i][j];
        }
        triangle[base + i * n + first + j] = element;
    }
}
