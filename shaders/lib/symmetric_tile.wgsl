// Hermitian positive definite matrices in the registers of teams of invocations: factored, or swept until they are inverted.
//
// A team of SIDE² invocations has a matrix of ORDER = 4 SIDE QUADS rows; of its upper triangle invocation (a, b) holds the squares
// of four by four elements (a + SIDE p, b + SIDE q). Four steps (a panel) at a time:
//
//     publish  the panel's four rows go to workgroup memory, with SWEPT all of them, else what is right of the diagonal;
//     solve    with U, the factor of the panel's own square Uᴴ U, an invocation per column solves Uᴴ p = column;
//     update   each element a(i, j) becomes a(i, j) - pᴴ(i) p(j).
//
// The rows p are those of the Cholesky factor. With SWEPT, on the panel's own columns p is -U⁻ᴴ, and a counts as 0 there
// and in the panel's rows: so A⁻¹ grows, with a minus, where steps have been taken (the sweep operator).
//
// How to use it: give main() @workgroup_size(INVOCATIONS), call load_squares(lane, matrix), then
// eliminate(member, lane, matrix), by all invocations. They call
//   load_four(matrix, i, j, k) -> Four    of the square from row i and column j on in the upper triangle, row k, or with SWEPT
//                                         column k; beyond its order the matrix is an identity, below the diagonal it may be anything
//   keep(matrix, row, column, element, divisor)  without SWEPT, an element of U; divisor: on the diagonal, its reciprocal
// and leaves `squares`, and in `minors` of each team the order of the first leading minor that is not positive, or 0.
// Constants: T (real or complex), SIDE, QUADS, MEMBERS (teams of a workgroup), STEPS (a multiple of 4, to ORDER), SWEPT.
// Workgroup memory: 8 ORDER elements, and a word, for each team.
// Source: Golub and Van Loan, Matrix Computations, 4th ed., section 4.2; the sweep operator: A. P. Dempster, Elements of Continuous
// Multivariate Analysis, 1969, section 4.3.2; stability: G. Peters and J. H. Wilkinson, On the stability of Gauss-Jordan
// elimination with pivoting, Commun. ACM 18 (1975).

const TEAM = SIDE * SIDE;
const INVOCATIONS = TEAM * MEMBERS;
const ACROSS = SIDE * QUADS;  // squares
const ORDER = 4u * ACROSS;

var<workgroup> rows: array<array<array<Four, ACROSS>, 4>, MEMBERS>;
var<workgroup> minors: array<u32, MEMBERS>;
var<workgroup> solved: array<array<array<Four, ACROSS>, 4>, MEMBERS>;

// Square (p, q), by rows: those of q < p, and where p = q of a > b, mean nothing.
// scalars
var<private> squares: array<array<array<Four, 4>, QUADS>, QUADS>;

// a and b of an invocation: of neighbours those run along the rows of the triangle that is read; without SWEPT, invocations that are done,
// for their rows are, come to be whole subgroups.
fn row_of(lane: u32) -> u32 {
    return select(lane / SIDE, lane % SIDE, SWEPT);
}

fn column_of(lane: u32) -> u32 {
    return select(lane % SIDE, lane / SIDE, SWEPT);
}

fn load_squares(lane: u32, matrix: u32) {
    let a = row_of(lane);
    let b = column_of(lane);
    // unroll
    for (var p = 0u; p < QUADS; p++) {
        // unroll
        for (var q = p; q < QUADS; q++) {
            if (p < q || a <= b) {
                // unroll
                for (var k = 0u; k < 4u; k++) {
                    let four = load_four(matrix, 4u * (a + SIDE * p), 4u * (b + SIDE * q), k);
                    // unroll
                    for (var e = 0u; e < 4u; e++) {
                        if (SWEPT) {
                            squares[p][q][e][k] = four[e];
                        } else {
                            squares[p][q][k][e] = four[e];
                        }
                    }
                }
            }
        }
    }
}

fn eliminate(member: u32, lane: u32, matrix: u32) {
    let a = row_of(lane);
    let b = column_of(lane);
    if (lane == 0u) {
        minors[member] = 0u;
    }
    publish(0u, member, a, b);
    for (var panel = 0u; panel < STEPS / 4u; panel++) {
        workgroupBarrier();
        solve(panel, member, lane, matrix);
        workgroupBarrier();
        update(panel, member, a, b);
        publish(panel + 1u, member, a, b);
    }
}

fn publish(panel: u32, member: u32, a: u32, b: u32) {
    // unroll
    for (var p = 0u; p < QUADS; p++) {
        // unroll
        for (var q = p; q < QUADS; q++) {
            let i = a + SIDE * p;
            let j = b + SIDE * q;
            if (i == panel && (p < q || a <= b)) {
                // unroll
                for (var e = 0u; e < 4u; e++) {
                    rows[member][e][j] = squares[p][q][e];
                }
            }
            if (SWEPT && j == panel && (p < q || a < b)) {
                // unroll
                for (var e = 0u; e < 4u; e++) {
                    rows[member][e][i] = Four(conjugate(squares[p][q][0][e]), conjugate(squares[p][q][1][e]),
                                              conjugate(squares[p][q][2][e]), conjugate(squares[p][q][3][e]));
                }
            }
        }
    }
}

fn solve(panel: u32, member: u32, lane: u32, matrix: u32) {
    if (lane >= ORDER || (!SWEPT && ORDER <= TEAM && lane < 4u * panel)) {
        return;
    }
    // The factor of the panel's square, conjugated, and its diagonal.
    // scalars
    var u: array<array<T, 4>, 4>;
    // scalars
    var roots: array<F, 4>;
    // scalars
    var inverse_roots: array<F, 4>;
    var minor = 0u;
    // unroll
    for (var e = 0u; e < 4u; e++) {
        let row = rows[member][e][panel];
        var pivot = real_part(row[e]);
        // unroll
        for (var t = 0u; t < e; t++) {
            pivot -= squared_modulus(u[t][e]);
        }
        let is_positive = pivot > F(0) && !is_nan(pivot);
        minor = select(minor, 4u * panel + e + 1u, !is_positive && minor == 0u);
        // A root and a quotient take several times as long as this one operation, and a step of Newton's iteration for each.
        pivot = select(F(1), pivot, is_positive);
        let estimate = inverseSqrt(pivot);
        let product = pivot * estimate;
        roots[e] = fma(F(0.5) * estimate, fma(-product, product, pivot), product);
        inverse_roots[e] = fma(estimate, fma(-estimate, roots[e], F(1)), estimate);
        // unroll
        for (var f = e + 1u; f < 4u; f++) {
            u[e][f] = conjugate(row[f]);
            // unroll
            for (var t = 0u; t < e; t++) {
                u[e][f] = minus(u[e][f], times(conjugate(u[t][e]), u[t][f]));
            }
            u[e][f] = times_real(u[e][f], inverse_roots[e]);
        }
    }
    for (var column = lane; column < ORDER; column += TEAM) {
        let is_own = column / 4u == panel;
        if (column == 4u * panel && minor != 0u && minors[member] == 0u) {
            minors[member] = minor;
        }
        // scalars
        var value: array<T, 4>;
        // unroll
        for (var e = 0u; e < 4u; e++) {
            value[e] = rows[member][e][column / 4u][column % 4u];
            if (SWEPT && is_own) {
                value[e] = of_real(select(F(0), F(-1), column % 4u == e));
            }
        }
        // unroll
        for (var e = 0u; e < 4u; e++) {
            // unroll
            for (var t = 0u; t < e; t++) {
                value[e] = minus(value[e], times(u[t][e], value[t]));
            }
            value[e] = times_real(value[e], inverse_roots[e]);
            solved[member][e][column / 4u][column % 4u] = value[e];
        }
        if (!SWEPT && column >= 4u * panel) {
            // unroll
            for (var e = 0u; e < 4u; e++) {
                if (column == 4u * panel + e) {
                    keep(matrix, column, column, of_real(roots[e]), of_real(inverse_roots[e]));
                } else if (column > 4u * panel + e) {
                    keep(matrix, 4u * panel + e, column, value[e], value[e]);
                }
            }
        }
    }
}

fn update(panel: u32, member: u32, a: u32, b: u32) {
    // unroll
    for (var p = 0u; p < QUADS; p++) {
        let i = a + SIDE * p;
        if (SWEPT || i > panel) {
            // scalars
            var left: array<Four, 4>;
            // unroll
            for (var e = 0u; e < 4u; e++) {
                left[e] = solved[member][e][i];
            }
            // unroll
            for (var q = p; q < QUADS; q++) {
                let j = b + SIDE * q;
                // scalars
                var right: array<Four, 4>;
                // unroll
                for (var e = 0u; e < 4u; e++) {
                    right[e] = solved[member][e][j];
                }
                let is_cleared = SWEPT && (i == panel || j == panel);
                // unroll
                for (var r = 0u; r < 4u; r++) {
                    if (is_cleared) {
                        squares[p][q][r] = Four();
                    }
                    // unroll
                    for (var e = 0u; e < 4u; e++) {
                        squares[p][q][r] = plus_multiple(squares[p][q][r], minus(T(), conjugate(left[e][r])), right[e]);
                    }
                }
            }
        }
    }
}
