"""What a store says of all cells at once: who is fastest where, and the least time that its rates allow."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .rows import Measured, Timing


@dataclass(frozen=True, slots=True)
class Time:
    """Milliseconds of a call in a cell: the median, and the range from run to run."""

    ms: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Cell:
    """What was measured for one n and batch: every kernel's best configuration, and the kernel that wins."""

    n: int
    batch: int
    winner: str
    times: Mapping[str, Time]

    @property
    def lead(self) -> float:
        """The next best kernel's time over the winner's; infinite where no other was measured."""
        others = [time.ms for kernel, time in self.times.items() if kernel != self.winner]
        return min(others, default=math.inf) / self.times[self.winner].ms


@dataclass(frozen=True, slots=True)
class Scene:
    """What a picture shows beside its cells.

    ``choice`` and ``origin`` are lines below the title: what is chosen, and what was measured when and where. ``n``, ``batch``: the
    point that is asked about. ``kernels``: all that may occur, in an order that gives each its colour. ``floor``:
    the least milliseconds of n and batch; ``floor_text`` says by which rates. ``reach``: beyond these factors in n and in batch a
    cell decides nothing.
    """

    title: str
    choice: str
    origin: str
    n: int
    batch: int
    kernels: Sequence[str]
    floor: Callable[[int, int], float]
    floor_text: str
    reach: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Floor:
    """The least milliseconds of a call: what is read and written, once, or 2 n³ operations a matrix.

    ``bytes_per_second`` and ``operations_per_second`` are the best rates that any of ``n_cells`` measured cells shows by the device's
    clock: no measurement is below the floor. Complex numbers take four times the operations.
    """

    plan: Any
    bytes_per_second: float
    operations_per_second: float
    n_cells: int

    def ms(self, n: int, batch: int) -> float:
        """Of ``batch`` matrices of order ``n``."""
        nbytes, operations = _work(self.plan, n, batch)
        return 1e3 * max(nbytes / self.bytes_per_second, operations / self.operations_per_second)

    def __str__(self) -> str:
        cells = f"{self.n_cells:,} measured cells" if self.n_cells > 1 else "the one measured cell"
        rates = _si(self.bytes_per_second, "B/s"), _si(self.operations_per_second, "FLOP/s")
        return f"each byte read and written once at {rates[0]}, or 2 n³ operations at {rates[1]}, the best rates in {cells}"


def cells_of(plan: Any, measured: Measured, kernels: Collection[str]) -> list[Cell]:
    """Every cell of the operation and dtype of ``plan`` where one of ``kernels`` was measured, with the times of those."""
    found = []
    for (n, batch), rows in sorted(measured.cells(plan.operation, plan.dtype.name).items()):
        best: dict[str, Timing] = {}
        for row in rows:
            if row.kernel in kernels and (row.kernel not in best or row.ms < best[row.kernel].ms):
                best[row.kernel] = row
        if best:
            times = {kernel: Time(row.ms, min(row.device_ms) + row.host_ms, max(row.device_ms) + row.host_ms) for kernel, row in best.items()}
            found.append(Cell(n, batch, min(times, key=lambda kernel: times[kernel].ms), times))
    return found


def floor_of(plan: Any, measured: Measured, kernels: Collection[str]) -> Floor | None:
    """The floor by the best rates that ``kernels`` show for the operation and dtype of ``plan``; None where nothing was measured."""
    bytes_rate = operations_rate = 0.0
    cells = set()
    for (n, batch), rows in measured.cells(plan.operation, plan.dtype.name).items():
        times = [ms for row in rows if row.kernel in kernels for ms in row.device_ms]
        fastest = min((ms for ms in times if ms > 0), default=None)
        if fastest is not None:
            nbytes, operations = _work(plan, n, batch)
            bytes_rate = max(bytes_rate, 1e3 * nbytes / fastest)
            operations_rate = max(operations_rate, 1e3 * operations / fastest)
            cells.add((n, batch))
    return Floor(plan, bytes_rate, operations_rate, len(cells)) if cells else None


def _work(plan: Any, n: int, batch: int) -> tuple[int, int]:
    """Bytes of the operands, and operations."""
    of = replace(plan, n=n, batch=batch)
    return sum(spec.nbytes for spec in of.specs), (8 if plan.dtype.is_complex else 2) * n**3 * batch


def _si(rate: float, unit: str) -> str:
    for factor, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M")):
        if rate >= factor:
            return f"{rate / factor:.3g} {prefix}{unit}"
    return f"{rate:.3g} {unit}"
