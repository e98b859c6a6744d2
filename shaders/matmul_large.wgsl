// out[b] = x1[b] @ x2[b], a tile of 128 by 128 results per workgroup of 256 invocations, each of
// which holds 8 by 8 of them in registers.
//
// While one pair of tiles is multiplied, the next is on its way from memory into registers.
// out: (batch, m, n), x1: (batch, m, k), x2: (batch, k, n), all T and contiguous; n and k multiples of 4.
// Workgroup memory: 4096 elements.
// Constants: T (f32, f64), STRIPE (at least 1: tiles side by side whose workgroups follow each other).
// Source: V. Volkov and J. Demmel, Benchmarking GPUs to tune dense linear algebra, SC 2008.
// uses: grid

const TILE = 128u;
const DEPTH = 16u;
const INVOCATIONS = 256u;
// Vectors of four in a row of a tile of x1 and of x2. Each invocation loads two of either tile.
const DEPTH_VECTORS = DEPTH / 4u;
const TILE_VECTORS = TILE / 4u;
const HALF = TILE_VECTORS / 2u;

struct Params {
    batch: u32,
    m: u32,
    n: u32,
    k: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<vec4<T>>;
@group(0) @binding(1) var<storage, read> x1: array<vec4<T>>;
@group(0) @binding(2) var<storage, read> x2: array<vec4<T>>;
@group(1) @binding(0) var<uniform> params: Params;

// Both by i first, so that the inner loop reads eight neighbours of each.
var<workgroup> tile1: array<array<vec4<T>, TILE_VECTORS>, DEPTH>;  // [i][row / 4], at `mixed`
var<workgroup> tile2: array<array<vec4<T>, TILE_VECTORS>, DEPTH>;  // [i][column / 4]

// The sums: a row of results each, in two halves. Named, because an indexed array may leave the registers.
var<private> left0: vec4<T>;
var<private> left1: vec4<T>;
var<private> left2: vec4<T>;
var<private> left3: vec4<T>;
var<private> left4: vec4<T>;
var<private> left5: vec4<T>;
var<private> left6: vec4<T>;
var<private> left7: vec4<T>;
var<private> right0: vec4<T>;
var<private> right1: vec4<T>;
var<private> right2: vec4<T>;
var<private> right3: vec4<T>;
var<private> right4: vec4<T>;
var<private> right5: vec4<T>;
var<private> right6: vec4<T>;
var<private> right7: vec4<T>;

// Where four rows of tile1 lie in row i. Neighbouring lanes store neighbours along i, which this
// spreads over the banks of workgroup memory.
fn mixed(four_rows: u32, i: u32) -> u32 {
    return four_rows ^ (i / 4u * 2u);
}

struct Position {
    first_row: u32,
    first_column: u32,
    matrix: u32,
}

// Tiles in stripes of STRIPE columns, so that workgroups that run together share what they read.
fn position_of(number: u32) -> Position {
    let across = (params.n + TILE - 1u) / TILE;
    let down = (params.m + TILE - 1u) / TILE;
    let matrix = number / (across * down);
    let tile = number % (across * down);
    let stripe = tile / (STRIPE * down);
    let width = min(STRIPE, across - stripe * STRIPE);
    let within = tile - stripe * STRIPE * down;
    return Position(within / width * TILE, (stripe * STRIPE + within % width) * TILE, matrix);
}

// Rows and columns beyond the end repeat the last one: what comes of them is not stored.
// Beyond the end of the sums there must be zeros.
fn element1(matrix: u32, row: u32, i: u32) -> vec4<T> {
    if (i >= params.k) {
        return vec4<T>();
    }
    return x1[((matrix * params.m + min(row, params.m - 1u)) * params.k + i) / 4u];
}

fn element2(matrix: u32, i: u32, column: u32) -> vec4<T> {
    if (i >= params.k) {
        return vec4<T>();
    }
    return x2[((matrix * params.k + i) * params.n + min(column, params.n - 4u)) / 4u];
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let at = position_of(workgroup_number(workgroup, count));
    if (at.matrix >= params.batch) {
        return;
    }
    let row1 = lane / DEPTH_VECTORS;
    let i1 = lane % DEPTH_VECTORS * 4u;
    let i2 = lane / TILE_VECTORS;
    let column2 = lane % TILE_VECTORS;
    let below = lane / 16u * 2u;   // of the two vectors of rows
    let beside = lane % 16u;       // of the first vector of columns; the second is half a tile on

    var next1 = element1(at.matrix, at.first_row + row1, i1);
    var more1 = element1(at.matrix, at.first_row + row1 + TILE / 2u, i1);
    var next2 = element2(at.matrix, i2, at.first_column + column2 * 4u);
    var more2 = element2(at.matrix, i2 + DEPTH / 2u, at.first_column + column2 * 4u);
    for (var first = 0u; first < params.k; first += DEPTH) {
        workgroupBarrier();
        store_column(row1, i1, next1);
        store_column(row1 + TILE / 2u, i1, more1);
        tile2[i2][column2] = next2;
        tile2[i2 + DEPTH / 2u][column2] = more2;
        workgroupBarrier();
        let next = first + DEPTH;
        next1 = element1(at.matrix, at.first_row + row1, next + i1);
        more1 = element1(at.matrix, at.first_row + row1 + TILE / 2u, next + i1);
        next2 = element2(at.matrix, next + i2, at.first_column + column2 * 4u);
        more2 = element2(at.matrix, next + i2 + DEPTH / 2u, at.first_column + column2 * 4u);
        // Four steps in one pass of the loop, whose counting is not free.
        for (var i = 0u; i < DEPTH; i += 4u) {
            let upper = mixed(below, i);
            let lower = mixed(below + 1u, i);
            add_products(i, upper, lower, beside);
            add_products(i + 1u, upper, lower, beside);
            add_products(i + 2u, upper, lower, beside);
            add_products(i + 3u, upper, lower, beside);
        }
    }
    let row = at.first_row + below * 4u;
    let column = at.first_column + beside * 4u;
    store_row(at.matrix, row, column, left0, right0);
    store_row(at.matrix, row + 1u, column, left1, right1);
    store_row(at.matrix, row + 2u, column, left2, right2);
    store_row(at.matrix, row + 3u, column, left3, right3);
    store_row(at.matrix, row + 4u, column, left4, right4);
    store_row(at.matrix, row + 5u, column, left5, right5);
    store_row(at.matrix, row + 6u, column, left6, right6);
    store_row(at.matrix, row + 7u, column, left7, right7);
}

// Term i of every sum of this invocation: eight rows, in the vectors `above` and `below` of tile1, by two
// vectors of columns, of which one is at `beside`.
fn add_products(i: u32, above: u32, below: u32, beside: u32) {
    let upper = tile1[i][above];
    let lower = tile1[i][below];
    let left = tile2[i][beside];
    let right = tile2[i][beside + HALF];
    left0 = fma(vec4<T>(upper.x), left, left0);
    left1 = fma(vec4<T>(upper.y), left, left1);
    left2 = fma(vec4<T>(upper.z), left, left2);
    left3 = fma(vec4<T>(upper.w), left, left3);
    left4 = fma(vec4<T>(lower.x), left, left4);
    left5 = fma(vec4<T>(lower.y), left, left5);
    left6 = fma(vec4<T>(lower.z), left, left6);
    left7 = fma(vec4<T>(lower.w), left, left7);
    right0 = fma(vec4<T>(upper.x), right, right0);
    right1 = fma(vec4<T>(upper.y), right, right1);
    right2 = fma(vec4<T>(upper.z), right, right2);
    right3 = fma(vec4<T>(upper.w), right, right3);
    right4 = fma(vec4<T>(lower.x), right, right4);
    right5 = fma(vec4<T>(lower.y), right, right5);
    right6 = fma(vec4<T>(lower.z), right, right6);
    right7 = fma(vec4<T>(lower.w), right, right7);
}

// Four neighbours along i of one row of x1.
fn store_column(row: u32, i: u32, four: vec4<T>) {
    let four_rows = mixed(row / 4u, i);
    tile1[i][four_rows][row % 4u] = four.x;
    tile1[i + 1u][four_rows][row % 4u] = four.y;
    tile1[i + 2u][four_rows][row % 4u] = four.z;
    tile1[i + 3u][four_rows][row % 4u] = four.w;
}

fn store_row(matrix: u32, row: u32, column: u32, left: vec4<T>, right: vec4<T>) {
    if (row < params.m) {
        let base = (matrix * params.m + row) * params.n;
        if (column < params.n) {
            out[(base + column) / 4u] = left;
        }
        if (column + TILE / 2u < params.n) {
            out[(base + column + TILE / 2u) / 4u] = right;
        }
    }
}
