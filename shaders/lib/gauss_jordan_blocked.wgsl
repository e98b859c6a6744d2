// What the passes of the blocked Gauss-Jordan inverse share.
//
// The matrix in `work` is inverted in place, with implicit row pivoting, a block of BLOCK columns at a time and in
// it a panel of PANEL. A step s has a pivot row p, and takes it to every other row: with f[i, s] = -work[i, s] / work[p, s]
// as it stands then, row i becomes row i + f[i, s] u[s], where u[s] is row p at that time. So for a panel
//
//     choose    finds the pivot rows, u[s] on the panel's own columns, and u[s] on the block's other columns:
//               u[s] = row p[s] + sum over t < s of f[p[s], t] u[t];
//     eliminate computes f[i, s] for every row, and brings all columns of the block up to date;
//
// and when the block is done
//
//     forward   computes u[s] on the columns outside the block, from the lower triangle f[p[s], t];
//     update    brings those up to date: a matrix product.
//
// Columns that are finished take over the places of those they come from: on them, row p[s] counts as the
// unit vector that has its 1 at s. A row that became a pivot in step s starts from u[s] and takes the later steps only.
// Nothing is multiplied by the inverse of a diagonal block, which would lose the right residual of
// ill-conditioned matrices. Rows never move and are scaled at the end:
// A⁻¹[k, pivot_of[j]] = work[pivot_of[k], j] scale[pivot_of[k]], with pivot_of the second half of step_of.
//
// LU factorizations run the same passes without Jordan's half: rows that are pivots already take nothing, so that row
// pivot_of[s] ends as row s of U, and only columns right of a block are updated, among them right-hand sides, which end as L⁻¹ of them.
//
// `work` is padded with zeros to `ld` rows and columns, a multiple of BLOCK, so that only the first and the last pass know the order n.
// Its rows are `pitch` elements apart, right-hand sides included.
// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4;
// Quintana-Ortí et al., A note on parallel matrix inversion, SIAM J. Sci. Comput. 22 (2001).

// A row that was no pivot yet, and a place where no row was chosen.
const UNUSED = 0xffffffffu;
