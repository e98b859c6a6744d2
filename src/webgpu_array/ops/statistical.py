"""Reductions along axes.

Source: https://data-apis.org/array-api/2025.12/API_specification/statistical_functions.html
"""

from __future__ import annotations

import builtins
import math
from dataclasses import dataclass, replace

from .. import dtypes
from ..dtypes import DType, Scalar
from ..execute import fill, run
from ..plans.reduction import Reduce
from ..shapes import Shape, Strides, collapse, contiguous_strides, normalize_axes
from ..tensor import Tensor, allocate
from .checks import check_tensor
from .elementwise import astype, divide, multiply, sqrt, subtract
from .manipulation import duplicate, permute_dims
from .scalars import as_real_scalar, scalar_word

Axis = int | tuple[int, ...] | None


def sum(x: Tensor, /, *, axis: Axis = None, dtype: DType | None = None, keepdims: bool = False) -> Tensor:
    """Sums along ``axis`` (None: all). x: (...) bool or numeric.

    Integers and bool are summed in the default integer type or a wider one, unless ``dtype``
    says otherwise. A sum of nothing is 0. Sums of float32 and complex64 carry their rounding errors along: for numbers
    of one sign the result is within 5e-7 of exact. Raises IndexError for an axis out of range. Does not wait.
    """
    return reduce("sum", x, axis, accumulator_dtype("sum", x, dtype), keepdims)


def prod(x: Tensor, /, *, axis: Axis = None, dtype: DType | None = None, keepdims: bool = False) -> Tensor:
    """Products along ``axis`` (None: all); dtypes and errors as ``sum``. A product of nothing is 1. Does not wait."""
    return reduce("prod", x, axis, accumulator_dtype("prod", x, dtype), keepdims)


def max(x: Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Largest elements along ``axis`` (None: all), NaN where there is one. x: (...) real numeric.

    Raises ValueError where there is nothing to choose from, TypeError for another dtype. Does not wait.
    """
    return _extreme("max", x, axis, keepdims)


def min(x: Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Smallest elements along ``axis`` (None: all), NaN where there is one; errors as ``max``. Does not wait."""
    return _extreme("min", x, axis, keepdims)


def mean(x: Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Means along ``axis`` (None: all), NaN of nothing. x: (...) numeric; means of integers are of the default floating type.

    The parts of complex numbers have means of their own. Raises TypeError for bool. Does not wait.
    """
    dtype = _floating_dtype("mean", x)
    n = float(_count("mean", x, axis))
    total = reduce("sum", x, axis, _intermediate(dtype), keepdims)
    if dtype.is_complex:
        return _complex_view(divide(_parts_view(total), n), dtype)
    return astype(divide(total, n), dtype, copy=False)


def var(x: Tensor, /, *, axis: Axis = None, correction: int | float = 0.0, keepdims: bool = False) -> Tensor:
    """Variances along ``axis`` (None: all): Σ(x - mean)² / (N - correction), the mean found in two passes; NaN unless N > correction.

    x: (...) real numeric; those of integers are of the default floating type. Raises TypeError for another dtype.
    Does not wait.
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
    out = allocate(shape, dtype, x.device)
    if out.size and not x.size:
        fill(out, scalar_word(op, _OF_NOTHING.get(op, 0), dtype))
    elif out.size:
        _reduce_axes(op, x, axes, out.view((out.size,), (1,)))
    if keepdims:
        shape = tuple(1 if i in axes else n for i, n in enumerate(x.shape))
        return out.view(shape, contiguous_strides(shape))
    return out


# What there is where nothing is combined; 0 for the other operations that allow it.
_OF_NOTHING: dict[str, Scalar] = {"prod": 1, "all": True, "any": False}


def _reduce_axes(op: str, x: Tensor, axes: tuple[int, ...], out: Tensor) -> None:
    """Reduces ``axes`` of ``x`` at once where they step alike, or else one group of them after another."""
    kept = [i for i in range(x.ndim) if i not in axes]
    # The order of what is combined is free: outermost first collapses best.
    reduced = sorted(axes, key=lambda i: -abs(x.strides[i]))
    x = permute_dims(x, (*kept, *reduced))
    lengths, (steps,) = collapse(x.shape[len(kept) :], x.strides[len(kept) :])
    rows, (row_steps,) = collapse(x.shape[: len(kept)], x.strides[: len(kept)])
    if len(rows) > 2 or (len(lengths) > 1 and math.prod(lengths) < _SHORT_ROW):
        return _reduce_axes(op, duplicate(x), tuple(range(len(kept), x.ndim)), out)
    x = x.view((*rows, *lengths), (*row_steps, *steps))
    if len(lengths) > 1:
        # The innermost group first, into an array that has the other groups still.
        partial = allocate((*rows, *lengths[:-1]), _intermediate(out.dtype), x.device)
        _reduce_axes(op, x, (x.ndim - 1,), partial.view((partial.size,), (1,)))
        rest = tuple(range(len(rows), partial.ndim))
        return _reduce_axes(_AFTERWARDS.get(op, op), partial, rest, out)
    n_cols, col_step = (lengths[0], steps[0]) if lengths else (1, 0)
    _reduce_rows(op, _Rows(x, rows, row_steps, n_cols, col_step), out)
    return None


# Counts of parts are summed.
_AFTERWARDS = {"count": "sum"}

# Rows of several groups of axes are copied below this many elements: a pass per group would have little to do.
_SHORT_ROW = 1024


def _intermediate(dtype: DType) -> DType:
    """The type of partial results: sums of float16 are sums of float32, rounded once."""
    return dtypes.float32 if dtype is dtypes.float16 else dtype


@dataclass(frozen=True, slots=True)
class _Rows:
    """The elements of a tensor as rows to be reduced: one or two groups of kept axes, one of reduced ones."""

    x: Tensor
    lengths: Shape
    steps: Strides
    n_cols: int
    col_step: int

    @property
    def n_rows(self) -> int:
        return math.prod(self.lengths)

    def with_columns_together(self) -> _Rows:
        """A copy in which each row is contiguous."""
        copied = duplicate(self.x.view((*self.lengths, self.n_cols), (*self.steps, self.col_step)))
        return _Rows(copied, (self.n_rows,), (self.n_cols,), self.n_cols, 1)

    def cut(self, start: int, stop: int) -> _Rows:
        """The columns from ``start`` to ``stop``."""
        moved = self.x.view(self.x.shape, self.x.strides, self.x.offset + start * self.col_step)
        return replace(self, x=moved, n_cols=stop - start)


def _reduce_rows(op: str, rows: _Rows, out: Tensor) -> None:
    """Reduces rows into ``out``, in pieces where a row exceeds one binding."""
    x, n_cols, step = rows.x, rows.n_cols, rows.col_step
    # Half a binding leaves room for the alignment of its start.
    longest = x.device.limits["max-storage-buffer-binding-size"] // 2 // x.dtype.storage_bytes
    if abs(step) > longest:
        _reduce_rows(op, rows.with_columns_together(), out)
        return
    # Positions are counted in 32 bits.
    per_piece = builtins.min(longest // abs(step) + 1 if step else n_cols, 1 << 31)
    if per_piece < n_cols:
        starts = range(0, n_cols, per_piece)
        partial = allocate((len(starts), rows.n_rows), _intermediate(out.dtype), x.device)
        for i, start in enumerate(starts):
            piece = rows.cut(start, builtins.min(start + per_piece, n_cols))
            _reduce_rows(op, piece, partial.view((rows.n_rows,), (1,), i * rows.n_rows))
        _reduce_axes(_AFTERWARDS.get(op, op), partial, (0,), out)
        return
    blocks = (rows.lengths[-1], rows.steps[0]) if len(rows.lengths) == 2 else (0, 0)
    row_step = rows.steps[-1] if rows.steps else 0
    accumulator = dtypes.uint32 if op in ("any", "all") else out.dtype
    plan = Reduce(op, x.dtype, accumulator, out.dtype, rows.n_rows, n_cols, row_step, step, *blocks)
    shape, strides = plan.specs[1].shape, plan.specs[1].strides
    run(plan, (out, x.view(shape, strides or ())), x.device)


def accumulator_dtype(function: str, x: Tensor, dtype: DType | None) -> DType:
    """The type of a sum or a product, by the standard's rule."""
    check_tensor(function, x)
    if dtype is not None:
        wanted = dtypes.available(dtypes.as_dtype(dtype), x.device)
        if wanted is dtypes.bool_:
            raise TypeError(f"{function}: dtype must be numeric, not bool; use any() or all()")
        if x.dtype.is_complex and not wanted.is_complex:
            raise TypeError(f"{function}: {x.dtype.name} does not become {wanted.name}; take real(x), imag(x) or abs(x)")
        return wanted
    if dtypes.is_kind(x.dtype, "floating-point"):
        return x.dtype
    default = dtypes.default_integer(x.device)
    if x.dtype.kind == "unsigned integer":
        default = dtypes.BY_NAME["u" + default.name]
    return default if default.bits >= x.dtype.bits else x.dtype


def _extreme(op: str, x: Tensor, axis: Axis, keepdims: bool) -> Tensor:
    check_tensor(op, x)
    if not dtypes.is_kind(x.dtype, "real numeric"):
        raise TypeError(f"{op}: x must be real numeric, not {x.dtype.name}; convert it with astype()")
    axes = normalize_axes(op, axis, x.shape)
    if not x.size and all(n for i, n in enumerate(x.shape) if i not in axes):
        raise ValueError(f"{op}: x with shape {x.shape} has no elements along axis {axis} to choose from")
    return reduce(op, x, axis, x.dtype, keepdims)


def _variance(function: str, x: Tensor, axis: Axis, correction: int | float, keepdims: bool) -> Tensor:
    dtype = _floating_dtype(function, x)
    if dtype.is_complex:
        raise TypeError(f"{function}: x must be real, not {dtype.name}; take its real() and imag()")
    divisor = _count(function, x, axis) - as_real_scalar(function, correction)
    wide = astype(x, _intermediate(dtype), copy=False)
    deviation = subtract(wide, mean(wide, axis=axis, keepdims=True))
    # The mean was rounded: numbers far from 0 that are close to each other deviate from it by much more than they vary.
    deviation = subtract(deviation, mean(deviation, axis=axis, keepdims=True))
    total = reduce("sum", multiply(deviation, deviation), axis, wide.dtype, keepdims)
    return astype(divide(total, float(divisor) if divisor > 0 else math.nan), dtype, copy=False)


def _parts_view(x: Tensor) -> Tensor:
    """The parts of contiguous complex numbers as a last axis of two real ones, in the same buffer."""
    shape = (*x.shape, 2)
    return Tensor(x.buffer, shape, contiguous_strides(shape), 2 * x.offset, dtypes.real_of(x.dtype), x.device)


def _complex_view(parts: Tensor, dtype: DType) -> Tensor:
    """The complex numbers whose parts are the last axis of a contiguous tensor, in the same buffer."""
    shape = parts.shape[:-1]
    return Tensor(parts.buffer, shape, contiguous_strides(shape), parts.offset // 2, dtype, parts.device)


def _count(function: str, x: Tensor, axis: Axis) -> int:
    return math.prod(x.shape[i] for i in normalize_axes(function, axis, x.shape))


def _floating_dtype(function: str, x: Tensor) -> DType:
    """The dtype of a mean: that of ``x``, or for integers the default floating type. Raises TypeError for bool."""
    check_tensor(function, x)
    if not dtypes.is_kind(x.dtype, "numeric"):
        raise TypeError(f"{function}: x must be numeric, not {x.dtype.name}; convert it with astype()")
    return x.dtype if dtypes.is_kind(x.dtype, "floating-point") else dtypes.default_floating(x.device)
