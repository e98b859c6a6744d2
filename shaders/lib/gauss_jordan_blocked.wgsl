// What the passes of the blocked Gauss-Jordan inverse share.
//
// The matrix in `work` is inverted in place, PANEL columns at a time. With K the columns of a panel,
// P the rows that become its pivots, D = work[P, K], and everything on the right an old value:
//
//     work[i, K] = -work[i, K] D⁻¹ for i not in P,    work[P, K] = D⁻¹         (panel)
//     work[i, J] = work[i, J] + work[i, K] work[P, J] for i not in P,
//     work[P, J] = work[P, K] work[P, J]               for the other columns J  (update)
//
// Rows never move; A⁻¹[k, pivot_of[j]] = work[pivot_of[k], j] at the end.
// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4;
// Quintana-Ortí et al., A note on parallel matrix inversion, SIAM J. Sci. Comput. 22 (2001).

// A row that was no pivot yet.
const UNUSED = 0xffffffffu;
