"""Shapes, strides and axes: pure functions on tuples.

Strides count elements. A shape is a tuple of non-negative integers.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

Shape = tuple[int, ...]
Strides = tuple[int, ...]


def as_integers(function: str, argument: str, given: Any) -> tuple[int, ...]:
    """``given``, an integer or a sequence of them, as a tuple. Raises TypeError."""
    try:
        # Tensors and NumPy's arrays have `__iter__` without axes too.
        listed = given if hasattr(given, "__iter__") and getattr(given, "ndim", None) != 0 else (given,)
        return tuple(int(operator.index(n)) for n in listed)
    except TypeError:
        raise TypeError(f"{function}: {argument} {given!r} must be an integer or a sequence of integers") from None


def as_shape(function: str, given: Any) -> Shape:
    """``given``, a length or a sequence of them, as a shape. Raises TypeError, and ValueError for a negative length."""
    shape = as_integers(function, "shape", given)
    if any(n < 0 for n in shape):
        raise ValueError(f"{function}: shape {shape} has a negative length; use 0 or more")
    return shape


@lru_cache(maxsize=4096)
def contiguous_strides(shape: Shape) -> Strides:
    """Strides of a row-major array."""
    strides, step = [], 1
    for length in reversed(shape):
        strides.append(step)
        step *= max(length, 1)
    return tuple(reversed(strides))


@lru_cache(maxsize=4096)
def is_contiguous(shape: Shape, strides: Strides) -> bool:
    """Whether the elements lie row-major without gaps (the strides of axes of length 1 do not matter)."""
    if 0 in shape:
        return True
    expected = 1
    for length, stride in zip(reversed(shape), reversed(strides), strict=True):
        if length != 1:
            if stride != expected:
                return False
            expected *= length
    return True


@lru_cache(maxsize=4096)
def broadcast_shapes(*shapes: Shape) -> Shape:
    """The shape that all broadcast to. Raises ValueError naming the shapes."""
    out: list[int] = []
    for lengths in _columns(shapes):
        distinct = {n for n in lengths if n != 1}
        if len(distinct) > 1:
            raise ValueError(
                f"shapes {', '.join(map(str, shapes))} do not broadcast: "
                f"axis {len(out) - max(map(len, shapes))} has lengths {sorted(distinct)}"
            )
        out.append(distinct.pop() if distinct else 1)
    return tuple(out)


@lru_cache(maxsize=4096)
def broadcast_strides(shape: Shape, strides: Strides, to: Shape) -> Strides:
    """Strides that read an array of ``shape`` as one of ``to``: 0 along every repeated axis."""
    lead = len(to) - len(shape)
    if lead < 0 or any(n not in (1, m) for n, m in zip(shape, to[lead:], strict=True)):
        raise ValueError(f"an array of shape {shape} cannot be broadcast to {to}")
    return (0,) * lead + tuple(
        0 if n == 1 else stride for n, stride in zip(shape, strides, strict=True)
    )


def normalize_axis(function: str, axis: int, ndim: int, shape: Shape) -> int:
    """``axis`` counted from the front. Raises IndexError naming the legal range."""
    try:
        axis = axis.__index__()
    except AttributeError:
        raise TypeError(f"{function}: axis must be an integer, not {axis!r}") from None
    if not -ndim <= axis < ndim:
        raise IndexError(
            f"{function}: axis {axis} is out of range for x with shape {shape}; "
            f"use {-ndim} <= axis < {ndim}"
            if ndim
            else f"{function}: axis {axis} is out of range: x has no axes (shape ())"
        )
    return axis % ndim


def normalize_axes(function: str, axis: int | Sequence[int] | None, shape: Shape) -> tuple[int, ...]:
    """``axis`` as a sorted tuple counted from the front; None means all. Raises on a repeated axis."""
    return tuple(range(len(shape))) if axis is None else tuple(sorted(listed_axes(function, axis, shape)))


def listed_axes(function: str, axis: int | Sequence[int], shape: Shape) -> list[int]:
    """One axis or several, counted from the front, in the order given. Raises on a repeated axis."""
    asked: Iterable[int] = axis if isinstance(axis, tuple | list) else (axis,)
    axes = [normalize_axis(function, a, len(shape), shape) for a in asked]
    if len(set(axes)) != len(axes):
        raise ValueError(f"{function}: axis {axis} names an axis twice")
    return axes


@lru_cache(maxsize=4096)
def collapse(shape: Shape, *strides: Strides) -> tuple[Shape, tuple[Strides, ...]]:
    """The fewest axes that visit the same elements in the same order, for several arrays at once.

    Axes of length 1 go; neighbours that step alike in every array merge.
    """
    axes = [(n, *steps) for n, *steps in zip(shape, *strides, strict=True) if n != 1]
    merged: list[tuple[int, ...]] = []
    for axis in axes:
        if merged and all(
            outer == inner * axis[0] for outer, inner in zip(merged[-1][1:], axis[1:], strict=True)
        ):
            merged[-1] = (merged[-1][0] * axis[0], *axis[1:])
        else:
            merged.append(tuple(axis))
    if not merged:
        return (), tuple(() for _ in strides)
    lengths, *columns = zip(*merged, strict=True)
    return lengths, tuple(columns)


@lru_cache(maxsize=4096)
def collapse_along_first(shape: Shape, *strides: Strides) -> tuple[Shape, tuple[Strides, ...]]:
    """``collapse`` where the order of the elements is free: that in which they lie in the first array."""
    order = sorted(range(len(shape)), key=lambda axis: -abs(strides[0][axis]))
    return collapse(*(tuple(column[axis] for axis in order) for column in (shape, *strides)))


@lru_cache(maxsize=4096)
def strides_like(shape: Shape, *strides: Strides) -> Strides:
    """Strides of a dense array of ``shape`` whose axes are nested as those of the arrays that repeat no element; row-major where these differ."""
    long = [axis for axis, n in enumerate(shape) if n > 1]
    orders = {tuple(sorted(long, key=lambda a: -abs(s[a]))) for s in strides if all(s[axis] for axis in long)}
    if len(orders) != 1:
        return contiguous_strides(shape)
    order = [*(axis for axis, n in enumerate(shape) if n <= 1), *orders.pop()]
    steps = contiguous_strides(tuple(shape[axis] for axis in order))
    return tuple(steps[order.index(axis)] for axis in range(len(shape)))


@lru_cache(maxsize=4096)
def reshape_strides(shape: Shape, strides: Strides, to: Shape) -> Strides | None:
    """Strides that view an array of ``shape`` as ``to``, or None where only a copy will do."""
    if math.prod(shape) == 0:
        return contiguous_strides(to)
    merged, (steps,) = collapse(shape, strides)
    out: list[int] = []
    axes = list(zip(merged, steps, strict=True))
    length, step = axes.pop() if axes else (1, 1)
    for n in reversed(to):
        if n == 1:
            out.append(step)
            continue
        if length == 1:
            if not axes:
                return None
            length, step = axes.pop()
        if length % n:
            return None
        out.append(step)
        step *= n
        length //= n
    return tuple(reversed(out))


@lru_cache(maxsize=4096)
def extent(shape: Shape, strides: Strides) -> tuple[int, int]:
    """Lowest and highest element that an array touches, counted from its first element."""
    low = high = 0
    for n, stride in zip(shape, strides, strict=True):
        if stride < 0:
            low += (n - 1) * stride
        else:
            high += (n - 1) * stride
    return low, high


def _columns(shapes: Sequence[Shape]) -> list[list[int]]:
    """Lengths per axis, aligned at the back, 1 where an array has no such axis."""
    ndim = max(map(len, shapes), default=0)
    padded = [(1,) * (ndim - len(shape)) + shape for shape in shapes]
    return [list(column) for column in zip(*padded, strict=True)]
