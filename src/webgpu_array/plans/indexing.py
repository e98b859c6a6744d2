"""Plans of what a mask selects, and of reading and writing at positions that another operand holds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from ..dtypes import DType, bool_, uint32
from ..shapes import Shape, Strides, extent
from .protocol import Part, Spec, Whole, dense, halves

# Flags that one workgroup counts, and puts into positions. Part of the plans, because both kernels must agree.
FLAGS_PER_CHUNK = 1024


@dataclass(frozen=True, slots=True)
class CountFlags(Whole):
    """``counts[c]``: how many of the flags of chunk c are set. Never cut: ``ops.compaction`` asks for pieces that fit."""

    operation: ClassVar[str] = "count_flags"
    read_only: ClassVar[tuple[str, ...]] = ("flags",)
    n: int

    @property
    def n_chunks(self) -> int:
        return -(-self.n // FLAGS_PER_CHUNK)

    @property
    def specs(self) -> tuple[Spec, ...]:
        return dense("counts", uint32, self.n_chunks), dense("flags", bool_, self.n)


@dataclass(frozen=True, slots=True)
class Compact(Whole):
    """``positions``: where the flags that are set stand, counted from ``first``; ``total`` of them.

    ``offsets`` holds how many are set before each chunk of ``CountFlags``. Never cut, as that.
    """

    operation: ClassVar[str] = "compact"
    read_only: ClassVar[tuple[str, ...]] = ("flags", "offsets")
    n: int
    total: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        n_chunks = -(-self.n // FLAGS_PER_CHUNK)
        return (
            dense("positions", uint32, self.total),
            dense("flags", bool_, self.n),
            dense("offsets", uint32, n_chunks),
            Spec("first", uint32, (), None),
        )


@dataclass(frozen=True, slots=True)
class RepeatPositions:
    """``positions[i]``: the number of ``ends``, which ascend, that are not above ``first + i``."""

    operation: ClassVar[str] = "repeat_positions"
    read_only: ClassVar[tuple[str, ...]] = ("ends",)
    n: int
    n_ends: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            dense("positions", uint32, self.n),
            dense("ends", uint32, self.n_ends),
            Spec("first", uint32, (), None),
        )

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the positions, where that helps."""
        if self.n > 1 and self.specs[1].nbytes <= limit:
            yield from halves(self, "n", 1, 0, 1)


class _Offset:
    """Plans with an operand ``x`` of which elements are visited at offsets that another operand holds.

    An offset is what positions along the axes ``indexed`` (lengths, strides) of ``x`` add to an element's place. With
    a ``window`` (first element, number of elements) only places within are visited, and ``x`` begins there.
    """

    __slots__ = ()
    dtype: DType
    shape: Shape
    x_steps: Strides
    indexed: tuple[Shape, Strides]
    window: tuple[int, int] | None

    @property
    def x_spec(self) -> Spec:
        if self.window:
            return dense("x", self.dtype, self.window[1])
        lengths, strides = self.indexed
        return Spec("x", self.dtype, self.shape + lengths, self.x_steps + strides)

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the axis along which the largest operand of this shape reaches furthest; or else cuts ``x``.

        Cut into windows, every element is visited once per window.
        """
        specs: tuple[Spec, ...] = self.specs  # type: ignore[attr-defined]
        others = [spec for spec in specs if spec.name != "x"]
        largest = max(others, key=lambda spec: spec.nbytes)
        if largest.nbytes > limit:
            steps = tuple(self.x_steps if spec.name == "x" else spec.strides or () for spec in specs)
            yield from _halved_axis(self, largest.strides or (), steps)
            return
        low, high = extent(self.x_spec.shape, self.x_spec.strides or ())
        length = limit // self.dtype.storage_bytes
        for first in range(low, high + 1, length):
            part = replace(self, window=(first, min(length, high + 1 - first)))  # type: ignore[type-var]
            yield part, tuple(first if spec.name == "x" else 0 for spec in specs)  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Gather(_Offset):
    """``out[e] = x[e + offsets[e]]`` over ``shape``, the operands with steps of their own."""

    operation: ClassVar[str] = "gather"
    read_only: ClassVar[tuple[str, ...]] = ("x", "offsets")
    dtype: DType
    shape: Shape
    out_steps: Strides
    x_steps: Strides
    offset_steps: Strides
    indexed: tuple[Shape, Strides]
    window: tuple[int, int] | None = None

    @property
    def specs(self) -> tuple[Spec, ...]:
        out = Spec("out", self.dtype, self.shape, self.out_steps)
        return out, self.x_spec, Spec("offsets", uint32, self.shape, self.offset_steps)


@dataclass(frozen=True, slots=True)
class Scatter(_Offset):
    """``x[e + offsets[e]] = value[e]`` over ``shape``, the operands with steps of their own.

    With ``chosen``, only for offsets that an operand of flags, as many as there are offsets, has chosen.
    """

    operation: ClassVar[str] = "scatter"
    read_only: ClassVar[tuple[str, ...]] = ("value", "offsets", "chosen")
    dtype: DType
    shape: Shape
    x_steps: Strides
    value_steps: Strides
    offset_steps: Strides
    indexed: tuple[Shape, Strides]
    chosen: bool
    window: tuple[int, int] | None = None

    @property
    def specs(self) -> tuple[Spec, ...]:
        value = Spec("value", self.dtype, self.shape, self.value_steps)
        offsets = Spec("offsets", uint32, self.shape, self.offset_steps)
        flags = (replace(offsets, name="chosen", dtype=bool_),) if self.chosen else ()
        return (self.x_spec, value, offsets, *flags)


@dataclass(frozen=True, slots=True)
class LastWrites(Whole):
    """``chosen[i]``: whether no later entry of ``cells``, numbers below ``n_cells``, equals ``cells[i]``.

    Never cut: what comes later decides.
    """

    operation: ClassVar[str] = "last_writes"
    read_only: ClassVar[tuple[str, ...]] = ("cells",)
    n: int
    n_cells: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return dense("chosen", bool_, self.n), dense("cells", uint32, self.n)


@dataclass(frozen=True, slots=True)
class MaskedCopy:
    """``x[e] = value[e]`` where ``mask[e]``, over ``shape``, each operand with steps of its own."""

    operation: ClassVar[str] = "masked_copy"
    read_only: ClassVar[tuple[str, ...]] = ("value", "mask")
    dtype: DType
    shape: Shape
    x_steps: Strides
    value_steps: Strides
    mask_steps: Strides

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            Spec("x", self.dtype, self.shape, self.x_steps),
            Spec("value", self.dtype, self.shape, self.value_steps),
            Spec("mask", bool_, self.shape, self.mask_steps),
        )

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the axis along which ``x`` reaches furthest."""
        if math.prod(self.shape) > 1:
            yield from _halved_axis(self, self.x_steps, (self.x_steps, self.value_steps, self.mask_steps))


def _halved_axis(plan: Any, largest: Strides, columns: tuple[Strides, ...]) -> Iterator[Part]:
    """``plan`` cut in two along the axis where ``largest`` reaches furthest; ``columns`` are the steps of the operands."""
    reach = [abs(step) * (n - 1) for n, step in zip(plan.shape, largest, strict=True)]
    axis = reach.index(max(reach))
    n = plan.shape[axis]
    for start, stop in ((0, n // 2), (n // 2, n)):
        shape = (*plan.shape[:axis], stop - start, *plan.shape[axis + 1 :])
        yield replace(plan, shape=shape), tuple(start * steps[axis] for steps in columns)
