"""Reductions along axes.

Source: https://data-apis.org/array-api/2025.12/API_specification/statistical_functions.html
"""

from __future__ import annotations

import builtins
import math

from .. import dtypes
from ..dtypes import DType
from ..execute import fill, run
from ..kernels.reduce import identity
from ..plan import Reduce
from ..shapes import Shape, collapse, contiguous_strides, normalize_axes
from ..tensor import Tensor, allocate
from .checks import check_tensor
from .elementwise import divide, multiply, scalar_word, sqrt, subtract
from .manipulation import cut_axis, duplicate, permute_dims

Axis = int | tuple[int, ...] | None


def sum(x: Tensor, /, *, axis: Axis = None, dtype: DType | None = None, keepdims: bool = False) -> Tensor:
    """Sums along ``axis`` (None: all). x: (...) bool or numeric.

    Integers and bool are summed in the default integer type or a wider one, unless ``dtype``
    says otherwise. A sum of nothing is 0. Float errors grow as those of a tree, not of a
    chain. Raises IndexError for an axis out of range. Does not wait.
    """
    return reduce("sum", x, axis, accumulator_dtype("sum", x, dtype), keepdims)


def prod(x: Tensor, /, *, axis: Axis = None, dtype: DType | None = None, keepdims: bool = False) -> Tensor:
    """Products along ``axis`` (None: all); dtypes and errors as ``sum``. A product of nothing is 1. Does not wait."""
    return reduce("prod", x, axis, accumulator_dtype("prod", x, dtype), keepdims)


def max(x: Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Largest elements along ``axis`` (None: all), NaN where there is one. x: (...) numeric.

    Raises ValueError where there is nothing to choose from, TypeError for bool. Does not wait.
    """
    return _extreme("max", x, axis, keepdims)


def min(x: Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Smallest elements along ``axis`` (None: all), NaN where there is one; errors as ``max``. Does not wait."""
    return _extreme("min", x, axis, keepdims)


def mean(x: Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Means along ``axis`` (None: all), NaN of nothing. x: (...) floating. Raises TypeError for another. Does not wait."""
    _check_floating("mean", x)
    total = reduce("sum", x, axis, x.dtype, keepdims)
    return divide(total, float(_count("mean", x, axis)))


def var(x: Tensor, /, *, axis: Axis = None, correction: int | float = 0.0, keepdims: bool = False) -> Tensor:
    """Variances along ``axis`` (None: all): Σ(x - mean)² / (N - correction), in two passes. x: (...) floating.

    Raises TypeError for another dtype. Does not wait.
    """
    return _variance("var", x, axis, correction, keepdims)


def std(x: Tensor, /, *, axis: Axis = None, correction: int | float = 0.0, keepdims: bool = False) -> Tensor:
    """Standard deviations along ``axis``: the roots of ``var``. Does not wait."""
    return sqrt(_variance("std", x, axis, correction, keepdims))


def reduce(op: str, x: Tensor, axis: Axis, dtype: DType, keepdims: bool) -> Tensor:
    """Combines the elements of ``x`` along ``axis`` with ``op`` of ``kernels.reduce``, in ``dtype``.

    For any and all, ``dtype`` is bool and the arithmetic is on 0 and 1.
    """
    axes = normalize_axes(op, axis, x.shape)
    shape = tuple(n for i, n in enumerate(x.shape) if i not in axes)
    accumulator = dtypes.uint32 if op in ("any", "all") else dtype
    out = allocate(shape, dtype, x.device)
    if out.size and not x.size:
        fill(out, scalar_word(op, identity(op, accumulator), dtype))
    elif out.size:
        _reduce_rows(op, _as_rows(x, axes), accumulator, out.view((out.size,), (1,)))
    if keepdims:
        shape = tuple(1 if i in axes else n for i, n in enumerate(x.shape))
        return out.view(shape, contiguous_strides(shape))
    return out


def _as_rows(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    """``x`` as a matrix whose rows are to be reduced: a view, or else a copy."""
    kept = [i for i in range(x.ndim) if i not in axes]
    # The order of what is combined is free: outermost first collapses best.
    reduced = sorted(axes, key=lambda i: -abs(x.strides[i]))
    x = permute_dims(x, (*kept, *reduced))
    rows, columns = _two_axes(x, len(kept))
    if len(rows[0]) > 1 or len(columns[0]) > 1:
        x = duplicate(x)
        rows, columns = _two_axes(x, len(kept))
    return x.view(
        (math.prod(rows[0]), math.prod(columns[0])),
        (rows[1][0] if rows[1] else 0, columns[1][0] if columns[1] else 0),
    )


def _two_axes(x: Tensor, n_kept: int) -> tuple[tuple[Shape, Shape], tuple[Shape, Shape]]:
    """Lengths and strides of the kept axes and of the reduced ones, each as few as can be."""
    rows, (row_steps,) = collapse(x.shape[:n_kept], x.strides[:n_kept])
    columns, (col_steps,) = collapse(x.shape[n_kept:], x.strides[n_kept:])
    return (rows, row_steps), (columns, col_steps)


def _reduce_rows(op: str, x: Tensor, accumulator: DType, out: Tensor) -> None:
    """Reduces the matrix ``x`` along its rows into ``out``, in pieces where a row exceeds one binding."""
    n_rows, n_cols = x.shape
    # Half a binding leaves room for the alignment of its start.
    longest = x.device.limits["max-storage-buffer-binding-size"] // 2 // x.dtype.storage_bytes
    if abs(x.strides[1]) > longest:
        x = duplicate(x)
    per_piece = longest // abs(x.strides[1]) + 1 if x.strides[1] else n_cols
    if per_piece < n_cols:
        starts = range(0, n_cols, per_piece)
        partial = allocate((len(starts), n_rows), out.dtype, x.device)
        for i, start in enumerate(starts):
            piece = cut_axis(x, 1, start, builtins.min(start + per_piece, n_cols))
            _reduce_rows(op, piece, accumulator, partial.view((n_rows,), (1,), i * n_rows))
        _reduce_rows(op, permute_dims(partial, (1, 0)), accumulator, out)
        return
    plan = Reduce(op, x.dtype, accumulator, out.dtype, n_rows, n_cols, *x.strides)
    run(plan, (out, x), x.device)


def accumulator_dtype(function: str, x: Tensor, dtype: DType | None) -> DType:
    """The type of a sum or a product, by the standard's rule."""
    check_tensor(function, x)
    if dtype is not None:
        wanted = dtypes.available(dtypes.as_dtype(dtype), x.device)
        if wanted is dtypes.bool_:
            raise TypeError(f"{function}: dtype must be numeric, not bool; use any() or all()")
        return wanted
    if dtypes.is_kind(x.dtype, "floating-point"):
        return x.dtype
    default = dtypes.default_integer(x.device)
    if x.dtype.kind == "unsigned integer":
        default = dtypes.BY_NAME["u" + default.name]
    return default if default.bits >= x.dtype.bits else x.dtype


def _extreme(op: str, x: Tensor, axis: Axis, keepdims: bool) -> Tensor:
    check_tensor(op, x)
    if not dtypes.is_kind(x.dtype, "numeric"):
        raise TypeError(f"{op}: x must be numeric, not {x.dtype.name}; convert it with astype()")
    axes = normalize_axes(op, axis, x.shape)
    if not x.size and all(n for i, n in enumerate(x.shape) if i not in axes):
        raise ValueError(f"{op}: x with shape {x.shape} has no elements along axis {axis} to choose from")
    return reduce(op, x, axis, x.dtype, keepdims)


def _variance(function: str, x: Tensor, axis: Axis, correction: int | float, keepdims: bool) -> Tensor:
    _check_floating(function, x)
    n = _count(function, x, axis)
    deviation = subtract(x, mean(x, axis=axis, keepdims=True))
    total = reduce("sum", multiply(deviation, deviation), axis, x.dtype, keepdims)
    divisor = n - correction
    return divide(total, float(builtins.max(divisor, 0)))


def _count(function: str, x: Tensor, axis: Axis) -> int:
    return math.prod(x.shape[i] for i in normalize_axes(function, axis, x.shape))


def _check_floating(function: str, x: Tensor) -> None:
    check_tensor(function, x)
    if not x.dtype.is_floating:
        raise TypeError(f"{function}: x must be floating-point, not {x.dtype.name}; convert it with astype()")
