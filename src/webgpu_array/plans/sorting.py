"""Plans of sorting and of what rests on it: searches in sorted data, runs of equal elements.

The order is that of ``kernels.sort_keys``: a NaN comes after every number, -0 and 0 are equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ..dtypes import DType, bool_, int32, uint32
from .protocol import Part, Spec, Whole, dense, halves

# Elements per tile of CountRuns and WriteRuns, which share the counts of the tiles.
RUN_TILE = 2048


@dataclass(frozen=True, slots=True)
class Sort:
    """Sorts each row of x (n_rows, n_cols), equal elements staying in order.

    ``wants`` names the outputs: "values" of x's dtype, "indices" of type ``index`` into the row.
    """

    operation: ClassVar[str] = "sort"
    read_only: ClassVar[tuple[str, ...]] = ("x",)
    dtype: DType
    index: DType
    n_rows: int
    n_cols: int
    descending: bool
    wants: tuple[str, ...]

    @property
    def specs(self) -> tuple[Spec, ...]:
        types = {"values": self.dtype, "indices": self.index}
        outputs = (dense(name, types[name], self.n_rows, self.n_cols) for name in self.wants)
        return *outputs, dense("x", self.dtype, self.n_rows, self.n_cols)

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the rows. A row by itself is not cut."""
        if self.n_rows > 1:
            yield from halves(self, "n_rows", *(self.n_cols for _ in self.specs))


@dataclass(frozen=True, slots=True)
class Search:
    """Where each of ``n`` values stands among ``m`` sorted elements of ``x``.

    ``op`` is "left" or "right" (the number of elements below the value, or not above it, of
    type ``index``), "in" or "not in" (whether an element equals the value, bool). With
    ``has_sorter``, x is sorted when taken at the positions ``sorter``.
    """

    operation: ClassVar[str] = "search"
    read_only: ClassVar[tuple[str, ...]] = ("x", "sought", "sorter")
    op: str
    dtype: DType
    index: DType
    m: int
    n: int
    has_sorter: bool

    @property
    def specs(self) -> tuple[Spec, ...]:
        result = bool_ if self.op in ("in", "not in") else self.index
        sorter = (dense("sorter", int32, self.m),) if self.has_sorter else ()
        return (
            dense("out", result, self.n),
            dense("x", self.dtype, self.m),
            dense("sought", self.dtype, self.n),
            *sorter,
        )

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the values, where that helps."""
        if self.n > 1 and self.specs[1].nbytes <= limit:
            yield from halves(self, "n", 1, 0, 1, *((0,) if self.has_sorter else ()))


@dataclass(frozen=True, slots=True)
class CountRuns(Whole):
    """Counts the runs of equal elements that begin in each tile of a sorted vector of ``n``.

    A NaN equals nothing and is a run by itself.
    """

    operation: ClassVar[str] = "count_runs"
    read_only: ClassVar[tuple[str, ...]] = ("x",)
    dtype: DType
    n: int

    @property
    def n_tiles(self) -> int:
        return -(-self.n // RUN_TILE)

    @property
    def specs(self) -> tuple[Spec, ...]:
        return dense("counts", uint32, self.n_tiles), dense("x", self.dtype, self.n)


@dataclass(frozen=True, slots=True)
class WriteRuns(Whole):
    """Writes the ``n_runs`` runs of a sorted vector of ``n``, of which ``offsets`` begin before each tile.

    ``wants`` names the outputs: "values", one per run; "starts", where each begins, and ``n``;
    "indices" and "inverse" with ``order``, the positions that the elements had before sorting:
    where the first of each run was, and in which run each of them now is.
    """

    operation: ClassVar[str] = "write_runs"
    read_only: ClassVar[tuple[str, ...]] = ("x", "offsets", "order")
    dtype: DType
    index: DType
    n: int
    n_runs: int
    wants: tuple[str, ...]

    @property
    def n_tiles(self) -> int:
        return -(-self.n // RUN_TILE)

    @property
    def has_order(self) -> bool:
        return "indices" in self.wants or "inverse" in self.wants

    @property
    def specs(self) -> tuple[Spec, ...]:
        outputs = {
            "values": dense("values", self.dtype, self.n_runs),
            "starts": dense("starts", self.index, self.n_runs + 1),
            "indices": dense("indices", self.index, self.n_runs),
            "inverse": dense("inverse", self.index, self.n),
        }
        order = (dense("order", uint32, self.n),) if self.has_order else ()
        return (
            *(outputs[name] for name in self.wants),
            dense("x", self.dtype, self.n),
            dense("offsets", uint32, self.n_tiles),
            *order,
        )
