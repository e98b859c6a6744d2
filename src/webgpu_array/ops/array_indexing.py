"""Keys that hold integer arrays and masks: elements at positions that the device, or the host, has computed.

Such a key is resolved in three steps. Slices and new axes make a view. Each mask becomes the positions of its true
elements. Then every index along an axis becomes what it adds to an element's place in the buffer; the sum of these
over all indexed axes, an *offset* per element of the broadcast indices, is all that the kernels need to know.

Source: https://data-apis.org/array-api/2025.12/API_specification/indexing.html, and, where the standard leaves
combinations open, https://numpy.org/doc/stable/user/basics.indexing.html#combining-advanced-and-basic-indexing
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import EllipsisType

from ..dtypes import DType, bool_, int32, uint32
from ..execute import fill, run
from ..plans.elementwise import Elementwise
from ..plans.indexing import Gather, LastWrites, MaskedCopy, Scatter
from ..plans.protocol import Spec
from ..shapes import Shape, Strides, broadcast_shapes, broadcast_strides, collapse, contiguous_strides, reshape_strides
from ..tensor import Tensor, allocate
from .basic_indexing import check_index, view_of
from .compaction import true_positions
from .elementwise import add
from .manipulation import broadcast_to, duplicate, reshape

# An index of 32 bits as positions from the front, times the elements between neighbours; a negative one counts from
# the end. One out of range is clamped, so that nothing outside of the tensor is ever touched.
_OFFSET = "min(select(u32(x1), x2 + u32(x1), x1 < 0i), x2 - 1u) * x3"
_COORDINATE = "x1 / x2 % x3"


@dataclass(frozen=True, slots=True)
class HostIndices:
    """Integers from the host, uploaded: their smallest and largest are known, so they can be checked."""

    tensor: Tensor
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Indices:
    """Integers along one axis of a view, or, as a new axis of length 1, those that a single bool stands for."""

    axis: int
    tensor: Tensor


@dataclass(frozen=True, slots=True)
class Selection:
    """What a key with arrays selects.

    The axes of the result are ``before``, the broadcast shape of the indices, and ``after``, where ``before`` and
    ``after`` are axes of ``view``; ``indices`` says where along its other axes. ``is_unique``: whether it is
    certain that no element is named twice.
    """

    view: Tensor
    before: tuple[int, ...]
    after: tuple[int, ...]
    indices: tuple[Indices, ...]
    chosen: Shape
    is_unique: bool

    @property
    def shape(self) -> Shape:
        return (
            *(self.view.shape[axis] for axis in self.before),
            *self.chosen,
            *(self.view.shape[axis] for axis in self.after),
        )

    def x_steps(self) -> Strides:
        """Steps of the view over the shape of the result: 0 where the indices say."""
        steps = self.view.strides
        return (
            *(steps[axis] for axis in self.before),
            *(0,) * len(self.chosen),
            *(steps[axis] for axis in self.after),
        )

    def offset_steps(self) -> Strides:
        """Steps over the shape of the result of one contiguous number per broadcast index."""
        return (*(0,) * len(self.before), *contiguous_strides(self.chosen), *(0,) * len(self.after))

    def indexed(self) -> tuple[Shape, Strides]:
        """Lengths and strides of the axes that the indices are along."""
        axes = [index.axis for index in self.indices]
        return tuple(self.view.shape[a] for a in axes), tuple(self.view.strides[a] for a in axes)

    def offsets(self, steps: Sequence[int]) -> Tensor:
        """The sum of all indices, each times its axis' step: one contiguous uint32 per broadcast index."""
        terms = [offset_of(i.tensor, self.view.shape[i.axis], step) for i, step in zip(self.indices, steps, strict=True)]
        total = terms[0]
        for term in terms[1:]:
            total = add(total, term)
        total = broadcast_to(total, self.chosen)
        return total if total.is_contiguous else duplicate(total)


Part = int | slice | EllipsisType | None | bool | Tensor | HostIndices


def selection(x: Tensor, parts: Sequence[Part]) -> Selection:
    """What a key that holds a bool, a mask or indices selects. Waits where it holds a mask.

    Raises IndexError for host indices out of range, for indices that do not broadcast, and for a mask that does not
    fit its axes.
    """
    if len(parts) == 1 and is_mask(parts[0]):
        x, parts = _flattened(x, parts[0])  # type: ignore[arg-type]
    key, indices = _resolved(x, parts)
    view = view_of(x, key)
    indexed = {index.axis for index in indices}
    rest = [a for a in range(view.ndim) if a not in indexed]
    # NumPy's rule: arrays and integers side by side leave their axes in place; otherwise these come first.
    places = [i for i, part in enumerate(parts) if not (part is None or part is ... or isinstance(part, slice))]
    are_together = places[-1] - places[0] + 1 == len(places)
    n_before = sum(a < indices[0].axis for a in rest) if are_together else 0
    try:
        chosen = broadcast_shapes(*(index.tensor.shape for index in indices))
    except ValueError as error:
        raise IndexError(f"__getitem__: index arrays of {error}") from None
    n_arrays = sum(isinstance(part, Tensor | HostIndices) for part in parts)
    is_unique = math.prod(chosen) < 2 or (n_arrays == 1 and any(map(is_mask, parts)))
    return Selection(view, tuple(rest[:n_before]), tuple(rest[n_before:]), tuple(indices), chosen, is_unique)


def _resolved(x: Tensor, parts: Sequence[Part]) -> tuple[list[slice | None], list[Indices]]:
    """The key of the view, in which indexed axes are whole, and the indices along its axes."""
    key: list[slice | None] = []
    indices: list[Indices] = []
    axis = 0  # of x; that of the view is len(key)
    for part in written_out(x, parts):
        if part is None or isinstance(part, slice):
            key.append(part)
            axis += part is not None
            continue
        # A bool is for no axis of x, but for a new one.
        whole = None if isinstance(part, bool) else slice(None)
        for tensor in _along_axes(x, part, axis):
            indices.append(Indices(len(key), tensor))
            key.append(whole)
            axis += whole is not None
    return key, indices


def _flattened(x: Tensor, mask: Tensor) -> tuple[Tensor, list[Part]]:
    """A mask of the leading axes of ``x``, and these, as one axis where strides allow: positions need not be taken apart."""
    check_mask(x, mask, 0)
    lead = x.shape[: mask.ndim]
    merged = reshape_strides(lead, x.strides[: mask.ndim], (math.prod(lead),))
    if merged is None or mask.ndim < 2 or mask.shape != lead:
        return x, [mask]
    flat = x.view((math.prod(lead), *x.shape[mask.ndim :]), (*merged, *x.strides[mask.ndim :]))
    return flat, [reshape(mask, (mask.size,))]


def written_out(x: Tensor, parts: Sequence[Part]) -> list[int | slice | bool | Tensor | HostIndices | None]:
    """The key with ``...`` written out as slices."""
    rest = [slice(None)] * (x.ndim - sum(map(n_axes, parts)))
    place = next((i for i, part in enumerate(parts) if part is ...), len(parts))
    return [*parts[:place], *rest, *parts[place + 1 :]]  # type: ignore[list-item]


def n_axes(part: Part) -> int:
    """How many axes a part of a key is for."""
    if part is None or part is ... or isinstance(part, bool):
        return 0
    return part.ndim if is_mask(part) else 1  # type: ignore[union-attr]


def is_mask(part: object) -> bool:
    return isinstance(part, Tensor) and part.dtype is bool_


def _along_axes(x: Tensor, part: int | bool | Tensor | HostIndices, axis: int) -> list[Tensor]:
    """Indices along each of the axes, from ``axis`` on, that ``part`` is for."""
    if isinstance(part, bool):
        zeros = allocate((int(part),), uint32, x.device)
        if part:
            fill(zeros, 0)
        return [zeros]
    if isinstance(part, int):
        check_index(part, axis, x)
        index = allocate((), uint32, x.device)
        fill(index, part % x.shape[axis])
        return [index]
    if isinstance(part, HostIndices):
        if part.tensor.size:
            check_index(part.least, axis, x)
            check_index(part.most, axis, x)
        return [part.tensor]
    if is_mask(part):
        check_mask(x, part, axis)
        return coordinates(true_positions(part), part.shape)
    if part.size and not x.shape[axis]:
        check_index(0, axis, x)
    return [part]


def check_mask(x: Tensor, mask: Tensor, axis: int) -> None:
    """Raises IndexError unless each length of ``mask`` is that of x's axis, from ``axis`` on, or 0."""
    lengths = x.shape[axis : axis + mask.ndim]
    if len(lengths) < mask.ndim or any(n not in (0, m) for n, m in zip(mask.shape, lengths, strict=True)):
        raise IndexError(
            f"__getitem__: a mask of shape {mask.shape} does not fit the axes from {axis} on of x with shape {x.shape}"
        )


def coordinates(positions: Tensor, shape: Shape) -> list[Tensor]:
    """Row-major positions in an array of ``shape`` as (n,) uint32 indices along each of its axes. Does not wait."""
    if len(shape) == 1:
        return [positions]
    steps = contiguous_strides(shape)
    return [_computed(_COORDINATE, uint32, positions, step, n) for step, n in zip(steps, shape, strict=True)]


def offset_of(indices: Tensor, length: int, step: int) -> Tensor:
    """What each index along an axis of ``length``, whose neighbours are ``step`` elements apart, adds to a place."""
    return _computed(_OFFSET, int32, indices, length, step & 0xFFFFFFFF)


def _computed(expression: str, dtype: DType, x: Tensor, x2: int, x3: int) -> Tensor:
    """``expression`` of each element, read as ``dtype``, and of two scalars: contiguous uint32."""
    out = allocate(x.shape, uint32, x.device)
    if out.size:
        shape, (to, of) = collapse(x.shape, out.strides, x.strides)
        scalars = (Spec("x2", uint32, (), None), Spec("x3", uint32, (), None))
        specs = (Spec("out", uint32, shape, to), Spec("x1", x.dtype, shape, of), *scalars)
        plan = Elementwise("offset", expression, "", (dtype, uint32, uint32), uint32, shape, specs)
        run(plan, (out, x, x2, x3), x.device)
    return out


def read(selected: Selection) -> Tensor:
    """A copy of what is selected. Does not wait."""
    x = selected.view
    out = allocate(selected.shape, x.dtype, x.device)
    lengths, steps = selected.indexed()
    gather(x, selected.offsets(steps), (lengths, steps), out, selected.x_steps(), selected.offset_steps())
    return out


def gather(
    x: Tensor,
    offsets: Tensor,
    indexed: tuple[Shape, Strides],
    out: Tensor,
    x_steps: Strides,
    offset_steps: Strides,
) -> None:
    """``out[e] = x[e + offsets[e]]``, with steps over the shape of ``out``; see ``plans.indexing.Gather``."""
    if out.size:
        shape, (to, of, by) = collapse(out.shape, out.strides, x_steps, offset_steps)
        plan = Gather(x.dtype, shape, to, of, by, indexed)
        run(plan, (out, _as_spec(x, plan.x_spec), offsets), x.device)


def _as_spec(x: Tensor, spec: Spec) -> Tensor:
    """``x`` with the axes of ``spec``: one that is dense with these must not be taken for one that has gaps."""
    return x.view(spec.shape, spec.strides or ())


def write(selected: Selection, value: Tensor) -> None:
    """Writes ``value``, of the shape and dtype selected, over what is selected; the last write to an element stays.

    Does not wait.
    """
    x = selected.view
    if not value.size:
        return
    lengths, steps = selected.indexed()
    offsets = selected.offsets(steps)
    operands = [value, offsets]
    offset_steps = selected.offset_steps()
    is_same_everywhere = all(step == 0 for step, by in zip(value.strides, offset_steps, strict=True) if by)
    if not (selected.is_unique or is_same_everywhere):
        n_cells = math.prod(lengths)
        chosen = allocate((offsets.size,), bool_, x.device)
        cells = selected.offsets(contiguous_strides(lengths))
        run(LastWrites(offsets.size, n_cells), (chosen, cells), x.device)
        operands.append(chosen)
    shape, (to, of, by) = collapse(value.shape, selected.x_steps(), value.strides, offset_steps)
    plan = Scatter(x.dtype, shape, to, of, by, (lengths, steps), chosen=len(operands) == 3)
    run(plan, (_as_spec(x, plan.x_spec), *operands), x.device)


def write_where(x: Tensor, mask: Tensor, value: Tensor) -> None:
    """Writes ``value``, of the dtype of ``x``, over the elements where ``mask`` is true; both broadcast to ``x``."""
    steps = [x.strides, *(broadcast_strides(t.shape, t.strides, x.shape) for t in (value, mask))]
    shape, (to, of, by) = collapse(x.shape, *steps)
    run(MaskedCopy(x.dtype, shape, to, of, by), (x, value, mask), x.device)
