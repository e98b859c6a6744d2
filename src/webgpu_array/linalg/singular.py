"""Singular values and vectors, and what follows from them: pseudoinverses and ranks.

Source: https://data-apis.org/array-api/2025.12/extensions/linear_algebra_functions.html
"""

from __future__ import annotations

from numbers import Real
from typing import NamedTuple

from ..dtypes import default_integer, real_of
from ..execute import fill, run
from ..ops.checks import check_same_device
from ..ops.creation import eye, full
from ..ops.data_types import finfo
from ..ops.elementwise import astype, conj, greater, multiply
from ..ops.manipulation import broadcast_to, concat, cut_axis, duplicate, expand_dims
from ..ops.statistical import sum
from ..plans.spectral import PseudoInverse, SingularValues, SingularVectors
from ..tensor import Tensor, allocate
from .checks import batch_of, check_floating, check_matrices
from .factorizations import qr
from .products import matmul, matrix_transpose
from .spectra import orthogonalized

# Fewer rows than this are rotated in less time than a factorization takes.
_TALL = 64


class SVDResult(NamedTuple):
    """What ``svd`` returns: ``U`` (..., M, M) or (..., M, K), ``S`` (..., K), ``Vh`` (..., N, N) or (..., K, N)."""

    U: Tensor
    S: Tensor
    Vh: Tensor


def svd(x: Tensor, /, *, full_matrices: bool = True) -> SVDResult:
    """The singular value decomposition x = U diag(S) Vh of each matrix of ``x``.

    x: (..., M, N) floating-point; K = min(M, N). Returns U (..., M, M), S (..., K), the largest first, and
    Vh (..., N, N); where not ``full_matrices``, U (..., M, K) and Vh (..., K, N). U and Vh have x's dtype, S that
    of its parts. Columns of U and rows of Vh are orthonormal, also where singular values are zero. Errors are
    relative to the largest singular value. A matrix that holds NaN or Inf has NaN for all three.

    Raises ValueError below two axes, TypeError for another dtype, LinAlgError when the rotations do not converge.

    Waits for the device after every second sweep of rotations, to learn whether another is needed.
    """
    check_matrices("svd", x, axes="M, N")
    if not x.size:
        return _empty_svd(x, full_matrices)
    m, n = x.shape[-2:]
    if m < n:
        of_adjoint = svd(_adjoint(x), full_matrices=full_matrices)
        return SVDResult(_adjoint(of_adjoint.Vh), of_adjoint.S, _adjoint(of_adjoint.U))
    return _completed_svd(x) if full_matrices and m > n else _reduced_svd(x)


def svdvals(x: Tensor, /) -> Tensor:
    """The singular values of each matrix of ``x``, the largest first.

    x: (..., M, N) floating-point. Returns (..., min(M, N)) of the dtype of x's parts, NaN for a matrix that
    holds NaN or Inf. Errors are relative to the largest.

    Raises ValueError below two axes, TypeError for another dtype, LinAlgError when the rotations do not converge.

    Waits for the device after every second sweep of rotations, to learn whether another is needed.
    """
    check_matrices("svdvals", x, axes="M, N")
    return _values("svdvals", x)


def matrix_rank(x: Tensor, /, *, rtol: float | Tensor | None = None) -> Tensor:
    """The number of singular values above ``rtol`` times the largest, for each matrix of ``x``.

    x: (..., M, N) floating-point; rtol: as in ``pinv``. Returns (...) of the default integer dtype, 0 for a
    matrix that holds NaN or Inf. Raises and waits as ``pinv``.
    """
    check_matrices("matrix_rank", x, axes="M, N")
    lead, _ = batch_of(x)
    integer = default_integer(x.device)
    tolerance = _tolerance("matrix_rank", x, rtol)
    values = _values("matrix_rank", x)
    if not values.size:
        ranks = allocate(lead, integer, x.device)
        if ranks.size:
            fill(ranks, 0)
        return ranks
    largest = values.view(lead, values.strides[:-1])
    cutoff = expand_dims(multiply(largest, tolerance), axis=-1)
    return sum(astype(greater(values, cutoff), integer), axis=-1, dtype=integer)


def pinv(x: Tensor, /, *, rtol: float | Tensor | None = None) -> Tensor:
    """The Moore-Penrose pseudoinverse of each matrix of ``x``.

    x: (..., M, N) floating-point; rtol: a number, or (...) real floating-point that broadcasts to
    x's batch axes: singular values up to rtol times the largest count as zero; by default
    max(M, N) times the dtype's epsilon. Returns (..., N, M) of x's dtype, NaN for a matrix that
    holds NaN or Inf.

    Raises TypeError for another dtype, ValueError below two axes and for an rtol that does not broadcast,
    LinAlgError when the rotations do not converge.

    Waits for the device after every second sweep of rotations, to learn whether another is needed.
    """
    check_matrices("pinv", x, axes="M, N")
    lead, batch = batch_of(x)
    m, n = x.shape[-2:]
    tolerance = _tolerance("pinv", x, rtol)
    if not x.size:
        return allocate((*lead, n, m), x.dtype, x.device)
    if m < n:
        return _adjoint(pinv(_adjoint(x), rtol=tolerance))
    if _is_tall(x):
        q, r = qr(x)
        return matmul(pinv(r, rtol=tolerance), _adjoint(q))
    out = allocate((*lead, n, m), x.dtype, x.device)
    found = orthogonalized("pinv", x, vectors=True)
    run(PseudoInverse(x.dtype, m, n, batch), (out, found.columns, found.scale, tolerance), x.device)
    return out


def _values(function: str, x: Tensor) -> Tensor:
    lead, batch = batch_of(x)
    m, n = x.shape[-2:]
    if m < n:
        # Their conjugates have the same.
        return _values(function, matrix_transpose(x))
    if x.size and _is_tall(x):
        return _values(function, qr(x).R)
    out = allocate((*lead, n), real_of(x.dtype), x.device)
    if out.size:
        found = orthogonalized(function, x, vectors=False)
        run(SingularValues(x.dtype, m, n, batch, vectors=False), (out, found.columns, found.scale), x.device)
    return out


def _reduced_svd(x: Tensor) -> SVDResult:
    """The decomposition of matrices with as many rows as columns or more, without completing U."""
    if _is_tall(x):
        q, r = qr(x)
        u, s, vh = _reduced_svd(r)
        return SVDResult(matmul(q, duplicate(u)), s, vh)
    lead, batch = batch_of(x)
    m, n = x.shape[-2:]
    left = allocate((*lead, n, m), x.dtype, x.device)
    right = allocate((*lead, n, n), x.dtype, x.device)
    values = allocate((*lead, n), real_of(x.dtype), x.device)
    found = orthogonalized("svd", x, vectors=True)
    run(SingularVectors(x.dtype, m, n, batch), (left, values, right, found.columns, found.scale), x.device)
    return SVDResult(matrix_transpose(left), values, right)


def _completed_svd(x: Tensor) -> SVDResult:
    """The decomposition of matrices with more rows than columns, through R of x = QR: the rest of Q completes U."""
    m, n = x.shape[-2:]
    rows, columns = x.ndim - 2, x.ndim - 1
    q, r = qr(x, mode="complete")
    u, s, vh = _reduced_svd(cut_axis(r, rows, 0, n))
    rotated = matmul(cut_axis(q, columns, 0, n), u)
    return SVDResult(concat((rotated, cut_axis(q, columns, n, m)), axis=-1), s, vh)


def _is_tall(x: Tensor) -> bool:
    """Whether it is better to rotate the columns of R of x = QR: every sweep of rotations passes over all of them."""
    m, n = x.shape[-2:]
    return m >= max(_TALL, 2 * n)


def _adjoint(x: Tensor) -> Tensor:
    transposed = matrix_transpose(x)
    return conj(transposed) if x.dtype.is_complex else transposed


def _empty_svd(x: Tensor, full_matrices: bool) -> SVDResult:
    """No matrices, or matrices without rows or columns: any basis will do, the identity's."""
    lead, _ = batch_of(x)
    m, n = x.shape[-2:]
    k = min(m, n)
    values = allocate((*lead, k), real_of(x.dtype), x.device)
    return SVDResult(
        _identities(x, m, m if full_matrices else k), values, _identities(x, n if full_matrices else k, n)
    )


def _identities(x: Tensor, rows: int, columns: int) -> Tensor:
    lead, _ = batch_of(x)
    identity = eye(rows, columns, dtype=x.dtype, device=x.device)
    return duplicate(broadcast_to(identity, (*lead, rows, columns)))


def _tolerance(function: str, x: Tensor, rtol: float | Tensor | None) -> Tensor:
    """``rtol`` for each matrix of ``x``, in the dtype of its parts."""
    lead, _ = batch_of(x)
    dtype = real_of(x.dtype)
    if rtol is None:
        rtol = max(x.shape[-2:]) * finfo(dtype).eps
    if isinstance(rtol, float | Real):
        return full(lead, float(rtol), dtype=dtype, device=x.device)
    check_floating(function, rtol, "rtol")
    check_same_device(function, x, rtol)
    try:
        return broadcast_to(astype(rtol, dtype, copy=False), lead)
    except ValueError:
        raise ValueError(
            f"{function}: rtol must be a number or broadcast to {lead}, the batch axes of x, not have shape {rtol.shape}"
        ) from None
