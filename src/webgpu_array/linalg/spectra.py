"""Jacobi rotations until nothing is left to rotate: what singular values and eigenvalues have in common."""

from __future__ import annotations

from dataclasses import dataclass

from ..dtypes import int32, real_of
from ..errors import LinAlgError
from ..execute import fill, run
from ..plans.spectral import HermitianSweeps, JacobiLoad, JacobiSweeps, height
from ..tensor import Tensor, allocate
from .checks import batch_of, first_flagged, which_matrix

# Convergence is quadratic: 6 to 12 sweeps do, or 30 where many eigenvalues are equal to one of two or three.
_MOST_SWEEPS = 100

# One sweep more than necessary takes less than waiting for the device does.
_SWEEPS_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Rotated:
    """Columns after the rotations, with the operands and the sizes of ``plans.spectral``."""

    columns: Tensor
    scale: Tensor
    m: int
    n: int
    batch: int
    vectors: bool


def orthogonalized(function: str, x: Tensor, *, vectors: bool) -> Rotated:
    """Rotates the columns of each matrix, at most as many as rows, until they are orthogonal.

    Raises LinAlgError, naming ``function`` and a matrix, where that takes too many sweeps. Waits for the device
    after every second sweep, to learn whether another is needed.
    """
    found = _loaded(x, hermitian=False, vectors=vectors)
    _rotate(function, JacobiSweeps(x.dtype, found.m, found.n, found.batch, vectors, _SWEEPS_AT_ONCE), found, x)
    return found


def diagonalized(function: str, x: Tensor, *, vectors: bool) -> Rotated:
    """Rotates columns and rows of each Hermitian matrix until it is diagonal. Raises and waits as above."""
    found = _loaded(x, hermitian=True, vectors=vectors)
    _rotate(function, HermitianSweeps(x.dtype, found.n, found.batch, vectors, _SWEEPS_AT_ONCE), found, x)
    return found


def _loaded(x: Tensor, *, hermitian: bool, vectors: bool) -> Rotated:
    """What the rotations start from."""
    _, batch = batch_of(x)
    m, n = x.shape[-2:]
    columns = allocate((batch, n, height(m, n, vectors)), x.dtype, x.device)
    scale = allocate((batch,), real_of(x.dtype), x.device)
    run(JacobiLoad(x.dtype, m, n, batch, hermitian, vectors), (columns, scale, x), x.device)
    return Rotated(columns, scale, m, n, batch, vectors)


def _rotate(function: str, plan: JacobiSweeps | HermitianSweeps, loaded: Rotated, x: Tensor) -> None:
    rotated = allocate((loaded.batch,), int32, x.device)
    fill(rotated, 1)
    for _ in range(0, _MOST_SWEEPS, plan.sweeps):
        run(plan, (loaded.columns, rotated), x.device)
        index, is_rotated = first_flagged(rotated)
        if not is_rotated:
            return
    lead, _ = batch_of(x)
    raise LinAlgError(
        f"{function}: {which_matrix(index, lead)} has not converged after {_MOST_SWEEPS} sweeps of rotations; "
        "scale its columns alike"
    )
