"""Cholesky and QR factorizations.

Source: https://data-apis.org/array-api/2025.12/extensions/linear_algebra_functions.html
"""

from __future__ import annotations

from typing import NamedTuple

from ..dtypes import int32
from ..errors import LinAlgError
from ..execute import run
from ..ops.creation import eye, zeros
from ..ops.manipulation import broadcast_to, concat, cut_axis, duplicate, reshape
from ..plans.linalg import QR, Cholesky
from ..tensor import Tensor, allocate
from ..tuner.choice import default
from .checks import batch_of, check_matrices, check_square, first_flagged, not_positive, which_matrix
from .products import matmul

# Fewer rows than this are soon visited by the one workgroup that has a matrix of qr_blocked. A software adapter, which ends all loops
# of a shader after 65,535 rounds together, allows 28,000. Blocks have as many rows as this, or four times as many as columns.
_LONG, _ROWS = 8192, 1024


class QRResult(NamedTuple):
    """What ``qr`` returns: (..., M, K) with orthonormal columns, and (..., K, N), upper triangular."""

    Q: Tensor
    R: Tensor


def cholesky(x: Tensor, /, *, upper: bool = False) -> Tensor:
    """The lower triangular L of x = L Lᴴ for each matrix of ``x``, or the upper triangular U of x = Uᴴ U.

    x: (..., n, n) floating-point, symmetric or Hermitian: only the triangle that is asked for is read, and of
    its diagonal the real parts. Returns the same shape and dtype, zero in the other triangle.

    Raises LinAlgError when a matrix is not positive definite, which one that holds NaN is not, naming the first
    one of the batch and its first leading minor that is not positive, or when the last two axes differ;
    TypeError for another dtype.

    Waits for the device, to learn whether to raise.
    """
    check_matrices("cholesky", x)
    check_square("cholesky", x)
    lead, batch = batch_of(x)
    out = allocate(x.shape, x.dtype, x.device)
    if not out.size:
        return out
    info = allocate((batch,), int32, x.device)
    run(Cholesky(x.dtype, x.shape[-1], batch, bool(upper)), (out, info, x), x.device)
    index, order = first_flagged(info)
    if order:
        raise LinAlgError(f"cholesky: {not_positive(which_matrix(index, lead), order)}")
    return out


def qr(x: Tensor, /, *, mode: str = "reduced") -> QRResult:
    """Q and R of x = Q R for each matrix of ``x``: orthonormal columns, and an upper triangular matrix.

    x: (..., M, N) floating-point, real or complex. Returns (..., M, K) and (..., K, N) of the same dtype,
    K = min(M, N), or M for ``mode="complete"``. The diagonal of R is real, of either sign. A matrix that holds
    NaN or Inf has NaN in its factors.

    Raises ValueError for another mode and below two axes, TypeError for another dtype. Does not wait.
    """
    if mode not in ("reduced", "complete"):
        raise ValueError(f"qr: mode must be 'reduced' or 'complete', not {mode!r}")
    check_matrices("qr", x, axes="m, n")
    lead, batch = batch_of(x)
    m, n = x.shape[-2:]
    k = m if mode == "complete" else min(m, n)
    if not x.size:
        identity = eye(m, k, dtype=x.dtype, device=x.device)
        return QRResult(duplicate(broadcast_to(identity, (*lead, m, k))), allocate((*lead, k, n), x.dtype, x.device))
    plan = QR(x.dtype, m, n, batch, mode == "complete")
    if k == n and m >= max(_LONG, 16 * n) and default(plan, x.device).kernel.name == "qr_blocked":
        return _in_blocks(x, max(_ROWS, 4 * n))
    result = QRResult(allocate((*lead, m, k), x.dtype, x.device), allocate((*lead, k, n), x.dtype, x.device))
    run(plan, (*result, x), x.device)
    return result


def _in_blocks(x: Tensor, rows: int) -> QRResult:
    """The factors of long matrices: those of blocks of ``rows`` rows, then those of the triangles of a matrix, one below the other.

    Source: Demmel, Grigori, Hoemmen and Langou, Communication-optimal parallel and sequential QR and LU factorizations,
    SIAM J. Sci. Comput. 34 (2012) A206-A239.
    """
    *lead, m, n = x.shape
    blocks = -(-m // rows)
    missing = zeros((*lead, blocks * rows - m, n), dtype=x.dtype, device=x.device)
    q, r = qr(reshape(concat((x, missing), axis=-2), (*lead, blocks, rows, n)))
    upper_q, upper_r = qr(reshape(r, (*lead, blocks * n, n)))
    q = reshape(matmul(q, reshape(upper_q, (*lead, blocks, n, n))), (*lead, blocks * rows, n))
    return QRResult(cut_axis(q, x.ndim - 2, 0, m), upper_r)
