"""Reading and assigning what a key selects, and reading along one axis.

Integers, slices, ``...`` and ``None`` make views; a key with integer arrays or a mask makes a copy. Both can be
assigned to.

Source: https://data-apis.org/array-api/2025.12/API_specification/indexing.html
"""

from __future__ import annotations

import operator
from typing import Any

from .. import dtypes
from ..dtypes import Scalar
from ..execute import copy as copy_into
from ..execute import fill
from ..shapes import Shape, broadcast_shapes, broadcast_strides, contiguous_strides, normalize_axis
from ..tensor import Tensor, allocate
from . import array_indexing
from .array_indexing import HostIndices, Part, gather, is_mask, offset_of
from .basic_indexing import element_of, view_of
from .checks import check_same_device, check_tensor
from .elementwise import astype
from .manipulation import broadcast_to, duplicate
from .scalars import as_scalar, scalar_word

# What a value may be assigned to: its own kind, or one to the right of it.
_KINDS = ("bool", "integer", "real floating", "complex floating")


def getitem(x: Tensor, key: Any) -> Tensor:
    """What ``key`` selects: a view for integers, slices, ``...`` and ``None`` (a new axis), a copy for arrays.

    A mask, a bool tensor, stands for the positions of its true elements along as many axes as it has. Integer arrays
    broadcast with each other, and take the place of the axes that they are for; as in NumPy, of the first axis where
    slices separate them. A negative index counts from the end.

    A mask waits, and so does an integer tensor without axes that stands beside no array. Raises IndexError for an
    index out of range, too many indices, arrays that do not broadcast, and a mask of another shape. Indices in a
    *tensor* are not checked, because that would wait: one out of range reads an unspecified element of ``x``.
    """
    element = element_of(x, key)
    if element is not None:
        return element
    parts = _parts(x, key)
    if _is_basic(parts):
        return view_of(x, _basic(x, parts))
    return array_indexing.read(array_indexing.selection(x, parts))


def setitem(x: Tensor, key: Any, value: Tensor | Scalar) -> None:
    """Writes ``value``, broadcast and converted, over what ``getitem`` would select.

    Where integer arrays name an element more than once, the last value stays. Does not wait, except for a mask that
    stands beside other parts of the key, or is given a value for each element that it selects.

    Raises TypeError for a value of a kind that ``x`` cannot hold (a float in an integer tensor), ValueError for one
    of another device, for a shape that does not broadcast, and where ``x`` repeats its elements (``broadcast_to``).
    Indices in a tensor are not checked: one out of range writes to an unspecified element of ``x``.
    """
    if any(step == 0 and n > 1 for n, step in zip(x.shape, x.strides, strict=True)):
        raise ValueError("__setitem__: x repeats its elements (broadcast_to); copy it with asarray(x, copy=True)")
    value = _without_numpy(value)
    element = element_of(x, key)
    if element is not None:
        _assign_view(x, element, value)
        return
    parts = _parts(x, key)
    if _is_basic(parts):
        _assign_view(x, view_of(x, _basic(x, parts)), value)
        return
    source = _source(x, value)
    if len(parts) == 1 and is_mask(parts[0]):
        _assign_masked(x, parts[0], source)  # type: ignore[arg-type]
        return
    selected = array_indexing.selection(x, parts)
    array_indexing.write(selected, _broadcast(source, selected.shape))


def _without_numpy(value: Any) -> Any:
    """``value``, or the Python scalar for one of NumPy's or its array of one element."""
    if isinstance(value, Tensor) or getattr(value, "size", None) != 1:
        return value
    return as_scalar("__setitem__", value.reshape(()) if getattr(value, "ndim", 0) else value)


def _assign_view(x: Tensor, target: Tensor, value: Any) -> None:
    if isinstance(value, bool | int | float | complex):
        _check_kind(x, _kind_of(type(value)), type(value).__name__)
        if target.size:
            fill(target, scalar_word("__setitem__", value, x.dtype))
        return
    _check_value(x, value)
    source = _broadcast(value, target.shape)
    if target.size:
        # A launch must not read the buffer that it writes.
        copy_into(duplicate(source) if source.buffer is target.buffer else source, target)


def _assign_masked(x: Tensor, mask: Tensor, source: Tensor) -> None:
    """Writes ``source`` where a mask of the leading axes is true: without waiting, if all get the same."""
    array_indexing.check_mask(x, mask, 0)
    rest = x.shape[mask.ndim :]
    if source.ndim == len(rest) + 1 and source.shape[0] == 1:
        source = source.view(source.shape[1:], source.strides[1:])
    if source.ndim > len(rest) or mask.shape != x.shape[: mask.ndim]:
        selected = array_indexing.selection(x, [mask])
        array_indexing.write(selected, _broadcast(source, selected.shape))
        return
    source = _broadcast(source, rest)
    if x.size:
        mask = duplicate(mask) if mask.buffer is x.buffer else mask
        spread = mask.view((*mask.shape, *(1,) * len(rest)), (*mask.strides, *(0,) * len(rest)))
        array_indexing.write_where(x, spread, source)


def _source(x: Tensor, value: Any) -> Tensor:
    """``value`` checked, as a tensor of the dtype of ``x`` in a buffer of its own."""
    if isinstance(value, bool | int | float | complex):
        _check_kind(x, _kind_of(type(value)), type(value).__name__)
        single = allocate((), x.dtype, x.device)
        fill(single, scalar_word("__setitem__", value, x.dtype))
        return single
    _check_value(x, value)
    source = astype(value, x.dtype, copy=False)
    return duplicate(source) if source.buffer is x.buffer else source


def _check_value(x: Tensor, value: Any) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(
            f"__setitem__: value of type {type(value).__name__} is neither a tensor nor a Python scalar; "
            "convert it with asarray()"
        )
    if value.device is not x.device:
        raise ValueError(f"__setitem__: value is on {value.device}, x on {x.device}; move it with to_device()")
    if value.dtype is not x.dtype:
        _check_kind(x, _kind_of(value.dtype), value.dtype.name)


def _broadcast(value: Tensor, shape: Shape) -> Tensor:
    """``value`` repeated to ``shape``; it may have more axes of length 1 in front."""
    if value.shape == shape:
        return value
    lead = max(value.ndim - len(shape), 0)
    try:
        if any(n != 1 for n in value.shape[:lead]):
            raise ValueError
        return broadcast_to(value.view(value.shape[lead:], value.strides[lead:]), shape)
    except ValueError:
        raise ValueError(
            f"__setitem__: value of shape {value.shape} does not broadcast to the selection of shape {shape}"
        ) from None


def _kind_of(source: dtypes.DType | type) -> str:
    if isinstance(source, dtypes.DType):
        return "integer" if dtypes.is_kind(source, "integral") else source.kind
    kinds = {bool: "bool", int: "integer", float: "real floating"}
    return next((kind for scalar, kind in kinds.items() if issubclass(source, scalar)), "complex floating")


def _check_kind(x: Tensor, kind: str, name: str) -> None:
    if _KINDS.index(kind) > _KINDS.index(_kind_of(x.dtype)):
        raise TypeError(f"__setitem__: {name} does not go into a {x.dtype.name} tensor; convert it with astype()")


def take(x: Tensor, indices: Tensor, /, *, axis: int | None = None) -> Tensor:
    """The positions ``indices`` of ``x`` along ``axis``, which only a vector may leave out.

    indices: (n,) of any integer type; a negative one counts from the end, one out of range reads an unspecified
    element of ``x``. Raises TypeError for indices of another dtype, ValueError for another number of axes, and
    across devices. Does not wait.
    """
    check_tensor("take", x)
    _check_indices("take", x, indices)
    if indices.ndim != 1:
        raise ValueError(f"take: indices must have one axis, not shape {indices.shape}")
    if axis is None and x.ndim != 1:
        raise ValueError(f"take: x with shape {x.shape} needs an axis; give one from 0 to {x.ndim - 1}")
    a = normalize_axis("take", 0 if axis is None else axis, x.ndim, x.shape)
    shape = (*x.shape[:a], indices.size, *x.shape[a + 1 :])
    return _taken("take", x, indices, a, shape, x.strides, tuple(int(i == a) for i in range(x.ndim)))


def take_along_axis(x: Tensor, indices: Tensor, /, *, axis: int = -1) -> Tensor:
    """``out[…, i, …] = x[…, indices[…, i, …], …]`` along ``axis``; the other axes of both broadcast.

    indices: as many axes as ``x``, of any integer type; a negative one counts from the end, one out of range reads
    an unspecified element of ``x``. Raises TypeError for indices of another dtype, ValueError for another number of
    axes or lengths that do not broadcast, and across devices. Does not wait.
    """
    check_tensor("take_along_axis", x)
    _check_indices("take_along_axis", x, indices)
    a = normalize_axis("take_along_axis", axis, x.ndim, x.shape)
    if indices.ndim != x.ndim:
        raise ValueError(
            f"take_along_axis: indices of shape {indices.shape} must have as many axes as x with shape {x.shape}"
        )
    # Along the axis itself nothing broadcasts: one position of x stands for all.
    single = (*x.shape[:a], 1, *x.shape[a + 1 :])
    try:
        rest = broadcast_shapes(single, (*indices.shape[:a], 1, *indices.shape[a + 1 :]))
    except ValueError as error:
        raise ValueError(f"take_along_axis: {error}") from None
    shape = (*rest[:a], indices.shape[a], *rest[a + 1 :])
    x_steps = broadcast_strides(single, x.strides, rest)
    offset_steps = broadcast_strides(indices.shape, contiguous_strides(indices.shape), shape)
    return _taken("take_along_axis", x, indices, a, shape, x_steps, offset_steps)


def _taken(
    function: str, x: Tensor, indices: Tensor, axis: int, shape: Shape, x_steps: Shape, offset_steps: Shape
) -> Tensor:
    """The elements at ``indices`` along ``axis``, over ``shape``; the other axes step as told."""
    out = allocate(shape, x.dtype, x.device)
    if out.size:
        n, step = x.shape[axis], x.strides[axis]
        if not n:
            raise IndexError(f"{function}: axis {axis} of x with shape {x.shape} has no positions to take")
        steps = (*x_steps[:axis], 0, *x_steps[axis + 1 :])
        gather(x, offset_of(indices, n, step), ((n,), (step,)), out, steps, offset_steps)
    return out


def _check_indices(function: str, x: Tensor, indices: Any) -> None:
    check_tensor(function, indices, "indices")
    if not dtypes.is_kind(indices.dtype, "integral"):
        raise TypeError(f"{function}: indices must be integers, not {indices.dtype.name}; convert it with astype()")
    check_same_device(function, x, indices)


def _is_basic(parts: list[Part]) -> bool:
    return not any(isinstance(part, bool | Tensor | HostIndices) for part in parts)


def _basic(x: Tensor, parts: list[Part]) -> list[int | slice | None]:
    """A key without arrays, with ``...`` written out."""
    return array_indexing.written_out(x, parts)  # type: ignore[return-value]


def _parts(x: Tensor, key: Any) -> list[Part]:
    """The parts of a key, checked. An integer tensor without axes that stands beside no array is read, which waits."""
    given = key if isinstance(key, tuple) else (key,)
    parts = [_part(x, part) for part in given]
    if not any(_is_array(part) for part in parts):
        parts = [operator.index(part) if isinstance(part, Tensor) else part for part in parts]
    n_given = sum(map(array_indexing.n_axes, parts))
    if n_given > x.ndim:
        raise IndexError(f"__getitem__: {n_given} indices are too many for x with shape {x.shape}")
    if sum(part is ... for part in parts) > 1:
        raise IndexError("__getitem__: the key holds '...' more than once")
    return parts


def _is_array(part: Part) -> bool:
    """Whether a part of a key is one that makes a copy of the selection."""
    return isinstance(part, bool | HostIndices) or (isinstance(part, Tensor) and (part.ndim > 0 or is_mask(part)))


def _part(x: Tensor, part: Any) -> Part:
    """One part of a key. Raises IndexError for what is no index, ValueError for a tensor of another device."""
    if part is None or part is ... or isinstance(part, bool | slice | HostIndices):
        return part
    if isinstance(part, Tensor):
        check_same_device("__getitem__", x, part)
        if part.dtype is dtypes.bool_:
            return part if part.ndim else bool(part)
        if dtypes.is_kind(part.dtype, "integral"):
            return part
        raise IndexError(f"__getitem__: a {part.dtype.name} tensor is no index; use integers or bool")
    if getattr(getattr(part, "dtype", None), "name", "") == "bool":
        return bool(part)  # NumPy's
    try:
        return operator.index(part)
    except TypeError:
        raise IndexError(
            f"__getitem__: {part!r} of type {type(part).__name__} is no index; "
            "use integers, slices, ..., None, and arrays of integers or bool"
        ) from None
