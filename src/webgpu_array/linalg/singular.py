"""Singular values and vectors, and what follows from them: pseudoinverses and ranks.

Source: https://data-apis.org/array-api/2025.12/extensions/linear_algebra_functions.html
"""

from __future__ import annotations

from typing import NamedTuple

from ..dtypes import default_integer, real_of
from ..execute import fill, run
from ..ops.checks import check_same_device
from ..ops.creation import eye, full
from ..ops.data_types import finfo
from ..ops.elementwise import astype, greater, multiply
from ..ops.manipulation import broadcast_to, expand_dims
from ..ops.statistical import sum
from ..spectral_plans import PseudoInverse, SingularValues, SingularVectors
from ..tensor import Tensor, allocate
from .checks import batch_of, check_floating, check_matrices
from .products import matrix_transpose
from .spectra import Rotated, orthogonalized


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
    lead, batch = batch_of(x)
    m, n = x.shape[-2:]
    if not x.size:
        return _empty_svd(x, full_matrices)
    is_wide = m < n
    columns = orthogonalized("svd", x, vectors=True)
    n_left = columns.m if full_matrices else columns.n
    left = allocate((*lead, n_left, columns.m), x.dtype, x.device)
    right = allocate((*lead, columns.n, columns.n), x.dtype, x.device)
    values = allocate((*lead, columns.n), real_of(x.dtype), x.device)
    # Vectors lie in rows. Those of a wide matrix are those of its adjoint, with their parts exchanged.
    plan = SingularVectors(
        x.dtype, columns.m, columns.n, n_left, batch, conjugated="left" if is_wide else "right"
    )
    run(plan, (left, values, right, columns.columns, columns.scale), x.device)
    u, vh = (right, left) if is_wide else (left, right)
    return SVDResult(matrix_transpose(u), values, vh)


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
    out = allocate((*lead, n, m), x.dtype, x.device)
    if out.size:
        columns = orthogonalized("pinv", x, vectors=True)
        plan = PseudoInverse(x.dtype, columns.m, columns.n, batch, adjoint=m < n)
        run(plan, (out, columns.columns, columns.scale, tolerance), x.device)
    return out


def _values(function: str, x: Tensor) -> Tensor:
    lead, batch = batch_of(x)
    out = allocate((*lead, min(x.shape[-2:])), real_of(x.dtype), x.device)
    if out.size:
        columns: Rotated = orthogonalized(function, x, vectors=False)
        plan = SingularValues(x.dtype, columns.m, columns.n, batch, vectors=False)
        run(plan, (out, columns.columns, columns.scale), x.device)
    return out


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
    return broadcast_to(eye(rows, columns, dtype=x.dtype, device=x.device), (*lead, rows, columns))


def _tolerance(function: str, x: Tensor, rtol: float | Tensor | None) -> Tensor:
    """``rtol`` for each matrix of ``x``, in the dtype of its parts."""
    lead, _ = batch_of(x)
    dtype = real_of(x.dtype)
    if rtol is None:
        rtol = max(x.shape[-2:]) * finfo(dtype).eps
    if isinstance(rtol, int | float):
        return full(lead, rtol, dtype=dtype, device=x.device)
    check_floating(function, rtol, "rtol")
    check_same_device(function, x, rtol)
    try:
        return broadcast_to(astype(rtol, dtype, copy=False), lead)
    except ValueError:
        raise ValueError(
            f"{function}: rtol must be a number or broadcast to {lead}, the batch axes of x, not have shape {rtol.shape}"
        ) from None
