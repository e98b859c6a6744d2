"""Linear systems and determinants, both by LU factorization with partial pivoting.

Source: https://data-apis.org/array-api/2025.12/extensions/linear_algebra_functions.html
"""

from __future__ import annotations

from typing import NamedTuple

from ..dtypes import int32, real_of
from ..errors import LinAlgError
from ..execute import run
from ..ops.checks import check_same_device, common_dtype
from ..ops.elementwise import astype
from ..ops.manipulation import broadcast_to
from ..plans.linalg import Determinant, Solve
from ..shapes import Shape, broadcast_shapes
from ..tensor import Tensor, allocate
from .checks import batch_of, check_inexact, check_matrices, check_square, first_flagged, which_matrix


class SlogdetResult(NamedTuple):
    """What ``slogdet`` returns: (...) of x's dtype and (...) of the type of its real parts."""

    sign: Tensor
    logabsdet: Tensor


def solve(x1: Tensor, x2: Tensor, /) -> Tensor:
    """The solution of x1 @ out = x2 for each matrix of ``x1``.

    x1: (..., M, M); x2: (M,), one right-hand side, or (..., M, K), whose batch axes broadcast
    with x1's; floating-point, real or complex. Returns (..., M) or (..., M, K) of the promoted dtype.

    Raises LinAlgError when a matrix is exactly singular, naming the first one of the batch, or
    when the last two axes of x1 differ; ValueError for shapes that do not go together, TypeError
    for another dtype. A matrix that holds NaN or Inf has a solution of NaN, without complaint, and
    so has a right-hand side that does.

    Waits for the device, to learn whether to raise.
    """
    check_matrices("solve", x1, "x1")
    check_square("solve", x1, "x1")
    check_inexact("solve", x2, "x2")
    check_same_device("solve", x1, x2)
    n = x1.shape[-1]
    is_vector = x2.ndim == 1
    if x2.ndim == 0 or x2.shape[0 if is_vector else -2] != n:
        raise ValueError(
            f"solve: x2 must have shape ({n},) or (..., {n}, K) for x1 with shape {x1.shape}, not {x2.shape}"
        )
    n_rhs = 1 if is_vector else x2.shape[-1]
    lead = x1.shape[:-2] if is_vector else _common_batch(x1, x2)
    dtype = common_dtype("solve", x1, x2)
    out = allocate((*lead, n, n_rhs), dtype, x1.device)
    if out.size:
        matrices = broadcast_to(astype(x1, dtype, copy=False), (*lead, n, n))
        # A vector counts as one column.
        columns = x2.view((n, 1), (*x2.strides, 1)) if is_vector else x2
        _solve(out, matrices, broadcast_to(astype(columns, dtype, copy=False), out.shape))
    return out.view((*lead, n), out.strides[:-1]) if is_vector else out


def det(x: Tensor, /) -> Tensor:
    """The determinant of each matrix of ``x``.

    x: (..., n, n) floating-point, real or complex. Returns (...) of the same dtype: 0 for a singular matrix,
    1 for n = 0, NaN for a matrix that holds NaN or Inf. No intermediate overflows or underflows;
    the result does where its dtype cannot hold it, see ``slogdet``.

    Raises LinAlgError when the last two axes differ, TypeError for another dtype. Does not wait.
    """
    determinant, _, _ = _determinant("det", x)
    return determinant


def slogdet(x: Tensor, /) -> SlogdetResult:
    """Sign and natural logarithm of the magnitude of each determinant.

    x: (..., n, n) floating-point, real or complex. Returns ``sign`` (...), 0 or of magnitude 1, in x's dtype, and
    ``logabsdet`` (...), real, -inf for a singular matrix; both NaN for a matrix that holds NaN or Inf.

    Raises LinAlgError when the last two axes differ, TypeError for another dtype. Does not wait.
    """
    _, sign, logabsdet = _determinant("slogdet", x)
    return SlogdetResult(sign, logabsdet)


def _common_batch(x1: Tensor, x2: Tensor) -> Shape:
    try:
        return broadcast_shapes(x1.shape[:-2], x2.shape[:-2])
    except ValueError:
        raise ValueError(
            f"solve: the batch axes of x1 with shape {x1.shape} and of x2 with shape {x2.shape} do not broadcast"
        ) from None


def _solve(out: Tensor, x1: Tensor, x2: Tensor) -> None:
    """Fills ``out``, of one shape with ``x2``. Raises for a singular matrix, and waits to know."""
    lead, batch = batch_of(x1)
    info = allocate((batch,), int32, out.device)
    run(Solve(out.dtype, x1.shape[-1], out.shape[-1], batch), (out, info, x1, x2), out.device)
    index, step = first_flagged(info)
    if step:
        raise LinAlgError(f"solve: {which_matrix(index, lead)} is singular: the pivot of step {step} is zero")


def _determinant(function: str, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Determinant, its sign, and the logarithm of its magnitude."""
    check_matrices(function, x)
    check_square(function, x)
    lead, batch = batch_of(x)
    determinant, sign = (allocate(lead, x.dtype, x.device) for _ in range(2))
    logabsdet = allocate(lead, real_of(x.dtype), x.device)
    if batch:
        run(Determinant(x.dtype, x.shape[-1], batch), (determinant, sign, logabsdet, x), x.device)
    return determinant, sign, logabsdet
