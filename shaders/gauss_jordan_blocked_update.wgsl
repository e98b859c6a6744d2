// Fourth pass of the blocked inverse: every column outside the panel, a rank-`width` update.
//
// One workgroup per TILE × TILE piece of a matrix; an invocation holds EACH × EACH elements.
// work: (batch, n, n) T; factors: (batch, n, PANEL) T; step_of: (batch, n); pivot_rows: (batch, PANEL, n) T.
// Constants: T (f32, f64), PANEL (1 to 64), SIDE (invocations along a side, SIDE² to the device's
// limit), EACH (1 to 8); 2 TILE PANEL elements of T must fit workgroup memory.
// uses: grid, gauss_jordan_blocked

@group(0) @binding(0) var<storage, read_write> work: array<T>;
@group(0) @binding(1) var<storage, read> factors: array<T>;
@group(0) @binding(2) var<storage, read> step_of: array<u32>;
@group(0) @binding(3) var<storage, read> pivot_rows: array<T>;

struct Params {
    n: u32,
    batch: u32,
    first: u32,
    width: u32,  // columns of this panel, PANEL or what is left
}
@group(1) @binding(0) var<uniform> params: Params;

const TILE = SIDE * EACH;
const WORKGROUP = SIDE * SIDE;

var<workgroup> tile_factors: array<T, TILE * PANEL>;  // by step, then by row of the tile
var<workgroup> tile_rows: array<T, TILE * PANEL>;  // by step, then by column of the tile

// What row `row` takes of the pivot row of `step`, a step of this panel.
fn coefficient(row: u32, step: u32) -> T {
    let own_step = step_of[row] - params.first;  // beyond the panel for a row that it did not pivot
    if (own_step < params.width && step <= own_step) {
        return select(T(0), T(1), step == own_step);
    }
    return factors[row * PANEL + step];
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let n = params.n;
    let tiles = (n + TILE - 1u) / TILE;
    let number = workgroup_number(workgroup, count);
    let matrix = number / (tiles * tiles);
    if (matrix >= params.batch) {
        return;
    }
    let first_row = number / tiles % tiles * TILE;
    let first_column = number % tiles * TILE;
    let base = matrix * n * n;
    for (var i = lane; i < TILE * params.width; i += WORKGROUP) {
        let step = i % params.width;
        let row = min(first_row + i / params.width, n - 1u);
        tile_factors[step * TILE + i / params.width] = coefficient(matrix * n + row, step);
    }
    for (var i = lane; i < TILE * params.width; i += WORKGROUP) {
        let step = i / TILE;
        let column = first_column + i % TILE;
        tile_rows[i] = pivot_rows[(matrix * PANEL + step) * n + min(column, n - 1u)];
    }
    workgroupBarrier();

    var sum: array<array<T, EACH>, EACH>;
    for (var step = 0u; step < params.width; step++) {
        for (var i = 0u; i < EACH; i++) {
            let factor = tile_factors[step * TILE + lane / SIDE + i * SIDE];
            for (var j = 0u; j < EACH; j++) {
                sum[i][j] += factor * tile_rows[step * TILE + lane % SIDE + j * SIDE];
            }
        }
    }
    for (var i = 0u; i < EACH; i++) {
        let row = first_row + lane / SIDE + i * SIDE;
        if (row < n) {
            let is_pivot = step_of[matrix * n + row] - params.first < params.width;
            for (var j = 0u; j < EACH; j++) {
                let column = first_column + lane % SIDE + j * SIDE;
                if (column < n && !(column - params.first < params.width)) {
                    let at = base + row * n + column;
                    work[at] = select(work[at], T(0), is_pivot) + sum[i][j];
                }
            }
        }
    }
}
