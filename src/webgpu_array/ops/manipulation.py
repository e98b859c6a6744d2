"""Shapes and axes. Nothing is copied where strides can say it; a view shares memory and writes through.

Source: https://data-apis.org/array-api/2025.12/API_specification/manipulation_functions.html
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .. import dtypes
from .. import shapes as pure
from ..dtypes import Scalar
from ..execute import copy as copy_into
from ..execute import fill
from ..shapes import (
    Shape,
    as_integers,
    as_shape,
    broadcast_strides,
    contiguous_strides,
    normalize_axes,
    normalize_axis,
    reshape_strides,
)
from ..tensor import Tensor, allocate
from .checks import check_same_device, check_tensor, common_dtype
from .scalars import as_scalar, scalar_word


def reshape(x: Tensor, /, shape: int | Sequence[int], *, copy: bool | None = None) -> Tensor:
    """The elements of ``x``, in row-major order, with another shape.

    One length may be -1. Without ``copy``, a view where strides allow one. Raises ValueError
    for another number of elements, and for ``copy=False`` where no view exists. Does not wait.
    """
    check_tensor("reshape", x)
    to = _complete(x, as_integers("reshape", "shape", shape))
    strides = reshape_strides(x.shape, x.strides, to)
    if strides is not None and not copy:
        return x.view(to, strides)
    if copy is False:
        raise ValueError(
            f"reshape: x with shape {x.shape} and strides {x.strides} has no view of shape {to}; use copy=None"
        )
    return duplicate(x).view(to, contiguous_strides(to))


def _complete(x: Tensor, shape: Shape) -> Shape:
    """``shape`` with its -1 replaced. Raises ValueError unless it has as many elements as ``x``."""
    to = shape
    if shape.count(-1) == 1:
        known = math.prod(n for n in shape if n != -1)
        if known:
            to = tuple(x.size // known if n == -1 else n for n in shape)
    if min(to, default=0) < 0 or math.prod(to) != x.size:
        raise ValueError(f"reshape: x with shape {x.shape} has {x.size} elements, which shape {shape} cannot hold")
    return to


def duplicate(x: Tensor) -> Tensor:
    """A contiguous copy. Does not wait."""
    out = allocate(x.shape, x.dtype, x.device)
    if out.size:
        copy_into(x, out)
    return out


def permute_dims(x: Tensor, /, axes: tuple[int, ...]) -> Tensor:
    """A view with the axes in the order ``axes``. Raises ValueError unless each is named once. Does not wait."""
    check_tensor("permute_dims", x)
    axes = as_integers("permute_dims", "axes", axes)
    order = [normalize_axis("permute_dims", axis, x.ndim, x.shape) for axis in axes]
    if sorted(order) != list(range(x.ndim)):
        raise ValueError(f"permute_dims: axes {axes} must name each axis of x with shape {x.shape} once")
    return x.view(tuple(x.shape[i] for i in order), tuple(x.strides[i] for i in order))


def transpose(x: Tensor, /, axes: tuple[int, ...] | None = None) -> Tensor:
    """``permute_dims`` under NumPy's name, which xarray and dask call; None reverses the axes. Does not wait."""
    check_tensor("transpose", x)
    return permute_dims(x, tuple(range(x.ndim))[::-1] if axes is None else axes)


def moveaxis(x: Tensor, source: int | tuple[int, ...], destination: int | tuple[int, ...], /) -> Tensor:
    """A view with the axes ``source`` at the places ``destination``, the others in their order. Does not wait."""
    check_tensor("moveaxis", x)
    sources = _listed("moveaxis", source, x)
    destinations = _listed("moveaxis", destination, x)
    if len(sources) != len(destinations):
        raise ValueError(f"moveaxis: source {source} and destination {destination} name different numbers of axes")
    order = [axis for axis in range(x.ndim) if axis not in sources]
    for to, axis in sorted(zip(destinations, sources, strict=True)):
        order.insert(to, axis)
    return permute_dims(x, tuple(order))


def _listed(function: str, axis: int | Sequence[int], x: Tensor) -> list[int]:
    """Axes in the order given, counted from the front. Raises ValueError on a repeated one."""
    normalize_axes(function, axis, x.shape)
    return [normalize_axis(function, a, x.ndim, x.shape) for a in (axis if isinstance(axis, tuple | list) else (axis,))]


def expand_dims(x: Tensor, /, axis: int | tuple[int, ...]) -> Tensor:
    """A view with new axes of length 1 at the places ``axis`` of the result. Does not wait."""
    check_tensor("expand_dims", x)
    places = as_integers("expand_dims", "axis", axis)
    n_new = len(places)
    ndim = x.ndim + n_new
    if any(not -ndim <= a < ndim for a in places):
        raise IndexError(
            f"expand_dims: axis {axis} is out of range for x with shape {x.shape}; use {-ndim} <= axis < {ndim}"
        )
    new = {a % ndim for a in places}
    if len(new) != n_new:
        raise ValueError(f"expand_dims: axis {axis} names an axis twice")
    old = iter(zip(x.shape, x.strides, strict=True))
    axes = [(1, 0) if a in new else next(old) for a in range(ndim)]
    return x.view(tuple(n for n, _ in axes), tuple(step for _, step in axes))


def squeeze(x: Tensor, /, axis: int | tuple[int, ...] | None = None) -> Tensor:
    """A view without the axes ``axis``; without all of length 1 for None.

    Raises ValueError for an axis of another length. Does not wait.
    """
    check_tensor("squeeze", x)
    if axis is None:
        gone: tuple[int, ...] = tuple(a for a, n in enumerate(x.shape) if n == 1)
    else:
        gone = normalize_axes("squeeze", axis, x.shape)
    for a in gone:
        if x.shape[a] != 1:
            raise ValueError(f"squeeze: axis {a} of x with shape {x.shape} has length {x.shape[a]}, not 1")
    kept = [a for a in range(x.ndim) if a not in gone]
    return x.view(tuple(x.shape[a] for a in kept), tuple(x.strides[a] for a in kept))


def broadcast_to(x: Tensor, /, shape: tuple[int, ...]) -> Tensor:
    """A view that repeats ``x`` to ``shape``. Raises ValueError where it does not fit. Does not wait."""
    check_tensor("broadcast_to", x)
    to = as_shape("broadcast_to", shape)
    try:
        return x.view(to, broadcast_strides(x.shape, x.strides, to))
    except ValueError as error:
        raise ValueError(f"broadcast_to: {error}") from None


def broadcast_shapes(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that all ``shapes`` broadcast to; () for none. Raises ValueError where there is none. Does not wait."""
    listed = [as_shape("broadcast_shapes", shape) for shape in shapes]
    try:
        return pure.broadcast_shapes(*listed)
    except ValueError as error:
        raise ValueError(f"broadcast_shapes: {error}") from None


def broadcast_arrays(*arrays: Tensor) -> tuple[Tensor, ...]:
    """Views that repeat each array to the shape common to all. Raises ValueError without one. Does not wait."""
    for x in arrays:
        check_tensor("broadcast_arrays", x)
    try:
        shape = pure.broadcast_shapes(*(x.shape for x in arrays))
    except ValueError as error:
        raise ValueError(f"broadcast_arrays: {error}") from None
    return tuple(broadcast_to(x, shape) for x in arrays)


def flip(x: Tensor, /, *, axis: int | tuple[int, ...] | None = None) -> Tensor:
    """A view with the elements along ``axis`` (None: every axis) in reverse. Does not wait."""
    check_tensor("flip", x)
    axes = normalize_axes("flip", axis, x.shape)
    offset, strides = x.offset, list(x.strides)
    if x.size:
        for a in axes:
            offset += (x.shape[a] - 1) * strides[a]
            strides[a] = -strides[a]
    return x.view(x.shape, tuple(strides), offset)


def roll(x: Tensor, /, shift: int | tuple[int, ...], *, axis: int | tuple[int, ...] | None = None) -> Tensor:
    """A copy whose elements have moved on by ``shift`` along ``axis``, coming back at the front.

    With ``axis=None`` the elements move in row-major order. Does not wait.
    """
    check_tensor("roll", x)
    shifts = as_integers("roll", "shift", shift)
    if axis is None:
        if len(shifts) != 1:
            raise ValueError(f"roll: shift {shift} needs axes; give axis a tuple as long")
        return reshape(roll(reshape(x, (x.size,)), shifts, axis=0), x.shape)
    axes = [normalize_axis("roll", a, x.ndim, x.shape) for a in as_integers("roll", "axis", axis)]
    if len(shifts) == 1:
        shifts *= len(axes)
    if len(shifts) != len(axes):
        raise ValueError(f"roll: shift {shift} and axis {axis} have different lengths")
    out = duplicate(x)
    for a, by in zip(axes, shifts, strict=True):
        if out.size:
            cut = -by % out.shape[a]
            out = concat((cut_axis(out, a, cut, out.shape[a]), cut_axis(out, a, 0, cut)), axis=a)
    return out


def tile(x: Tensor, repetitions: tuple[int, ...], /) -> Tensor:
    """A copy of ``x`` laid side by side, ``repetitions`` times along each axis; missing ones, in front, are 1.

    Raises ValueError for a negative number. Does not wait.
    """
    check_tensor("tile", x)
    times = as_integers("tile", "repetitions", repetitions)
    if any(n < 0 for n in times):
        raise ValueError(f"tile: repetitions {times} must not be negative")
    ndim = max(x.ndim, len(times))
    lengths = (1,) * (ndim - x.ndim) + x.shape
    strides = (0,) * (ndim - x.ndim) + x.strides
    times = (1,) * (ndim - len(times)) + times
    # Before each axis one that repeats it.
    blocks = x.view(
        tuple(n for pair in zip(times, lengths, strict=True) for n in pair),
        tuple(step for stride in strides for step in (0, stride)),
    )
    return reshape(duplicate(blocks), tuple(n * m for n, m in zip(times, lengths, strict=True)))


def concat(arrays: Sequence[Tensor], /, *, axis: int | None = 0) -> Tensor:
    """The arrays one after another along ``axis``; flattened first for None.

    Raises ValueError where other axes differ, for no arrays, and across devices; TypeError
    for dtypes that do not promote. Does not wait.
    """
    arrays = _tensors("concat", arrays)
    if axis is None:
        return concat([reshape(x, (x.size,)) for x in arrays], axis=0)
    first = arrays[0]
    a = normalize_axis("concat", axis, first.ndim, first.shape)
    lengths = []
    for x in arrays:
        if x.ndim != first.ndim or any(n != m for i, (n, m) in enumerate(zip(x.shape, first.shape, strict=True)) if i != a):
            raise ValueError(
                f"concat: shapes {', '.join(str(y.shape) for y in arrays)} may differ along axis {a} only"
            )
        lengths.append(x.shape[a])
    shape = (*first.shape[:a], sum(lengths), *first.shape[a + 1 :])
    out = allocate(shape, dtypes.available(common_dtype("concat", *arrays), first.device), first.device)
    start = 0
    for x, length in zip(arrays, lengths, strict=True):
        if x.size:
            copy_into(x, cut_axis(out, a, start, start + length))
        start += length
    return out


def pad(
    x: Tensor, /, pad_width: Any, mode: str = "constant", *, constant_values: Scalar = 0
) -> Tensor:
    """A copy with ``constant_values`` around it: ``pad_width`` elements before and after, or a pair, or a pair per axis.

    Under NumPy's name and with its arguments. Raises ValueError for another ``mode`` and for widths that do not fit,
    OverflowError for a number that the dtype does not hold. Does not wait.
    """
    check_tensor("pad", x)
    if mode != "constant":
        raise ValueError(f"pad: mode is {mode!r}; only 'constant' is here")
    widths = _pairs(pad_width, x.ndim)
    if widths is None:
        raise ValueError(f"pad: pad_width {pad_width} is neither an integer nor a pair, nor one for each axis of x with shape {x.shape}")
    out = allocate(tuple(n + before + after for n, (before, after) in zip(x.shape, widths, strict=True)), x.dtype, x.device)
    if out.size:
        fill(out, scalar_word("pad", as_scalar("pad", constant_values), x.dtype))
    inner = out
    for axis, (before, _) in enumerate(widths):
        inner = cut_axis(inner, axis, before, before + x.shape[axis])
    if x.size:
        copy_into(x, inner)
    return out


def _pairs(pad_width: Any, ndim: int) -> list[tuple[int, int]] | None:
    """What is added before and after each axis; None unless they are integers, not negative, in a form that NumPy knows."""
    given = list(pad_width) if isinstance(pad_width, tuple | list) else [pad_width]
    pairs = given if any(isinstance(each, tuple | list) for each in given) else [given]
    listed = [as_integers("pad", "pad_width", each) for each in pairs]
    listed = [each * 2 if len(each) == 1 else each for each in listed] * (ndim if len(listed) == 1 else 1)
    if len(listed) != ndim or any(len(each) != 2 or min(each) < 0 for each in listed):
        return None
    return [(before, after) for before, after in listed]


def stack(arrays: Sequence[Tensor], /, *, axis: int = 0) -> Tensor:
    """The arrays, all of one shape, along a new axis. Raises as ``concat`` does. Does not wait."""
    arrays = _tensors("stack", arrays)
    if any(x.shape != arrays[0].shape for x in arrays):
        raise ValueError(f"stack: shapes {', '.join(str(x.shape) for x in arrays)} differ; they must be equal")
    a = normalize_axis("stack", axis, arrays[0].ndim + 1, arrays[0].shape)
    return concat([expand_dims(x, axis=a) for x in arrays], axis=a)


def unstack(x: Tensor, /, *, axis: int = 0) -> tuple[Tensor, ...]:
    """Views of ``x`` at each position along ``axis``. Does not wait."""
    check_tensor("unstack", x)
    a = normalize_axis("unstack", axis, x.ndim, x.shape)
    return tuple(squeeze(cut_axis(x, a, i, i + 1), a) for i in range(x.shape[a]))


def cut_axis(x: Tensor, axis: int, start: int, stop: int) -> Tensor:
    """The view of positions ``start`` to ``stop`` (exclusive) along ``axis``."""
    shape = (*x.shape[:axis], stop - start, *x.shape[axis + 1 :])
    return x.view(shape, x.strides, x.offset + start * x.strides[axis])


def in_pieces(x: Tensor) -> list[Tensor]:
    """Views of a vector, one after another, each of half a binding at most."""
    length = x.device.limits["max-storage-buffer-binding-size"] // 2 // x.dtype.storage_bytes
    return [cut_axis(x, 0, start, min(start + length, x.size)) for start in range(0, x.size, length)]


def _tensors(function: str, arrays: Sequence[Tensor]) -> list[Tensor]:
    """``arrays`` as a list. Raises ValueError for none and across devices, TypeError for what is no tensor."""
    try:
        listed: list[Any] = list(arrays)
    except TypeError:
        raise TypeError(f"{function}: arrays must be a sequence of tensors, not {type(arrays).__name__}") from None
    if not listed:
        raise ValueError(f"{function}: there are no arrays; give at least one")
    for x in listed:
        if not isinstance(x, Tensor):
            raise TypeError(f"{function}: arrays must be tensors, not {type(x).__name__}; convert it with asarray()")
    check_same_device(function, *listed)
    return listed
