"""Plans of what combines the elements of a row: reductions, scans, and the positions of extremes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from ..dtypes import DType, int32
from .protocol import Part, Spec, Whole, dense, halves


@dataclass(frozen=True, slots=True)
class Reduce:
    """``out[row] = x[row, 0] op x[row, 1] op …``, with the steps of x between rows and columns.

    Rows may come in blocks of ``block`` at equal steps, whose first rows are ``block_step`` apart; 0 is one block.
    ``accumulator`` is the type of the arithmetic and of the intermediate results.
    """

    operation: ClassVar[str] = "reduce"
    read_only: ClassVar[tuple[str, ...]] = ("x",)
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


@dataclass(frozen=True, slots=True)
class Scan:
    """``out[o, l, i] = x[o, 0, i] op x[o, 1, i] op … x[o, l, i]``: (outer, length, inner) with any steps.

    ``accumulator`` is the type of the arithmetic and of the result.
    """

    operation: ClassVar[str] = "scan"
    read_only: ClassVar[tuple[str, ...]] = ("x",)
    op: str
    input: DType
    accumulator: DType
    outer: int
    length: int
    inner: int
    out_steps: tuple[int, int, int]
    x_steps: tuple[int, int, int]

    @property
    def specs(self) -> tuple[Spec, ...]:
        shape = (self.outer, self.length, self.inner)
        return Spec("out", self.accumulator, shape, self.out_steps), Spec("x", self.input, shape, self.x_steps)

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the outer axis, or else the inner one. An axis too long by itself is cut by ``ops.cumulative``."""
        if self.outer > 1:
            yield from halves(self, "outer", self.out_steps[0], self.x_steps[0])
        elif self.inner > 1:
            yield from halves(self, "inner", self.out_steps[2], self.x_steps[2])


@dataclass(frozen=True, slots=True)
class ArgExtreme:
    """The position of the first largest ("max") or smallest ("min") element of each row of x; of a NaN before any.

    x has any steps between rows and columns.
    """

    operation: ClassVar[str] = "arg_extreme"
    read_only: ClassVar[tuple[str, ...]] = ("x",)
    op: str
    dtype: DType
    index: DType
    n_rows: int
    n_cols: int
    row_step: int
    col_step: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        x = Spec("x", self.dtype, (self.n_rows, self.n_cols), (self.row_step, self.col_step))
        return dense("out", self.index, self.n_rows), x

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the rows. A row by itself is not cut."""
        if self.n_rows > 1:
            yield from halves(self, "n_rows", 1, self.row_step)


@dataclass(frozen=True, slots=True)
class FirstNonzero(Whole):
    """Where the first of ``n`` flags that is not zero stands.

    ``status`` is two words: 1 + its index and its value, or 0 and 0.
    """

    operation: ClassVar[str] = "first_nonzero"
    read_only: ClassVar[tuple[str, ...]] = ("flags",)
    n: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return dense("status", int32, 2), dense("flags", int32, self.n)
