"""Plans: what is to be computed, as frozen values that know no device.

A plan holds shapes, strides and data types, never data. Equal calls make equal plans, so a
plan is the key under which compiled work is found again. ``specs`` describes the operands
in the order in which ``execute.run`` receives them: outputs first, then inputs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol

from .dtypes import DType, float32, int32, uint32, uint64
from .shapes import Shape, Strides, contiguous_strides, extent

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


@dataclass(frozen=True, slots=True)
class Elementwise:
    """``out[i] = expression(x1[i], …)`` over collapsed axes.

    ``expression`` is WGSL on x1, x2, x3 of types ``arguments``, with a result of type
    ``result``; ``uses`` names its libraries.
    """

    operation: ClassVar[str] = "elementwise"
    op: str
    expression: str
    uses: str
    arguments: tuple[DType, ...]
    result: DType
    shape: Shape
    specs: tuple[Spec, ...]

    @property
    def is_dense(self) -> bool:
        """Whether every operand is visited with unit steps, or is a scalar."""
        return all(spec.strides is None or spec.is_dense for spec in self.specs)

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the axis along which the operands reach furthest."""
        steps = [spec.strides for spec in self.specs if spec.strides is not None]
        reach = [max(abs(s[axis]) for s in steps) * (n - 1) for axis, n in enumerate(self.shape)]
        axis = reach.index(max(reach))
        n = self.shape[axis]
        for start, stop in ((0, n // 2), (n // 2, n)):
            shape = (*self.shape[:axis], stop - start, *self.shape[axis + 1 :])
            specs = tuple(replace(spec, shape=shape) for spec in self.specs)
            offsets = tuple(start * spec.strides[axis] if spec.strides else 0 for spec in self.specs)
            yield replace(self, shape=shape, specs=specs), offsets


@dataclass(frozen=True, slots=True)
class Progression:
    """``out[i] = expression(first + i)``, for ``arange`` and ``linspace``.

    ``expression`` is WGSL on the position ``i`` (u32), ``n`` (u32, the length of the whole
    progression), and the scalars ``start``, ``step`` and ``stop``, all of the type of the result;
    ``number()`` converts a position to it.
    """

    operation: ClassVar[str] = "progression"
    expression: str
    dtype: DType
    n: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        scalars = (Spec(name, self.dtype, (), None) for name in ("start", "step", "stop"))
        return (
            dense("out", self.dtype, self.n),
            Spec("first", uint32, (), None),
            Spec("n", uint32, (), None),
            *scalars,
        )

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the progression."""
        yield from halves(self, "n", 1, 1, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Reduce:
    """``out[row] = x[row, 0] op x[row, 1] op …``, with the steps of x between rows and columns.

    Rows may come in blocks of ``block`` at equal steps, whose first rows are ``block_step`` apart; 0 is one block.
    ``accumulator`` is the type of the arithmetic and of the intermediate results.
    """

    operation: ClassVar[str] = "reduce"
    op: str
    input: DType
    accumulator: DType
    output: DType
    n_rows: int
    n_cols: int
    row_step: int
    col_step: int
    block: int = 0
    block_step: int = 0

    @property
    def specs(self) -> tuple[Spec, ...]:
        block = self.block or self.n_rows
        shape = (self.n_rows // block, block, self.n_cols)
        x = Spec("x", self.input, shape, (self.block_step, self.row_step, self.col_step))
        return dense("out", self.output, self.n_rows), x

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the blocks, or else the rows. A row that is too long by itself is cut by ``ops.statistical``."""
        n_blocks = self.n_rows // (self.block or self.n_rows)
        if n_blocks > 1:
            half = n_blocks // 2
            yield replace(self, n_rows=half * self.block), (0, 0)
            rest = replace(self, n_rows=self.n_rows - half * self.block)
            yield rest, (half * self.block, half * self.block_step)
        elif self.n_rows > 1:
            yield from halves(replace(self, block=0, block_step=0), "n_rows", 1, self.row_step)


class Batched:
    """Plans whose operands are contiguous and share a leading batch axis."""

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
                yield part, tuple(start * math.prod(spec.shape[1:]) for spec in specs)  # type: ignore[misc]


class Whole:
    """Plans that are never cut: a batch of such a size would exceed the memory with its matrices."""

    __slots__ = ()

    def split(self, limit: int) -> Iterator[Part]:
        """Yields nothing."""
        yield from ()


@dataclass(frozen=True, slots=True)
class FirstNonzero(Whole):
    """Where the first of ``n`` flags that is not zero stands.

    ``status`` is two words: 1 + its index and its value, or 0 and 0.
    """

    operation: ClassVar[str] = "first_nonzero"
    n: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return dense("status", int32, 2), dense("flags", int32, self.n)


@dataclass(frozen=True, slots=True)
class Random(Whole):
    """``n`` numbers of a distribution from a Philox stream: ``uniform``, ``standard_normal`` or ``integers``.

    Scalars ``key`` and ``counter`` say where the stream starts. Normal numbers are looked up
    in ``table`` of ``n_table`` words; integers go from ``low`` to ``low + span``, and ``mask``
    holds as many ones as span has bits.

    Never cut, because a part's counter would be another: ``random`` asks for pieces that fit.
    """

    operation: ClassVar[str] = "random"
    distribution: str
    n: int
    dtype: DType = float32
    n_table: int = 0

    @property
    def word(self) -> DType:
        """The type of the random words that one number is made of."""
        return uint64 if self.dtype.bits == 64 else uint32

    @property
    def specs(self) -> tuple[Spec, ...]:
        more: tuple[Spec, ...] = ()
        if self.distribution == "standard_normal":
            more = (dense("table", self.word, self.n_table),)
        elif self.distribution == "integers":
            more = tuple(Spec(name, self.word, (), None) for name in ("low", "span", "mask"))
        return (
            dense("out", self.dtype, self.n),
            Spec("key", uint64, (), None),
            Spec("counter", uint64, (), None),
            *more,
        )
