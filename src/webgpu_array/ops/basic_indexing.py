"""Keys of integers, slices, ``...`` and ``None``, which make views.

Source: https://data-apis.org/array-api/2025.12/API_specification/indexing.html
"""

from __future__ import annotations

from collections.abc import Sequence

from ..tensor import Tensor


def element_of(x: Tensor, key: object) -> Tensor | None:
    """The view of one element, without axes, if ``key`` is an int in range for each axis of ``x``; else None.

    ``view_of`` does as much. This is for loops over elements, as code for any library writes diagonals.
    """
    indices = key if type(key) is tuple else (key,)
    if len(indices) != len(x.shape):
        return None
    offset = x.offset
    for index, n, step in zip(indices, x.shape, x.strides, strict=True):
        if type(index) is not int or not -n <= index < n:
            return None
        offset += step * (index % n)
    return x.view((), (), offset)


def view_of(x: Tensor, key: Sequence[int | slice | None]) -> Tensor:
    """The view that ``key`` selects, which has an entry for each axis of ``x`` and a None for each new axis.

    Raises IndexError for an integer out of range.
    """
    shape: list[int] = []
    strides: list[int] = []
    offset = x.offset
    axis = 0
    for index in key:
        if index is None:
            shape.append(1)
            strides.append(0)
            continue
        n, step = x.shape[axis], x.strides[axis]
        if isinstance(index, slice):
            positions = _positions(index, n)
            shape.append(len(positions))
            strides.append(step * positions.step)
            offset += step * positions.start if len(positions) else 0
        else:
            check_index(index, axis, x)
            offset += step * (index % n)
        axis += 1
    return x.view(tuple(shape), tuple(strides), offset)


def _positions(index: slice, n: int) -> range:
    """The positions of an axis of length ``n`` that a slice selects."""
    try:
        return range(*index.indices(n))
    except (TypeError, ValueError) as error:
        raise type(error)(f"__getitem__: {index} is no index: {error}") from None


def check_index(index: int, axis: int, x: Tensor) -> None:
    """Raises IndexError unless ``index`` is one of the positions of ``x`` along ``axis``."""
    n = x.shape[axis]
    if not -n <= index < n:
        raise IndexError(
            f"__getitem__: index {index} is out of range for axis {axis} of x with shape {x.shape}; "
            + (f"use {-n} <= index < {n}" if n else "it has no positions")
        )
