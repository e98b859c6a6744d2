"""Basic indexing: integers, slices, ``...`` and ``None`` make views; the same keys can be assigned to.

Source: https://data-apis.org/array-api/2025.12/API_specification/indexing.html
"""

from __future__ import annotations

import math
import operator
from types import EllipsisType
from typing import Any

from .. import dtypes
from ..dtypes import Scalar
from ..execute import contiguous, fill, run
from ..execute import copy as copy_into
from ..plan import Take
from ..shapes import collapse, normalize_axis
from ..tensor import Tensor, allocate
from .checks import check_same_device
from .elementwise import as_scalar, astype, scalar_word
from .manipulation import broadcast_to, duplicate

# What a value may be assigned to: its own kind, or one to the right of it.
_KINDS = ("bool", "integer", "real floating")


def getitem(x: Tensor, key: Any) -> Tensor:
    """The view that ``key`` selects: integers, slices, ``...`` and ``None`` (a new axis).

    An integer tensor without axes is an integer, and waits. Raises IndexError for an index
    out of range, too many indices, and for arrays and masks, which are no basic indices.
    """
    shape: list[int] = []
    strides: list[int] = []
    offset = x.offset
    axis = 0
    for index in _expanded(x, key if isinstance(key, tuple) else (key,)):
        if index is None:
            shape.append(1)
            strides.append(0)
            continue
        n, step = x.shape[axis], x.strides[axis]
        if isinstance(index, slice):
            positions = range(*index.indices(n))
            shape.append(len(positions))
            strides.append(step * positions.step)
            offset += step * positions.start if len(positions) else 0
        else:
            if not -n <= index < n:
                raise IndexError(
                    f"__getitem__: index {index} is out of range for axis {axis} of x with shape {x.shape}; "
                    f"use {-n} <= index < {n}"
                )
            offset += step * (index % n)
        axis += 1
    return x.view(tuple(shape), tuple(strides), offset)


def setitem(x: Tensor, key: Any, value: Tensor | Scalar) -> None:
    """Writes ``value``, broadcast, over what ``getitem`` would select.

    Raises TypeError for a value of a kind that ``x`` cannot hold (a float in an integer
    tensor), ValueError for one of another device, for a shape that does not broadcast, and
    where ``x`` repeats its elements (``broadcast_to``). Does not wait.
    """
    target = getitem(x, key)
    if any(step == 0 and n > 1 for n, step in zip(x.shape, x.strides, strict=True)):
        raise ValueError("__setitem__: x repeats its elements (broadcast_to); copy it with asarray(x, copy=True)")
    if not isinstance(value, Tensor) and getattr(value, "ndim", None) == 0:
        value = as_scalar("__setitem__", value)  # NumPy's scalars, and its arrays without axes
    if isinstance(value, bool | int | float):
        _check_kind(x, _kind_of(type(value)), type(value).__name__)
        if target.size:
            fill(target, scalar_word("__setitem__", value, x.dtype))
        return
    source = _source(x, target, value)
    if target.size:
        # A launch must not read the buffer that it writes.
        copy_into(duplicate(source) if source.buffer is target.buffer else source, target)


def take(x: Tensor, indices: Tensor, /, *, axis: int | None = None) -> Tensor:
    """The positions ``indices`` of ``x`` along ``axis``, which only a vector may leave out.

    indices: (n,) integer; a negative one counts from the end, one out of range gives an
    unspecified value. Raises TypeError for indices of another dtype, ValueError for another
    number of axes, and across devices. Does not wait.
    """
    if not isinstance(indices, Tensor) or not dtypes.is_kind(indices.dtype, "integral"):
        given = indices.dtype.name if isinstance(indices, Tensor) else f"of type {type(indices).__name__}"
        raise TypeError(f"take: indices must be integers, not {given}; convert it with astype()")
    if indices.ndim != 1:
        raise ValueError(f"take: indices must have one axis, not shape {indices.shape}")
    check_same_device("take", x, indices)
    if axis is None and x.ndim != 1:
        raise ValueError(f"take: x with shape {x.shape} needs an axis; give one from 0 to {x.ndim - 1}")
    a = normalize_axis("take", axis or 0, x.ndim, x.shape)
    n = indices.shape[0]
    out = allocate((*x.shape[:a], n, *x.shape[a + 1 :]), x.dtype, x.device)
    if out.size:
        if not x.size:
            raise IndexError(f"take: axis {a} of x with shape {x.shape} has no positions to take")
        _take(x, astype(indices, dtypes.int32, copy=False), a, out)
    return out


def _take(x: Tensor, indices: Tensor, axis: int, out: Tensor) -> None:
    """Runs the plan, on a view of ``x`` where its outer and its inner axes collapse to one each."""
    outer, (outer_steps,) = collapse(x.shape[:axis], x.strides[:axis])
    inner, (inner_steps,) = collapse(x.shape[axis + 1 :], x.strides[axis + 1 :])
    if len(outer) > 1 or len(inner) > 1:
        _take(duplicate(x), indices, axis, out)
        return
    steps = outer_steps[0] if outer else 0, x.strides[axis], inner_steps[0] if inner else 0
    plan = Take(x.dtype, math.prod(outer), x.shape[axis], math.prod(inner), indices.shape[0], steps)
    run(plan, (out, x, contiguous(indices)), x.device)


def _source(x: Tensor, target: Tensor, value: Any) -> Tensor:
    """``value`` broadcast to ``target``, checked."""
    if not isinstance(value, Tensor):
        raise TypeError(
            f"__setitem__: value of type {type(value).__name__} is neither a tensor nor a Python scalar; "
            "convert it with asarray()"
        )
    if value.device is not x.device:
        raise ValueError(f"__setitem__: value is on {value.device}, x on {x.device}; move it with to_device()")
    _check_kind(x, _kind_of(value.dtype), value.dtype.name)
    try:
        return broadcast_to(value, target.shape)
    except ValueError:
        raise ValueError(
            f"__setitem__: value of shape {value.shape} does not broadcast to the selection of shape {target.shape}"
        ) from None


def _kind_of(source: dtypes.DType | type) -> str:
    if isinstance(source, dtypes.DType):
        return "integer" if dtypes.is_kind(source, "integral") else source.kind
    return "bool" if issubclass(source, bool) else "integer" if issubclass(source, int) else "real floating"


def _check_kind(x: Tensor, kind: str, name: str) -> None:
    if _KINDS.index(kind) > _KINDS.index(_kind_of(x.dtype)):
        raise TypeError(f"__setitem__: {name} does not go into a {x.dtype.name} tensor; convert it with astype()")


def _expanded(x: Tensor, key: tuple[Any, ...]) -> list[Any]:
    """The key with ``...`` written out, one entry per axis of ``x`` besides the new axes."""
    entries = [_entry(part) for part in key]
    n_given = sum(part is not None and part is not ... for part in entries)
    if n_given > x.ndim:
        raise IndexError(f"__getitem__: {n_given} indices are too many for x with shape {x.shape}")
    places = [i for i, part in enumerate(entries) if part is ...]
    if len(places) > 1:
        raise IndexError("__getitem__: the key holds '...' more than once")
    place = places[0] if places else len(entries)
    rest = [slice(None)] * (x.ndim - n_given)
    return [*entries[:place], *rest, *entries[place + 1 :]]


def _entry(part: Any) -> int | slice | EllipsisType | None:
    """One part of a key. Raises IndexError for arrays, masks, and what is no index at all."""
    if part is None or part is ... or isinstance(part, slice):
        return part
    is_mask = isinstance(part, bool) or getattr(getattr(part, "dtype", None), "name", "") == "bool"
    if is_mask:
        raise IndexError("__getitem__: a boolean mask is not supported as a key; use where(mask, x, 0)")
    if isinstance(part, list) or getattr(part, "ndim", 0) > 0:
        raise IndexError("__getitem__: an integer array is not supported as a key; use take(x, indices, axis=0)")
    try:
        return operator.index(part)
    except TypeError:
        raise IndexError(
            f"__getitem__: {part!r} of type {type(part).__name__} is no index; use integers, slices, ... and None"
        ) from None
