"""What every plan offers, and what plans are made of.

``specs`` describes the operands in the order in which ``execute.run`` receives them: outputs
first, then inputs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol

from ..dtypes import DType
from ..shapes import Shape, Strides, contiguous_strides, extent

# Where possible matrices per piece come in multiples of this: every piece then starts on a
# legal binding offset (256 bytes at most), and `execute` need not move it.
_ALIGNED = 64


@dataclass(frozen=True, slots=True)
class Spec:
    """One operand. ``strides`` is None for a scalar, which travels with the parameters."""

    name: str
    dtype: DType
    shape: Shape
    strides: Strides | None

    @property
    def is_dense(self) -> bool:
        """Whether the elements lie row-major without gaps."""
        return self.strides == contiguous_strides(self.shape)

    @property
    def nbytes(self) -> int:
        """Bytes from the first element touched to the last."""
        if self.strides is None:
            return 0
        low, high = extent(self.shape, self.strides)
        return (high - low + 1) * self.dtype.storage_bytes


Part = tuple["Plan", tuple[int, ...]]


class Plan(Protocol):
    """What every plan offers to ``execute``."""

    operation: ClassVar[str]
    # Names of the operands that kernels only read; every other one they may write.
    read_only: ClassVar[tuple[str, ...]]

    @property
    def specs(self) -> tuple[Spec, ...]: ...

    def split(self, limit: int) -> Iterator[Part]:
        """Smaller plans, each with the element offset of its part of every operand.

        The offset of a scalar is added to its value, for scalars that count elements.
        Used when an operand has more than ``limit`` bytes, what one binding may hold.
        Yields nothing where the work cannot be cut.
        """


def dense(name: str, dtype: DType, *shape: int) -> Spec:
    return Spec(name, dtype, shape, contiguous_strides(shape))


def halves(plan: Any, size: str, *steps: int) -> Iterator[Part]:
    """``plan`` cut in two along its field ``size``, of which one more moves the operands on by ``steps`` elements."""
    n = getattr(plan, size)
    half = n // 2
    yield replace(plan, **{size: half}), (0,) * len(steps)
    yield replace(plan, **{size: n - half}), tuple(half * step for step in steps)


class Batched:
    """Plans whose operands are contiguous and share a leading batch axis, but for those that belong to the whole batch, whose first axis is 1."""

    __slots__ = ()
    batch: int

    def split(self, limit: int) -> Iterator[Part]:
        """As many matrices per part as one binding holds."""
        specs: tuple[Spec, ...] = self.specs  # type: ignore[attr-defined]
        largest = max(spec.nbytes // self.batch for spec in specs)
        step = limit // largest
        if step > _ALIGNED:
            step -= step % _ALIGNED
        if 0 < step < self.batch:
            for start in range(0, self.batch, step):
                part = replace(self, batch=min(step, self.batch - start))  # type: ignore[type-var]
                steps = (0 if spec.shape[0] == 1 else math.prod(spec.shape[1:]) for spec in specs)
                yield part, tuple(start * step for step in steps)  # type: ignore[misc]


class Whole:
    """Plans that are never cut: a batch of such a size would exceed the memory with its matrices."""

    __slots__ = ()

    def split(self, limit: int) -> Iterator[Part]:
        """Yields nothing."""
        yield from ()
