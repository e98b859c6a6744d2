// What the passes of the blocked Gauss-Jordan inverse share.
//
// The matrix in `work` is inverted in place, as gauss_jordan_workgroup.wgsl does it, but PANEL steps
// at a time. With p the pivot row of step s, and f[i, s] = -work[i, s] / work[p, s] as it stands then:
//
//     panel    takes the PANEL steps on its own columns, and keeps every f[i, s];
//     forward  brings the pivot rows' other columns to the state that they have when they are pivots:
//              u[s] = work[p, J] + sum over t < s of f[p, t] u[t];
//     update   does the steps on all other columns: work[i, J] += sum over s of f[i, s] u[s], where
//              a row that became a pivot in step s starts from u[s] and takes the later steps only.
//
// Nothing is multiplied by the inverse of a diagonal block, which would lose the right residual of
// ill-conditioned matrices. Rows never move and are scaled at the end:
// A⁻¹[k, pivot_of[j]] = work[pivot_of[k], j] scale[pivot_of[k]].
// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4;
// Quintana-Ortí et al., A note on parallel matrix inversion, SIAM J. Sci. Comput. 22 (2001).

// A row that was no pivot yet.
const UNUSED = 0xffffffffu;
