// projected = T (Vᴴ reflected), or Tᴴ (Vᴴ reflected), for the reflections I - V T Vᴴ of one panel: a workgroup
// of 256 invocations per 32 columns.
//
// reflected: (batch, m, n_cols), of which rows from `column` and columns from first_col on count; reflectors:
// (batch, k, m) and factors: (batch, panels, BLOCK, BLOCK) of qr_panel; projected: (batch, BLOCK, n_cols).
// Constants: T (real or complex), BLOCK (8, 16, 24 or 32; BLOCK² + 64 BLOCK elements of workgroup
// memory), ADJOINT (whether T is transposed and conjugated).
// Source: as qr_panel.
// uses: grid

const TILE = 32u;
const INVOCATIONS = 256u;
const ROWS = INVOCATIONS / TILE;

struct Params {
    batch: u32,
    m: u32,
    k: u32,
    column: u32,     // first row and reflector of the panel
    width: u32,      // its reflectors, at most BLOCK
    panels: u32,
    number: u32,     // of the panel
    n_cols: u32,
    first_col: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> projected: array<T>;
@group(0) @binding(1) var<storage, read> reflected: array<T>;
@group(0) @binding(2) var<storage, read> reflectors: array<T>;
@group(0) @binding(3) var<storage, read> factors: array<T>;

var<workgroup> reflector_tile: array<array<T, BLOCK>, BLOCK>;  // [reflector][row]
var<workgroup> tile: array<array<T, TILE>, BLOCK>;             // [row][column]
var<workgroup> products: array<array<T, TILE>, BLOCK>;         // [reflector][column]

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let across = (params.n_cols - params.first_col + TILE - 1u) / TILE;
    let number = workgroup_number(workgroup, count);
    let matrix = number / across;
    if (matrix >= params.batch) {
        return;
    }
    let m = params.m;
    let col = lane % TILE;
    let first_col = params.first_col + number % across * TILE;
    let first_p = lane / TILE;
    let reflectors_at = (matrix * params.k + params.column) * m;
    let reflected_at = matrix * m * params.n_cols;
    var sums: array<T, BLOCK / ROWS>;
    for (var first_row = params.column; first_row < m; first_row += BLOCK) {
        for (var e = lane; e < BLOCK * BLOCK; e += INVOCATIONS) {
            let p = e / BLOCK;
            let row = first_row + e % BLOCK;
            var element = T();
            if (p < params.width && row < m) {
                element = conjugate(reflectors[reflectors_at + p * m + row]);
            }
            reflector_tile[p][e % BLOCK] = element;
        }
        for (var e = lane; e < BLOCK * TILE; e += INVOCATIONS) {
            // Beyond the end the last row and column are repeated: what comes of them is not used.
            let row = min(first_row + e / TILE, m - 1u);
            let tile_col = min(first_col + e % TILE, params.n_cols - 1u);
            tile[e / TILE][e % TILE] = reflected[reflected_at + row * params.n_cols + tile_col];
        }
        workgroupBarrier();
        for (var i = 0u; i < min(BLOCK, m - first_row); i++) {
            let element = tile[i][col];
            for (var q = 0u; q < BLOCK / ROWS; q++) {
                sums[q] = plus(sums[q], times(reflector_tile[first_p + q * ROWS][i], element));
            }
        }
        workgroupBarrier();
    }
    for (var q = 0u; q < BLOCK / ROWS; q++) {
        products[first_p + q * ROWS][col] = sums[q];
    }
    workgroupBarrier();
    if (first_col + col >= params.n_cols) {
        return;
    }
    let factors_at = (matrix * params.panels + params.number) * BLOCK * BLOCK;
    for (var p = first_p; p < params.width; p += ROWS) {
        var sum = T();
        for (var q = 0u; q < params.width; q++) {
            sum = plus(sum, times(factor(factors_at, p, q), products[q][col]));
        }
        projected[(matrix * BLOCK + p) * params.n_cols + first_col + col] = sum;
    }
}

fn factor(at: u32, p: u32, q: u32) -> T {
    if (ADJOINT) {
        return conjugate(factors[at + q * BLOCK + p]);
    }
    return factors[at + p * BLOCK + q];
}
