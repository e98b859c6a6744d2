"""Plans: what is to be computed, as frozen values that know no device.

A plan holds shapes, strides and data types, never data. Equal calls make equal plans, so a
plan is the key under which compiled work is found again. ``specs`` describes the operands
in the order in which ``execute.run`` receives them: outputs first, then inputs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

from .dtypes import DType, float32, int32, uint64
from .shapes import Shape, Strides, contiguous_strides, extent

# Matrices per piece come in multiples of this, so that every piece starts on a legal
# binding offset (256 bytes at most) whatever the size of a matrix.
_ALIGNED = 64


@dataclass(frozen=True, slots=True)
class Spec:
    """One operand. ``strides`` is None for a scalar, which travels with the parameters."""

    name: str
    dtype: DType
    shape: Shape
    strides: Strides | None

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

        Used when an operand has more than ``limit`` bytes, what one binding may hold.
        Yields nothing where the work cannot be cut.
        """


def _dense(name: str, dtype: DType, *shape: int) -> Spec:
    return Spec(name, dtype, shape, contiguous_strides(shape))


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
        return all(spec.strides is None or spec.strides == contiguous_strides(self.shape) for spec in self.specs)

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
class Reduce:
    """``out[row] = finish(combine over columns of x[row, column])``.

    ``layout`` gives the steps of x between rows and between columns.
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

    @property
    def specs(self) -> tuple[Spec, ...]:
        x = Spec("x", self.input, (self.n_rows, self.n_cols), (self.row_step, self.col_step))
        return _dense("out", self.output, self.n_rows), x

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the rows."""
        if self.n_rows > 1:
            half = self.n_rows // 2
            yield replace(self, n_rows=half), (0, 0)
            yield replace(self, n_rows=self.n_rows - half), (half, half * self.row_step)


@dataclass(frozen=True, slots=True)
class MatMul:
    """``out[b] = x1[b] @ x2[b]``: (batch, m, k) by (batch, k, n), with steps (batch, row, column)."""

    operation: ClassVar[str] = "matmul"
    dtype: DType
    batch: int
    m: int
    n: int
    k: int
    x1_steps: tuple[int, int, int]
    x2_steps: tuple[int, int, int]

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            _dense("out", self.dtype, self.batch, self.m, self.n),
            Spec("x1", self.dtype, (self.batch, self.m, self.k), self.x1_steps),
            Spec("x2", self.dtype, (self.batch, self.k, self.n), self.x2_steps),
        )

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the batch, or else the rows of x1 and of the result."""
        if self.batch > 1:
            half = self.batch // 2
            yield replace(self, batch=half), (0, 0, 0)
            offsets = half * self.m * self.n, half * self.x1_steps[0], half * self.x2_steps[0]
            yield replace(self, batch=self.batch - half), offsets
        elif self.m > 1 and self.specs[2].nbytes <= limit:
            half = self.m // 2
            yield replace(self, m=half), (0, 0, 0)
            yield replace(self, m=self.m - half), (half * self.n, half * self.x1_steps[1], 0)


class _Batched:
    """Plans whose operands are contiguous and share a leading batch axis."""

    __slots__ = ()
    batch: int

    def split(self, limit: int) -> Iterator[Part]:
        """As many matrices per part as one binding holds."""
        specs: tuple[Spec, ...] = self.specs  # type: ignore[attr-defined]
        largest = max(spec.nbytes // self.batch for spec in specs)
        step = limit // largest // _ALIGNED * _ALIGNED
        if 0 < step < self.batch:
            for start in range(0, self.batch, step):
                part = replace(self, batch=min(step, self.batch - start))  # type: ignore[type-var]
                yield part, tuple(start * math.prod(spec.shape[1:]) for spec in specs)  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Inverse(_Batched):
    """Inverses of ``batch`` matrices of order ``n``, with info and rcond for each.

    ``info`` is 0, or the 1-based step at which elimination met a zero pivot; that matrix's
    inverse is then NaN and its rcond 0. ``rcond`` is 1 / (‖A‖₁ ‖A⁻¹‖₁), NaN for a matrix that
    holds NaN or Inf, whose inverse is NaN throughout.
    """

    operation: ClassVar[str] = "inverse"
    dtype: DType
    n: int
    batch: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            _dense("inverse", self.dtype, self.batch, self.n, self.n),
            _dense("info", int32, self.batch),
            _dense("rcond", self.dtype, self.batch),
            _dense("x", self.dtype, self.batch, self.n, self.n),
        )


@dataclass(frozen=True, slots=True)
class InverseStatus:
    """The status record of a batch: what ``inv`` reads to raise or to warn.

    ``status`` is four words: index of the first singular matrix (all ones: none), its info,
    index of the matrix of the smallest rcond, and that rcond's bits as float32.
    """

    operation: ClassVar[str] = "inverse_status"
    dtype: DType
    batch: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            _dense("status", int32, 4),
            _dense("info", int32, self.batch),
            _dense("rcond", self.dtype, self.batch),
        )

    def split(self, limit: int) -> Iterator[Part]:
        """Never needed: a batch of such a size would exceed the memory with its matrices."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Solve(_Batched):
    """``out[b] = x1[b]⁻¹ x2[b]`` for x1 (batch, n, n), x2 (batch, n, n_rhs); ``info`` as in Inverse."""

    operation: ClassVar[str] = "solve"
    dtype: DType
    n: int
    n_rhs: int
    batch: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            _dense("out", self.dtype, self.batch, self.n, self.n_rhs),
            _dense("info", int32, self.batch),
            _dense("x1", self.dtype, self.batch, self.n, self.n),
            _dense("x2", self.dtype, self.batch, self.n, self.n_rhs),
        )


@dataclass(frozen=True, slots=True)
class Determinant(_Batched):
    """Determinants of (batch, n, n): ``det``, and as ``sign`` and ``logabsdet``, which cannot overflow."""

    operation: ClassVar[str] = "determinant"
    dtype: DType
    n: int
    batch: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            _dense("det", self.dtype, self.batch),
            _dense("sign", self.dtype, self.batch),
            _dense("logabsdet", self.dtype, self.batch),
            _dense("x", self.dtype, self.batch, self.n, self.n),
        )


@dataclass(frozen=True, slots=True)
class Random:
    """``n`` values of a Philox stream: scalars ``key`` and ``counter`` say where it starts."""

    operation: ClassVar[str] = "random"
    distribution: str
    n: int
    dtype: DType = float32

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            _dense("out", self.dtype, self.n),
            Spec("key", uint64, (), None),
            Spec("counter", uint64, (), None),
        )

    def split(self, limit: int) -> Iterator[Part]:
        """Cannot: a part's counter would be another. ``random`` asks for pieces that fit."""
        yield from ()
