// The rows of the factor right of a diagonal block, by forward substitution: P of Uᴴ P = A, sixteen rows after sixteen.
//
// One workgroup per STRIP columns. work: (batch, ld, ld), of which the upper triangle is read; factor: (batch, BLOCK, BLOCK) U of
// cholesky_diagonal; panel: (batch, PANEL, ld) receives P, from row `to` on. Without SWEPT, columns are those right of the block, and P
// takes their places in work. With SWEPT they are all columns: those before the block stand in the triangle as rows, conjugated, and the
// block's own are those of -I.
// Constants: T (real or complex), BLOCK (a multiple of 16 and of STRIP), PANEL (a multiple of BLOCK), STRIP (a multiple of 4, from 16 on; 4 STRIP invocations, to the
// device's limit), SWEPT. Workgroup memory: 16 (BLOCK + STRIP) elements.
// uses: grid

@group(0) @binding(0) var<storage, read_write> work: array<Four>;
@group(0) @binding(1) var<storage, read> factor: array<Four>;
@group(0) @binding(2) var<storage, read_write> panel: array<Four>;

struct Params {
    batch: u32,
    ld: u32,
    first: u32,         // row and column of the block
    first_column: u32,  // that workgroups begin with
    to: u32,
}
@group(1) @binding(0) var<uniform> params: Params;

const SIXTEEN = 16u;
const FOURS = STRIP / 4u;
const INVOCATIONS = SIXTEEN * FOURS;
const PARTS = BLOCK / SIXTEEN;
const LOADS = BLOCK * 4u / INVOCATIONS;

var<workgroup> u: array<array<Four, FOURS>, SIXTEEN>;
var<workgroup> columns: array<array<Four, 4>, BLOCK>;  // sixteen of Uᴴ, from the diagonal down

// Four rows of a column of Uᴴ, of which e tells which, for sixteen steps from `first` on.
fn load_factor(matrix: u32, first: u32, e: u32) -> Four {
    let row = min(first + e / SIXTEEN * 4u, BLOCK - 4u);
    return factor[((matrix * BLOCK + first + e % SIXTEEN) * BLOCK + row) / 4u];
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let ld = params.ld;
    let strips = (ld - params.first_column) / STRIP;
    let number = workgroup_number(workgroup, count);
    let matrix = number / strips;
    if (matrix >= params.batch) {
        return;
    }
    let column = params.first_column + number % strips * STRIP;
    let own_row = lane / FOURS;
    let own_four = lane % FOURS;
    let own_column = column + own_four * 4u;
    // Four columns of rows own_row, own_row + 16, …; those to come move up as the first are done.
    // scalars
    var own: array<Four, PARTS>;
    // unroll
    for (var part = 0u; part < PARTS; part++) {
        let row = params.first + part * SIXTEEN + own_row;
        if (SWEPT && column < params.first) {
            // unroll
            for (var e = 0u; e < 4u; e++) {
                own[part][e] = conjugate(work[(matrix * ld + own_column + e) * (ld / 4u) + row / 4u][row % 4u]);
            }
        } else if (SWEPT && column - params.first < BLOCK) {
            // unroll
            for (var e = 0u; e < 4u; e++) {
                own[part][e] = of_real(select(F(0), F(-1), own_column + e == row));
            }
        } else {
            own[part] = work[(matrix * ld + row) * (ld / 4u) + own_column / 4u];
        }
    }
    // scalars
    var next: array<Four, LOADS>;
    // unroll
    for (var l = 0u; l < LOADS; l++) {
        next[l] = load_factor(matrix, 0u, l * INVOCATIONS + lane);
    }
    for (var first = 0u; first < BLOCK; first += SIXTEEN) {
        // unroll
        for (var l = 0u; l < LOADS; l++) {
            let e = l * INVOCATIONS + lane;
            // unroll
            for (var r = 0u; r < 4u; r++) {
                columns[e / SIXTEEN * 4u + r][e % SIXTEEN / 4u][e % 4u] = conjugate(next[l][r]);
            }
        }
        u[own_row][own_four] = own[0];
        workgroupBarrier();
        // unroll
        for (var l = 0u; l < LOADS; l++) {
            next[l] = load_factor(matrix, min(first + SIXTEEN, BLOCK - SIXTEEN), l * INVOCATIONS + lane);
        }
        if (lane < STRIP) {
            // scalars
            var solved: array<T, SIXTEEN>;
            // unroll
            for (var s = 0u; s < SIXTEEN; s++) {
                solved[s] = u[s][lane / 4u][lane % 4u];
                // unroll
                for (var t = 0u; t < s; t++) {
                    solved[s] = minus(solved[s], times(columns[s][t / 4u][t % 4u], solved[t]));
                }
                solved[s] = times_real(solved[s], real_part(columns[s][s / 4u][s % 4u]));
            }
            // unroll
            for (var s = 0u; s < SIXTEEN; s++) {
                u[s][lane / 4u][lane % 4u] = solved[s];
            }
        }
        workgroupBarrier();
        let row = first + own_row;
        panel[(matrix * PANEL + params.to + row) * (ld / 4u) + own_column / 4u] = u[own_row][own_four];
        if (!SWEPT) {
            work[(matrix * ld + params.first + row) * (ld / 4u) + own_column / 4u] = u[own_row][own_four];
        }
        // scalars
        var sixteen: array<Four, SIXTEEN>;
        // unroll
        for (var t = 0u; t < SIXTEEN; t++) {
            sixteen[t] = u[t][own_four];
        }
        // unroll
        for (var part = 1u; part < PARTS; part++) {
            if (first + part * SIXTEEN < BLOCK) {
                own[part - 1u] = own[part];
                // unroll
                for (var z = 0u; z < 4u; z++) {
                    let four = columns[part * SIXTEEN + own_row][z];
                    // unroll
                    for (var e = 0u; e < 4u; e++) {
                        own[part - 1u] = plus_multiple(own[part - 1u], minus(T(), four[e]), sixteen[4u * z + e]);
                    }
                }
            }
        }
        workgroupBarrier();
    }
}
