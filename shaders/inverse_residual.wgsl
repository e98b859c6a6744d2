// rest = I - x inverse, summed in about twice the precision of T: a square tile of 16 EACH rows and columns per workgroup of
// 256 invocations, each of which holds EACH by EACH of them in registers.
//
// x, inverse, rest: (batch, n, n).
// Constants: T (real or complex), EACH (1 to 4), DEPTH (terms in workgroup memory at once, 1 or more, of 32 EACH + 1 elements),
// HERMITIAN (whether only the lower triangle of x is read, the other being its conjugate).
// WideSum: of lib/wide_real or lib/wide_complex, over lib/wide_pair or lib/wide_f64.
// uses: grid

const SIDE = 16u;
const INVOCATIONS = 256u;
const TILE = SIDE * EACH;

struct Params {
    batch: u32,
    n: u32,
}
@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read> inverse: array<T>;
@group(0) @binding(2) var<storage, read_write> rest: array<T>;
@group(1) @binding(0) var<uniform> params: Params;

// By term first. One column more than needed keeps the lanes that store neighbouring terms to banks of their own.
var<workgroup> left: array<array<T, TILE + 1u>, DEPTH>;
var<workgroup> right: array<array<T, TILE>, DEPTH>;

// An element of the matrix that begins at `base`.
fn element(base: u32, row: u32, column: u32) -> T {
    if (!HERMITIAN) {
        return x[base + row * params.n + column];
    }
    let stored = x[base + max(row, column) * params.n + min(row, column)];
    if (row == column) {
        return of_real(real_part(stored));
    }
    if (row < column) {
        return conjugate(stored);
    }
    return stored;
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let n = params.n;
    let across = (n + TILE - 1u) / TILE;
    let number = workgroup_number(workgroup, count);
    let matrix = number / (across * across);
    if (matrix >= params.batch) {
        return;
    }
    let base = matrix * n * n;
    let first_row = number / across % across * TILE;
    let first_column = number % across * TILE;
    let own_row = lane / SIDE;
    let own_column = lane % SIDE;

    // scalars
    var sums: array<WideSum, EACH * EACH>;
    // unroll
    for (var r = 0u; r < EACH; r++) {
        // unroll
        for (var c = 0u; c < EACH; c++) {
            if (first_row + own_row + r * SIDE == first_column + own_column + c * SIDE) {
                sums[r * EACH + c] = wide_sum(one());
            }
        }
    }
    for (var first = 0u; first < n; first += DEPTH) {
        let depth = min(DEPTH, n - first);
        workgroupBarrier();
        for (var e = lane; e < TILE * DEPTH; e += INVOCATIONS) {
            // Rows and columns beyond the end repeat the last one: what comes of them is not stored.
            if (e % DEPTH < depth) {
                left[e % DEPTH][e / DEPTH] = element(base, min(first_row + e / DEPTH, n - 1u), first + e % DEPTH);
            }
            if (e / TILE < depth) {
                right[e / TILE][e % TILE] = inverse[base + (first + e / TILE) * n + min(first_column + e % TILE, n - 1u)];
            }
        }
        workgroupBarrier();
        for (var i = 0u; i < depth; i++) {
            // scalars
            var factors: array<T, EACH>;
            // unroll
            for (var c = 0u; c < EACH; c++) {
                factors[c] = right[i][own_column + c * SIDE];
            }
            // unroll
            for (var r = 0u; r < EACH; r++) {
                let factor = left[i][own_row + r * SIDE];
                // unroll
                for (var c = 0u; c < EACH; c++) {
                    sums[r * EACH + c] = less_product(sums[r * EACH + c], factor, factors[c]);
                }
            }
        }
    }
    // unroll
    for (var r = 0u; r < EACH; r++) {
        let row = first_row + own_row + r * SIDE;
        // unroll
        for (var c = 0u; c < EACH; c++) {
            let column = first_column + own_column + c * SIDE;
            if (row < n && column < n) {
                rest[base + row * n + column] = rounded(sums[r * EACH + c]);
            }
        }
    }
}
