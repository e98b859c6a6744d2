"""Eigenvalues and eigenvectors of Hermitian matrices.

Source: https://data-apis.org/array-api/2025.12/extensions/linear_algebra_functions.html
"""

from __future__ import annotations

from typing import NamedTuple

from ..dtypes import real_of
from ..execute import run
from ..plans.spectral import HermitianValues, HermitianVectors
from ..tensor import Tensor, allocate
from .checks import batch_of, check_matrices, check_square
from .products import matrix_transpose
from .spectra import diagonalized


class EighResult(NamedTuple):
    """What ``eigh`` returns: ``eigenvalues`` (..., M) and ``eigenvectors`` (..., M, M)."""

    eigenvalues: Tensor
    eigenvectors: Tensor


def eigh(x: Tensor, /) -> EighResult:
    """Eigenvalues, the smallest first, and orthonormal eigenvectors of each Hermitian (or real symmetric) matrix.

    x: (..., M, M) floating-point, of which only the triangle on and below the diagonal is looked at. Returns
    eigenvalues (..., M) of the dtype of x's parts, and (..., M, M) of x's dtype with an eigenvector in every column.
    Errors are relative to the largest eigenvalue. A matrix that holds NaN or Inf has NaN for both.

    Raises ValueError below two axes, TypeError for another dtype, LinAlgError when the last two axes differ or the
    rotations do not converge.

    Waits for the device after every second sweep of rotations, to learn whether another is needed.
    """
    _check("eigh", x)
    _, batch = batch_of(x)
    values = allocate(x.shape[:-1], real_of(x.dtype), x.device)
    vectors = allocate(x.shape, x.dtype, x.device)
    if x.size:
        diagonal = diagonalized("eigh", x, vectors=True)
        plan = HermitianVectors(x.dtype, diagonal.n, batch)
        run(plan, (values, vectors, diagonal.columns, diagonal.scale), x.device)
    return EighResult(values, matrix_transpose(vectors))


def eigvalsh(x: Tensor, /) -> Tensor:
    """Eigenvalues of each Hermitian (or real symmetric) matrix, the smallest first: (..., M).

    x, errors and waiting are as in ``eigh``.
    """
    _check("eigvalsh", x)
    _, batch = batch_of(x)
    values = allocate(x.shape[:-1], real_of(x.dtype), x.device)
    if x.size:
        diagonal = diagonalized("eigvalsh", x, vectors=False)
        plan = HermitianValues(x.dtype, diagonal.n, batch)
        run(plan, (values, diagonal.columns, diagonal.scale), x.device)
    return values


def _check(function: str, x: Tensor) -> None:
    check_matrices(function, x, axes="M, M")
    check_square(function, x)
