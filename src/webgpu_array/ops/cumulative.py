"""Sums and products of everything up to each element.

Source: https://data-apis.org/array-api/2025.12/API_specification/statistical_functions.html
"""

from __future__ import annotations

import math

from ..dtypes import DType
from ..execute import copy as copy_into
from ..execute import fill, run
from ..plans.reduction import Scan
from ..shapes import collapse, normalize_axis
from ..tensor import Tensor, allocate
from .elementwise import add, multiply
from .manipulation import cut_axis, duplicate
from .scalars import scalar_word
from .statistical import accumulator_dtype

_COMBINE = {"sum": add, "prod": multiply}
_IDENTITY = {"sum": 0, "prod": 1}


def cumulative_sum(
    x: Tensor, /, *, axis: int | None = None, dtype: DType | None = None, include_initial: bool = False
) -> Tensor:
    """Sums of the elements up to each along ``axis``, which only a vector may leave out; dtypes as in ``sum``.

    x: (...) bool or numeric. With ``include_initial`` the axis is one longer, and begins with 0. Float errors grow
    as those of a tree of blocks, not of a chain. Raises ValueError where the axis is missing, IndexError for one out
    of range. Does not wait.
    """
    return _cumulative("cumulative_sum", "sum", x, axis, dtype, include_initial)


def cumulative_prod(
    x: Tensor, /, *, axis: int | None = None, dtype: DType | None = None, include_initial: bool = False
) -> Tensor:
    """Products of the elements up to each along ``axis``; as ``cumulative_sum``, the initial value being 1. Does not wait."""
    return _cumulative("cumulative_prod", "prod", x, axis, dtype, include_initial)


def _cumulative(
    function: str, op: str, x: Tensor, axis: int | None, dtype: DType | None, include_initial: bool
) -> Tensor:
    accumulator = accumulator_dtype(function, x, dtype)
    if axis is None and x.ndim != 1:
        raise ValueError(f"{function}: x with shape {x.shape} needs an axis; only a vector may leave it out")
    a = normalize_axis(function, 0 if axis is None else axis, x.ndim, x.shape)
    out = allocate(_extended(x, a, int(include_initial)), accumulator, x.device)
    if include_initial and out.size:
        fill(cut_axis(out, a, 0, 1), scalar_word(function, _IDENTITY[op], accumulator))
    if x.size:
        scan(op, x, cut_axis(out, a, int(include_initial), out.shape[a]), a)
    return out


def _extended(x: Tensor, axis: int, by: int) -> tuple[int, ...]:
    return (*x.shape[:axis], x.shape[axis] + by, *x.shape[axis + 1 :])


def scan(op: str, x: Tensor, out: Tensor, axis: int) -> None:
    """Combines the elements of ``x`` up to each along ``axis`` with ``op`` ("sum" or "prod") into ``out``, of its shape.

    ``out`` is contiguous, or a cut of such a tensor along ``axis``.
    Where a binding cannot hold the axis, it is scanned in pieces, each of which begins with the end of the one before.
    """
    limit = x.device.limits["max-storage-buffer-binding-size"] // 2
    steps = [abs(t.strides[axis]) * t.dtype.storage_bytes for t in (x, out)]
    per_piece = max(limit // max(*steps, 1), 1)
    for start in range(0, x.shape[axis], per_piece):
        stop = min(start + per_piece, x.shape[axis])
        piece = cut_axis(out, axis, start, stop)
        _scan_piece(op, cut_axis(x, axis, start, stop), piece, axis)
        if start:
            # A launch must not read the buffer that it writes: both operands are copied first.
            before = cut_axis(out, axis, start - 1, start)
            copy_into(_COMBINE[op](before, piece), piece)


def _scan_piece(op: str, x: Tensor, out: Tensor, axis: int) -> None:
    """Runs the plan, on operands whose outer and inner axes collapse to one each."""
    outer, (x_outer, out_outer) = collapse(x.shape[:axis], x.strides[:axis], out.strides[:axis])
    inner, (x_inner, out_inner) = collapse(x.shape[axis + 1 :], x.strides[axis + 1 :], out.strides[axis + 1 :])
    if len(outer) > 1 or len(inner) > 1:
        _scan_piece(op, duplicate(x), out, axis)
        return
    plan = Scan(
        op,
        x.dtype,
        out.dtype,
        math.prod(outer),
        x.shape[axis],
        math.prod(inner),
        (sum(out_outer), out.strides[axis], sum(out_inner)),
        (sum(x_outer), x.strides[axis], sum(x_inner)),
    )
    run(plan, (out, x), x.device)
