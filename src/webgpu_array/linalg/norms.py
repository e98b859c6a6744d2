"""Norms of vectors and matrices.

Source: https://data-apis.org/array-api/2025.12/extensions/linear_algebra_functions.html
"""

from __future__ import annotations

import math
from numbers import Real

from ..ops.creation import full_like
from ..ops.elementwise import Row, abs_, apply, astype, divide, multiply, not_equal, pow_, reciprocal, sqrt, square
from ..ops.manipulation import expand_dims
from ..ops.statistical import reduce
from ..shapes import normalize_axes
from ..tensor import Tensor
from .checks import check_inexact, check_matrices
from .singular import svdvals

# Within a norm only: not functions of the namespace.
DIVISOR = Row("vector_norm", 1, "real floating", "The number itself, or 1.", "divisor(x1) // norm_scale")
SCALE = Row("vector_norm", 1, "real floating", "The power of two next below.", "binary_scale(x1) // norm_scale")

# Numbers below 2, and the reciprocals of those from 1 on, can be raised to it and summed within the range of float32.
_HIGHEST_OF_SCALED = 64


def vector_norm(
    x: Tensor, /, *, axis: int | tuple[int, ...] | None = None, keepdims: bool = False, ord: int | float = 2
) -> Tensor:
    """(Σ |x|^ord)^(1/ord) along ``axis`` (None: all); the largest or least |x| for inf and -inf, their number for 0.

    x: (...) floating-point, real or complex. Returns the type of its real parts. No intermediate overflows
    or underflows. Of no elements the norm is 0, or infinite for a negative ord. Raises TypeError for another
    dtype, ValueError for an ``ord`` that is no number, IndexError for an axis out of range. Does not wait.
    """
    check_inexact("vector_norm", x)
    axes = normalize_axes("vector_norm", axis, x.shape)
    if not isinstance(ord, Real):
        raise ValueError(f"vector_norm: ord must be a number, inf or -inf, not {ord!r}")
    magnitudes = abs_(x)
    if ord == 0:
        return _combined("sum", astype(not_equal(magnitudes, 0), magnitudes.dtype), axes, keepdims)
    if ord == 1:
        return _combined("sum", magnitudes, axes, keepdims)
    if not math.prod(x.shape[i] for i in axes):
        nothing = _combined("sum", magnitudes, axes, keepdims)
        return full_like(nothing, math.inf) if ord < 0 else nothing
    if abs(ord) == math.inf:
        return _combined("min" if ord < 0 else "max", magnitudes, axes, keepdims)
    return _scaled_norm(magnitudes, axes, keepdims, float(ord))


def matrix_norm(x: Tensor, /, *, keepdims: bool = False, ord: int | float | str | None = "fro") -> Tensor:
    """A norm of each matrix of ``x``.

    x: (..., M, N) floating-point, real or complex. ``ord``: "fro" or None for the root of all squares, "nuc" for the sum
    of the singular values, 2 and -2 for the largest and the least of them, 1 and -1 for the largest and the
    least sum of the magnitudes of a column, inf and -inf for those of a row. Returns the type of x's real
    parts, of shape (...), or (..., 1, 1) with ``keepdims``. No intermediate overflows or underflows. Norms of a
    matrix without elements are 0.

    Raises TypeError for another dtype, ValueError for another ``ord``, below two axes, and where there is
    no least. "nuc", 2 and -2 wait for the device as ``svdvals`` does; the others do not.
    """
    check_matrices("matrix_norm", x, axes="m, n")
    if ord is None:
        ord = "fro"
    if not isinstance(ord, str | float | Real) or ord not in ("fro", "nuc", 1, -1, 2, -2, math.inf, -math.inf):
        raise ValueError(f"matrix_norm: ord must be 'fro', 'nuc', 1, -1, 2, -2, inf or -inf, not {ord!r}")
    rows, columns = x.ndim - 2, x.ndim - 1
    if ord == "fro":
        return vector_norm(x, axis=(rows, columns), keepdims=keepdims)
    is_least = not isinstance(ord, str) and ord < 0
    if is_least and not x.shape[rows] * x.shape[columns]:
        raise ValueError(f"matrix_norm: ord {ord} takes the least of nothing: x has shape {x.shape}; use another ord")
    op = "min" if is_least else "max" if x.size else "sum"
    if ord in ("nuc", 2, -2):
        values = svdvals(x)
        norms = _combined("sum" if ord == "nuc" else op, values, (rows,), keepdims)
        return expand_dims(norms, axis=-1) if keepdims else norms
    summed, compared = (rows, columns) if ord in (1, -1) else (columns, rows)
    sums = _combined("sum", abs_(x), (summed,), keepdims=True)
    norms = _combined(op, sums, (compared,), keepdims=True)
    return norms if keepdims else norms.view(x.shape[:-2], norms.strides[:-2])


def _scaled_norm(x: Tensor, axes: tuple[int, ...], keepdims: bool, ord: float) -> Tensor:
    """The norm of magnitudes that were brought to 1 or near: the largest, or the least for a negative ``ord``."""
    extreme = reduce("max" if ord > 0 else "min", x, axes, x.dtype, True)
    # A power of two divides without an error, but leaves numbers up to 2.
    scale = apply(SCALE if abs(ord) <= _HIGHEST_OF_SCALED else DIVISOR, extreme)
    near_one = divide(x, scale)
    powers = square(near_one) if abs(ord) == 2 else pow_(near_one, abs(ord))
    total = _combined("sum", powers if ord > 0 else reciprocal(powers), axes, keepdims)
    root = sqrt(total) if abs(ord) == 2 else pow_(total, 1 / abs(ord))
    norm = root if ord > 0 else reciprocal(root)
    return multiply(norm, scale if keepdims else scale.view(norm.shape, norm.strides))


def _combined(op: str, x: Tensor, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    return reduce(op, x, axes, x.dtype, keepdims)
