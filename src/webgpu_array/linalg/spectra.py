"""Pseudoinverses and singular values, both by one-sided Jacobi rotations.

Source: https://data-apis.org/array-api/2025.12/extensions/linear_algebra_functions.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ..dtypes import int32
from ..errors import LinAlgError
from ..execute import run
from ..ops.checks import check_same_device
from ..ops.creation import full
from ..ops.data_types import finfo
from ..ops.elementwise import astype
from ..ops.manipulation import broadcast_to
from ..linalg_plans import JacobiLoad, JacobiSweep, PseudoInverse, SingularValues
from ..tensor import Tensor, allocate
from .checks import batch_of, check_floating, check_matrices, first_flagged, which_matrix

# Convergence is quadratic: 6 to 10 sweeps do for any matrix that is not contrived.
_MOST_SWEEPS = 40


def pinv(x: Tensor, /, *, rtol: float | Tensor | None = None) -> Tensor:
    """The Moore-Penrose pseudoinverse of each matrix of ``x``.

    x: (..., M, N) float32 or float64; rtol: a number, or (...) floating-point that broadcasts to
    x's batch axes: singular values up to rtol times the largest count as zero; by default
    max(M, N) times the dtype's epsilon. Returns (..., N, M) of x's dtype, NaN for a matrix that
    holds NaN or Inf.

    Raises TypeError for another dtype, LinAlgError when the rotations do not converge.

    Waits for the device after every sweep of rotations, to learn whether another is needed.
    """
    check_matrices("pinv", x, axes="m, n")
    lead, batch = batch_of(x)
    m, n = x.shape[-2:]
    tolerance = _tolerance(x, rtol)
    out = allocate((*lead, n, m), x.dtype, x.device)
    if out.size:
        columns = _orthogonalized("pinv", x)
        plan = PseudoInverse(x.dtype, max(m, n), min(m, n), batch, transposed=m < n)
        run(plan, (out, columns.w, columns.v, columns.scale, tolerance), x.device)
    return out


def svdvals(x: Tensor, /) -> Tensor:
    """The singular values of each matrix of ``x``, the largest first.

    x: (..., M, N) float32 or float64. Returns (..., min(M, N)) of x's dtype, NaN for a matrix that
    holds NaN or Inf. Errors are relative to the largest.

    Raises TypeError for another dtype, LinAlgError when the rotations do not converge.

    Waits for the device after every sweep of rotations, to learn whether another is needed.
    """
    check_matrices("svdvals", x, axes="m, n")
    lead, batch = batch_of(x)
    m, n = x.shape[-2:]
    out = allocate((*lead, min(m, n)), x.dtype, x.device)
    if out.size:
        columns = _orthogonalized("svdvals", x)
        run(SingularValues(x.dtype, max(m, n), min(m, n), batch), (out, columns.w, columns.scale), x.device)
    return out


@dataclass(frozen=True, slots=True)
class _Columns:
    """W = scale · A V, of orthogonal columns, and V; or of Aᵀ, where A is wide. Both by columns."""

    w: Tensor
    v: Tensor
    scale: Tensor


def _orthogonalized(function: str, x: Tensor) -> _Columns:
    """Rotates the columns of each matrix, or its rows if those are fewer, until they are orthogonal."""
    lead, batch = batch_of(x)
    rows, columns = x.shape[-2:]
    m, n, device = max(rows, columns), min(rows, columns), x.device
    w = allocate((batch, n, m), x.dtype, device)
    v = allocate((batch, n, n), x.dtype, device)
    scale = allocate((batch,), x.dtype, device)
    run(JacobiLoad(x.dtype, m, n, batch, transposed=rows < columns), (w, v, scale, x), device)
    rotated = allocate((batch,), int32, device)
    for _ in range(_MOST_SWEEPS):
        run(JacobiSweep(x.dtype, m, n, batch), (w, v, rotated), device)
        index, is_rotated = first_flagged(rotated)
        if not is_rotated:
            return _Columns(w, v, scale)
    raise LinAlgError(
        f"{function}: {which_matrix(index, lead)}, with shape {(rows, columns)}, "
        f"has not converged after {_MOST_SWEEPS} sweeps of rotations; scale its columns alike"
    )


def _tolerance(x: Tensor, rtol: float | Tensor | None) -> Tensor:
    """``rtol`` for each matrix of ``x``, in its dtype."""
    lead, _ = batch_of(x)
    if rtol is None:
        rtol = max(x.shape[-2:]) * finfo(x.dtype).eps
    if isinstance(rtol, int | float):
        return full(lead, rtol, dtype=x.dtype, device=x.device)
    check_floating("pinv", rtol, "rtol")
    check_same_device("pinv", x, rtol)
    try:
        return broadcast_to(astype(rtol, x.dtype, copy=False), lead)
    except ValueError:
        raise ValueError(
            f"pinv: rtol must be a number or broadcast to {lead}, the batch axes of x, not have shape {rtol.shape}"
        ) from None
