"""What there is to say of a choice: as text, as a dictionary, as a picture. ``explain`` finds it out."""

from __future__ import annotations

import io
import os
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from .survey import Cell, Floor, Scene

# What may be said of a candidate. Only the first two can win.
CHOSEN, MEASURED, NOT_MEASURED = "chosen", "measured", "not measured"
STALE, CANNOT, QUARANTINED = "stale", "cannot", "quarantined"
NOT_GATED, NOT_ACCURATE = "not gated", "not accurate"

HEADINGS = ("kernel", "configuration", "ms", "from run to run", "times the best", "gate", "status", "why")
# Columns of numbers.
RIGHT = ("ms", "times the best")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A kernel in one of its configurations, and what became of it.

    ``status``: "chosen", "measured", "not measured", "stale" (it or its distribution has changed since it was measured), "cannot"
    (do this plan), "quarantined", "not gated" (the accuracy gate has not been run on it), "not accurate" (it failed); ``why`` in words. ``gate``: the verdict
    of the accuracy gate. ``device_ms`` (one per round of measuring) and ``host_ms`` are of the cell that the explanation shows.
    """

    kernel: str
    config: Mapping[str, int]
    distribution: str
    status: str
    why: str
    gate: str
    device_ms: tuple[float, ...] = ()
    host_ms: float = 0.0
    date: str = ""

    @property
    def ms(self) -> float | None:
        """Milliseconds of a call: the median of the device's, and the host's. None where it was not measured."""
        return statistics.median(self.device_ms) + self.host_ms if self.device_ms else None

    @property
    def spread(self) -> tuple[float, float] | None:
        """The least and the most of the rounds, in milliseconds of a call."""
        return (min(self.device_ms) + self.host_ms, max(self.device_ms) + self.host_ms) if self.device_ms else None

    def as_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""
        return {
            "kernel": self.kernel, "config": dict(self.config), "distribution": self.distribution, "status": self.status,
            "why": self.why, "gate": self.gate, "ms": self.ms, "spread_ms": self.spread and list(self.spread),
            "device_ms": list(self.device_ms), "host_ms": self.host_ms if self.device_ms else None, "date": self.date or None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why ``kernel`` in ``config`` is what computes ``batch`` matrices of order ``n``. Printing it shows a table.

    ``basis``: "named", "off" (tuning is), "measured" for this n and batch, "nearest" (measured for the nearest ``cell``), or
    "default". ``why`` says it in words. ``cell``: the n and batch whose times are shown, None where nothing was measured near by.
    ``lead``: how many times as fast it is as ``runner_up``, the next kernel that could be used. ``store`` is the file, "" for none.
    """

    operation: str
    dtype: str
    n: int
    batch: int
    device: Mapping[str, str]
    kernel: str
    config: Mapping[str, int]
    basis: str
    why: str
    mode: str
    accuracy: str
    store: str
    is_frozen: bool
    n_cells: int
    cell: tuple[int, int] | None
    lead: float | None
    runner_up: str | None
    floor: Floor | None
    floor_ms: float | None
    candidates: tuple[Candidate, ...]
    # What a picture shows; made on demand, from the same rows.
    scene: tuple[Scene, Sequence[Cell]] | None = field(default=None, repr=False, compare=False)

    @property
    def headline(self) -> str:
        """What is computed, and where."""
        matrices = "one matrix" if self.batch == 1 else f"{self.batch:,} matrices"
        return f"{self.operation} of {matrices} of order {self.n:,}, {self.dtype}, on {self.device['description']} ({self.device['name']})"

    @property
    def choice(self) -> str:
        """What is chosen, and why."""
        config = config_text(self.config)
        return f"{self.kernel}{f' ({config})' if config else ''}: {self.why}"

    @property
    def notes(self) -> tuple[str, ...]:
        """Lines below the table: whose times these are, the floor, the store."""
        lines = []
        if self.cell is not None:
            lines.append(f"times: {self.cell[0]:,} x {self.cell[1]:,}, milliseconds of a call, device (median of the rounds) and host")
        if self.floor is not None and self.floor_ms is not None:
            lines.append(f"floor: {time_text(self.floor_ms)} ms: {self.floor}")
        frozen = " (frozen: nothing is measured, nothing is written)" if self.is_frozen else ""
        cells = "one cell" if self.n_cells == 1 else f"{self.n_cells:,} cells"
        lines.append(f"store: {self.store or 'none'}{frozen}, {cells} measured for this dtype; tuning {self.mode!r}, accuracy {self.accuracy!r}")
        return tuple(lines)

    def rows(self) -> list[tuple[str, ...]]:
        """The cells of the table under ``HEADINGS``."""
        best = min((c.ms for c in self.candidates if c.ms and c.status in (CHOSEN, MEASURED)), default=None)
        return [_row(candidate, best) for candidate in self.candidates]

    def as_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""
        floor = None
        if self.floor is not None:
            floor = {"ms": self.floor_ms, "bytes_per_second": self.floor.bytes_per_second,
                     "operations_per_second": self.floor.operations_per_second, "cells": self.floor.n_cells}  # fmt: skip
        return {
            "operation": self.operation, "dtype": self.dtype, "n": self.n, "batch": self.batch, "device": dict(self.device),
            "kernel": self.kernel, "config": dict(self.config), "basis": self.basis, "why": self.why,
            "lead": self.lead, "runner_up": self.runner_up, "cell": self.cell and {"n": self.cell[0], "batch": self.cell[1]},
            "mode": self.mode, "accuracy": self.accuracy, "store": self.store, "frozen": self.is_frozen,
            "measured_cells": self.n_cells, "floor": floor, "candidates": [candidate.as_dict() for candidate in self.candidates],
        }  # fmt: skip

    def picture(self, path: str | os.PathLike[str]) -> None:
        """Writes a PNG: which kernel is fastest over n x batch, and times over n and over batch with their floor.

        From what is in the store; nothing is measured. Raises ValueError where the store has nothing for this operation and dtype,
        ImportError without Matplotlib, OSError.
        """
        file = io.BytesIO()
        self.draw(file)
        Path(path).write_bytes(file.getvalue())

    def draw(self, file: BinaryIO) -> None:
        """``picture`` into an open file."""
        check_matplotlib()
        if self.scene is None:
            what = f"{self.operation} of {self.dtype} matrices on {self.device['name']}"
            raise ValueError(f"explain: there is nothing to draw: nothing was measured for {what}; run `webgpu-array tune` first")
        from .pictures import draw

        draw(*self.scene, file)

    def __str__(self) -> str:
        table = [HEADINGS, *self.rows()]
        widths = [max(len(row[i]) for row in table) for i in range(len(HEADINGS))]
        used = [i for i in range(len(HEADINGS)) if any(row[i] for row in table[1:])]
        lines = ["  ".join(row[i].rjust(widths[i]) if HEADINGS[i] in RIGHT else row[i].ljust(widths[i]) for i in used) for row in table]
        return "\n".join((self.headline, self.choice, "", *(line.rstrip() for line in lines), "", *self.notes))

    __repr__ = __str__


def check_matplotlib() -> None:
    """Raises ImportError with the remedy where Matplotlib is missing."""
    if find_spec("matplotlib") is None:
        raise ImportError("explain: a picture needs Matplotlib; install it with: pip install 'webgpu-array[demo]'")


def config_text(config: Mapping[str, int]) -> str:
    """ "team=8, rows=4"; nothing for a kernel that leaves no choice."""
    return ", ".join(f"{name}={value}" for name, value in config.items())


def time_text(ms: float) -> str:
    """Three digits, without an exponent."""
    if ms >= 999.5:
        return f"{ms:,.0f}"
    return f"{ms:#.3g}".rstrip(".") if ms >= 1e-4 else f"{ms:.6f}"


def _row(candidate: Candidate, best: float | None) -> tuple[str, ...]:
    measured: tuple[str, ...] = ("", "", "")
    if candidate.ms is not None and candidate.spread is not None:
        low, high = map(time_text, candidate.spread)
        times = "" if not best else f"{candidate.ms / best:.2f}" if candidate.ms < 100 * best else f"{candidate.ms / best:,.0f}"
        measured = (time_text(candidate.ms), low if low == high else f"{low} to {high}", times)
    return (candidate.kernel, config_text(candidate.config), *measured, candidate.gate, candidate.status, candidate.why)
