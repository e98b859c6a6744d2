"""Inverses to compare with, and residuals free of rounding errors of their own.

float32 matrices are inverted in float64. For float64 matrices NumPy has nothing wider on
every platform, so their products are made of exact pieces: each factor is cut into slices
of so few bits that a product of two slices has no rounding error in float64, whatever the
order of summation (K. Ozaki, T. Ogita, S. Oishi, S. M. Rump, Error-free transformations of
matrix multiplication, Numer. Algorithms 59, 2012). Matrix products stay in BLAS that way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

# Three slices hold 66 bits or more of the largest element up to order 1024. The products
# that are left out are below the last bit kept.
_N_SLICES = 3
_NEWTON_STEPS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """Inverses of the matrices ``a``, all (b, n, n) float64.

    Matrix i is scaled by 2^-exponents[i], which brings its norm near 1 and is exact: ``a`` is
    scaled so, and the inverse of that is the unevaluated sum ``high + low``. ``condition`` is
    κ₁, infinite where even the reference found no inverse.
    """

    a: Array
    exponents: Array
    high: Array
    low: Array
    norm_a: Array
    norm_inverse: Array
    condition: Array


def reference(matrices: Array, known_singular: Array) -> Reference:
    """The reference inverses of float32 or float64 ``matrices``, (b, n, n).

    Matrices for which ``known_singular`` holds (those with NaN or Inf too) get the identity.
    """
    n = matrices.shape[-1]
    a = np.where(known_singular[:, None, None], np.eye(n), matrices.astype(np.float64))
    exponents = np.frexp(np.abs(a).max(axis=(-2, -1)))[1]
    a = np.ldexp(a, -exponents[:, None, None])
    # Rows and columns of very different size would spoil the reference without cause.
    rows = _exponents(a, axis=-1)
    balanced = np.ldexp(a, -rows)
    columns = _exponents(balanced, axis=-2)
    balanced = np.ldexp(balanced, -columns)
    high, low, converged = _inverse(balanced, exact=matrices.dtype == np.float64)
    back = -(np.swapaxes(columns, -1, -2) + np.swapaxes(rows, -1, -2))
    high, low = np.ldexp(high, back), np.ldexp(low, back)
    norm_a, norm_inverse = norm(a), norm(high)
    condition = np.where(converged, norm_a * norm_inverse, np.inf)
    return Reference(a, exponents, high, low, norm_a, norm_inverse, condition)


def norm(a: Array) -> Array:
    """1-norms of (..., m, n): the largest column sum of absolute values."""
    return np.asarray(np.abs(a).sum(axis=-2).max(axis=-1))


def residual(x1: Array, x2: Array, exact: bool) -> Array:
    """I - x1 x2 for (b, n, n) float64.

    ``exact``: to about 2⁻⁶⁶ of the largest products, for factors with 53 bits. Else as
    float64 gives it, which is ample for factors with float32's 24 bits.
    """
    n = x1.shape[-1]
    if not exact:
        return np.asarray(np.eye(n) - x1 @ x2)
    left, right = _slices(x1, axis=-1), _slices(x2, axis=-2)
    high, low = np.broadcast_to(np.eye(n), x1.shape), np.zeros_like(x1)
    for order in range(_N_SLICES):
        for i in range(order + 1):
            high, error = _two_sum(high, -(left[i] @ right[order - i]))
            low += error
    return high + low


def _inverse(a: Array, exact: bool) -> tuple[Array, Array, Array]:
    """(high, low, converged): Newton's iteration from NumPy's inverse, the residual computed ``exact``-ly."""
    high = np.linalg.inv(a)
    low = np.zeros_like(high)
    if exact:
        for _ in range(_NEWTON_STEPS):
            high = high + high @ residual(a, high, exact)
    left_over = residual(a, high, exact)
    if exact:
        low = high @ left_over
    return high, low, norm(left_over) < 0.5


def _exponents(a: Array, axis: int) -> Array:
    """Exponents of the largest element of each row or column, 0 for one that is zero."""
    return np.asarray(np.frexp(np.abs(a).max(axis=axis, keepdims=True))[1])


def _slices(x: Array, axis: int) -> list[Array]:
    """Pieces of ``x`` whose products, summed along ``axis``, are exact. Their sum is x but for a tail."""
    bits = (55 - (x.shape[axis] - 1).bit_length()) // 2
    pieces = []
    for _ in range(_N_SLICES):
        # Adding and subtracting 1.5 * 2^p rounds to multiples of 2^(p - 52).
        p = _exponents(x, axis) + 53 - bits
        shift = np.ldexp(1.5, p)
        piece = (x + shift) - shift
        pieces.append(piece)
        x = x - piece
    return pieces


def _two_sum(x1: Array, x2: Array) -> tuple[Array, Array]:
    """x1 + x2 rounded, and what rounding lost (D. E. Knuth, TAOCP 2, 4.2.2, theorem B)."""
    total = x1 + x2
    part = total - x1
    return total, (x1 - (total - part)) + (x2 - part)
