"""Where elements with a property stand, and how many there are.

Source: https://data-apis.org/array-api/2025.12/API_specification/searching_functions.html
"""

from __future__ import annotations

import functools
import math
from typing import Literal

from .. import dtypes
from ..dtypes import Scalar
from ..execute import contiguous, fill, run
from ..execute import copy as copy_into
from ..plans.reduction import ArgExtreme
from ..plans.sorting import Search
from ..shapes import collapse, contiguous_strides, normalize_axes, normalize_axis
from ..tensor import Tensor, allocate
from .array_indexing import coordinates
from .checks import check_same_device, check_tensor
from .compaction import true_positions
from .elementwise import add, astype
from .indexing import take, take_along_axis
from .manipulation import concat, cut_axis, duplicate, expand_dims, in_pieces, permute_dims, squeeze
from .sets import promoted_pair
from .statistical import Axis, reduce


def nonzero(x: Tensor, /) -> tuple[Tensor, ...]:
    """The indices of the elements that are not zero, in row-major order: for each axis (n,) of the default integer type.

    x: (...) of any dtype, with one axis or more; NaN is not zero. Raises ValueError without axes. Waits for n.
    """
    check_tensor("nonzero", x)
    if not x.ndim:
        raise ValueError("nonzero: x has no axes (shape ()); reshape it to (1,)")
    positions = true_positions(astype(x, dtypes.bool_, copy=False))
    index = dtypes.default_integer(x.device)
    return tuple(astype(i, index, copy=False) for i in coordinates(positions, x.shape))


def count_nonzero(x: Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """How many elements along ``axis`` (None: all) are not zero, in the default integer type. Does not wait."""
    check_tensor("count_nonzero", x)
    axes = normalize_axes("count_nonzero", axis, x.shape)
    return reduce("count", x, axes, dtypes.default_integer(x.device), keepdims)


def argmax(x: Tensor, /, *, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Where the largest element along ``axis`` is (None: of all, in row-major order), the first of equal ones.

    x: (...) of any dtype; a NaN counts as the largest, complex numbers are ordered as in ``sort``.
    The result is of the default integer type. Raises IndexError for an axis out of range,
    ValueError where there is nothing to choose from. Does not wait.
    """
    return _arg_extreme("argmax", x, axis, keepdims)


def argmin(x: Tensor, /, *, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Where the smallest element along ``axis`` is; a NaN counts as the smallest; else as ``argmax``. Does not wait."""
    return _arg_extreme("argmin", x, axis, keepdims)


def searchsorted(
    x1: Tensor,
    x2: Tensor | Scalar,
    /,
    *,
    side: Literal["left", "right"] = "left",
    sorter: Tensor | None = None,
) -> Tensor:
    """Where each element of x2 goes among the sorted x1: before its equals, or behind them for "right".

    x1: (m,), in the order of ``sort``, if need be by way of ``sorter``: (m,) integer; x2: any
    shape, or a Python scalar, of a dtype that promotes with x1's. The result is of x2's shape,
    of the default integer type. Raises ValueError for another side or shape, and across devices;
    TypeError for dtypes that do not promote, or a sorter of no integers. Does not wait.
    """
    check_tensor("searchsorted", x1, "x1")
    if x1.ndim != 1:
        raise ValueError(f"searchsorted: x1 must have one axis, not shape {x1.shape}; flatten it with reshape()")
    if side not in ("left", "right"):
        raise ValueError(f"searchsorted: side is {side!r}; use 'left' or 'right'")
    if sorter is not None:
        _check_sorter(x1, sorter)
    x, sought = promoted_pair("searchsorted", x1, x2)
    index = dtypes.default_integer(x.device)
    out = allocate(sought.shape, index, x.device)
    if out.size and len(in_pieces(x)) > 1:
        x = x if sorter is None else take(x, sorter)
        # As many are below an element in all as are in each.
        return functools.reduce(add, [searchsorted(piece, sought, side=side) for piece in in_pieces(x)])
    if out.size and not x.size:
        fill(out, 0)
    elif out.size:
        plan = Search(side, x.dtype, index, x.size, sought.size, has_sorter=sorter is not None)
        order = () if sorter is None else (contiguous(astype(sorter, dtypes.int32, copy=False)),)
        run(plan, (out, contiguous(x), contiguous(sought), *order), x.device)
    return out


def _check_sorter(x1: Tensor, sorter: Tensor) -> None:
    check_tensor("searchsorted", sorter, "sorter")
    check_same_device("searchsorted", x1, sorter)
    if not dtypes.is_kind(sorter.dtype, "integral"):
        raise TypeError(f"searchsorted: sorter must be integers, not {sorter.dtype.name}; convert it with astype()")
    if sorter.shape != x1.shape:
        raise ValueError(f"searchsorted: sorter has shape {sorter.shape}, x1 {x1.shape}; they must be equal")


def _arg_extreme(function: str, x: Tensor, axis: int | None, keepdims: bool) -> Tensor:
    check_tensor(function, x)
    axes = tuple(range(x.ndim)) if axis is None else (normalize_axis(function, axis, x.ndim, x.shape),)
    kept = tuple(n for i, n in enumerate(x.shape) if i not in axes)
    if not x.size and 0 not in kept:
        raise ValueError(f"{function}: x with shape {x.shape} has no elements along axis {axis} to choose from")
    index = dtypes.default_integer(x.device)
    out = allocate(kept, index, x.device)
    if out.size:
        _extremes_of_rows(function.removeprefix("arg"), _as_rows(x, axes), out.view((out.size,), (1,)))
    if keepdims:
        shape = tuple(1 if i in axes else n for i, n in enumerate(x.shape))
        return out.view(shape, contiguous_strides(shape))
    return out


def _extremes_of_rows(op: str, rows: Tensor, out: Tensor) -> None:
    """Writes where the extreme of each row stands, found in pieces where a row exceeds one binding."""
    n_cols, step = rows.shape[1], rows.strides[1]
    # Half a binding leaves room for the alignment of its start.
    longest = rows.device.limits["max-storage-buffer-binding-size"] // 2 // rows.dtype.storage_bytes
    per_piece = max(longest // max(abs(step), 1), 1)
    if per_piece >= n_cols:
        run(ArgExtreme(op, rows.dtype, out.dtype, *rows.shape, *rows.strides), (out, rows), rows.device)
        return
    found: list[tuple[Tensor, Tensor]] = []
    for start in range(0, n_cols, per_piece):
        piece = cut_axis(rows, 1, start, min(start + per_piece, n_cols))
        at = allocate((rows.shape[0],), out.dtype, rows.device)
        _extremes_of_rows(op, piece, at)
        at = expand_dims(at, 1)
        found.append((add(at, start), take_along_axis(piece, at, axis=1)))
    positions, extremes = (concat(parts, axis=1) for parts in zip(*found, strict=True))
    best = allocate((rows.shape[0],), out.dtype, rows.device)
    _extremes_of_rows(op, extremes, best)
    copy_into(squeeze(take_along_axis(positions, expand_dims(best, 1), axis=1), 1), out)


def _as_rows(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    """``x`` as a matrix whose rows lie along ``axes``, one or all: a view, or else a copy."""
    kept = [i for i in range(x.ndim) if i not in axes]
    moved = permute_dims(x, (*kept, *axes))
    rows, (row_steps,) = collapse(moved.shape[: len(kept)], moved.strides[: len(kept)])
    columns, (col_steps,) = collapse(moved.shape[len(kept) :], moved.strides[len(kept) :])
    if len(rows) > 1 or len(columns) > 1:
        return _as_rows(duplicate(moved), tuple(range(len(kept), x.ndim)))
    steps = (row_steps[0] if rows else 0, col_steps[0] if columns else 0)
    return x.view((math.prod(rows), math.prod(columns)), steps)
