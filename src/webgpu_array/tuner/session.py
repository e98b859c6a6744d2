"""Measures what is missing, in an order that makes the most of the time there is, and keeps every cell as soon as it is there.

``measure`` does so for one call in ``with webgpu_array.tuning("on")``, ``tune`` for the command ``webgpu-array tune``.
"""

from __future__ import annotations

import sys
import threading
import time
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..errors import PluginWarning, TuningWarning
from ..gpu.device import Device
from .choice import distribution_of
from .desk import Desk
from .grid import Limits, between, changes, levels, winner
from .measuring import Candidate
from .settings import Settings
from .store import Cell, Timing, Verdict
from .supervisor import Outcome, Supervisor

# A candidate, and a kernel in all its configurations, is not measured where it took so much longer than the best in every cell near
# by, of two at least, or of one. And which cells those are: factors in n and in batch.
_HOPELESS, _NEAR = (1.5, 3.0), (1.55, 8.05)
_HOPELESS_KERNEL, _NEAR_KERNEL = (4.0, 16.0), (2.05, 8.05)

# A plugin's kernel has to pass the gate before it can win, which takes long: only where it might win. Run-time checks, without which
# it runs then, cost up to half of the speed.
_PROMISING = 2.0


class Measures(Protocol):
    """What measures: ``Supervisor``, or a fake."""

    def gate(self, kernel: str, dtype: str, until: float | None = None) -> Outcome: ...
    def times(
        self,
        plan: Any,
        candidates: Sequence[Candidate],
        verdicts: Sequence[Verdict] = (),
        until: float | None = None,
        best_ms: float | None = None,
    ) -> Outcome: ...


class Knows(Protocol):
    """What knows candidates and earlier rows, and keeps new ones: ``Desk``, or a fake."""

    accuracy: str

    def plan(self, n: int, batch: int) -> Any: ...
    def candidates(self, plan: Any) -> list[Candidate]: ...
    def is_built_in(self, kernel: str) -> bool: ...
    def rows(self, plan: Any) -> list[Timing]: ...
    def cells(self) -> dict[Cell, list[Timing]]: ...
    def is_fresh(self, row: Timing) -> bool: ...
    def verdict(self, kernel: str) -> Verdict | None: ...
    def priors(self) -> Iterable[Timing]: ...
    def keep(
        self, *, verdicts: Iterable[Verdict] = (), timings: Iterable[Timing] = (), failed: dict[str, str] | None = None
    ) -> None: ...


@dataclass
class Tally:
    """What a session did. ``failed``: reasons by kernel; ``inaccurate``: those by the gate; ``problems``: what else went wrong;
    ``cut_short``: what was under way when the budget ended.
    """

    n_cells: int = 0
    n_rows: int = 0
    n_thrown_out: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    inaccurate: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    cut_short: str = ""
    is_complete: bool = False


class Session:
    """Measures cell after cell until everything is known or ``until`` (``clock()``) has come."""

    def __init__(
        self,
        desk: Knows,
        measures: Measures,
        until: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        on_cell: Callable[[int, int, Timing], None] | None = None,
    ) -> None:
        self._desk = desk
        self._measures = measures
        self._until = until
        self._clock = clock
        self._on_cell = on_cell
        self._tried: set[Cell] = set()
        self.tally = Tally()

    @property
    def is_over(self) -> bool:
        return self._until is not None and self._clock() >= self._until

    def tune(self, limits: Limits, shapes: Collection[Cell] | None = None) -> Tally:
        """Measures ``shapes``, or a grid within ``limits`` and then between cells that disagree."""
        for cell in shapes if shapes is not None else self._grid(limits):
            if self.is_over:
                return self.tally
            self.cell(*cell)
        if shapes is not None:
            self.tally.is_complete = not self.is_over
            return self.tally
        while not self.is_over:
            waiting = [cell for cell in between(self._desk.cells()) if cell not in self._tried]
            if not waiting:
                self.tally.is_complete = True
                break
            # All of one order: its programs are compiled once.
            first = waiting[0]
            for cell in [first, *(cell for cell in waiting[1:] if cell[0] == first[0])]:
                if self.is_over:
                    break
                self.cell(*cell)
        return self.tally

    def cell(self, n: int, batch: int, *, thorough: bool = False) -> None:
        """Measures what is missing in a cell. ``thorough``: also kernels that look hopeless by what is near."""
        self._tried.add((n, batch))
        plan = self._desk.plan(n, batch)
        known = {Candidate(row.kernel, row.config).key: row for row in self._desk.rows(plan)}
        able = self._desk.candidates(plan)
        missing = [c for c in able if c.key not in known]
        if not thorough:
            cells = self._desk.cells()
            # Without the default, a cell says nothing to a choice.
            missing = [c for c in missing if c == able[0] or not _is_hopeless(c, n, batch, cells, self._desk.is_fresh)]
        missing = [c for c in missing if self._may_win(c.kernel)]
        if missing:
            rows = self._time(plan, missing, list(known.values()))
            self._time_again(plan, rows, missing)
            self.tally.n_cells += 1
        rows = self._desk.rows(plan)
        if rows and self._on_cell:
            self._on_cell(n, batch, winner(rows))

    def _grid(self, limits: Limits) -> Iterator[Cell]:
        def signature(n: int) -> tuple[Any, ...]:
            return tuple(candidate.key for candidate in self._desk.candidates(self._desk.plan(n, 64)))

        for orders in levels(limits, signature, changes(self._desk.priors())):
            for n in orders:
                for batch in limits.batches(n):
                    yield n, batch

    def _may_win(self, kernel: str) -> bool:
        """Whether the gate lets it; a built-in kernel goes through it now, one of a plugin when it looks promising."""
        if kernel in self.tally.failed or kernel in self.tally.inaccurate:
            return False
        verdict = self._desk.verdict(kernel)
        if verdict is None:
            return not self._desk.is_built_in(kernel) or self._passes(kernel)
        return self._is_accurate(verdict)

    def _passes(self, kernel: str) -> bool:
        if self.is_over:
            return False
        outcome = self._measures.gate(kernel, self._desk.plan(1, 1).dtype.name, self._until)
        self._note(outcome)
        if outcome.verdict is None:
            return False
        self._desk.keep(verdicts=[outcome.verdict])
        return self._is_accurate(outcome.verdict)

    def _is_accurate(self, verdict: Verdict) -> bool:
        if verdict.accuracy == "stable" or verdict.accuracy == self._desk.accuracy == "fast":
            return True
        self.tally.inaccurate[verdict.kernel] = verdict.reason
        return False

    def _time(self, plan: Any, missing: Sequence[Candidate], known: Sequence[Timing]) -> list[Timing]:
        if self.is_over:
            return []
        verdicts = [v for kernel in {c.kernel for c in missing} if (v := self._desk.verdict(kernel)) is not None]
        best_ms = min((row.ms for row in known), default=None)
        outcome = self._measures.times(plan, missing, verdicts, self._until, best_ms)
        self._note(outcome)
        self._desk.keep(timings=outcome.timings)
        self.tally.n_rows += len(outcome.timings)
        return outcome.timings

    def _time_again(self, plan: Any, rows: Sequence[Timing], missing: Sequence[Candidate]) -> None:
        """Plugins' kernels that might win go through the gate, and are timed as they run after it: without run-time checks."""
        if not rows:
            return
        best_ms = min(row.ms for row in self._desk.rows(plan) or rows)
        promising = {row.kernel for row in rows if row.ms <= _PROMISING * best_ms}
        passed = [kernel for kernel in promising if self._desk.verdict(kernel) is None and self._passes(kernel)]
        if passed:
            self._time(plan, [c for c in missing if c.kernel in passed], [row for row in rows if row.kernel not in passed])

    def _note(self, outcome: Outcome) -> None:
        self.tally.n_thrown_out += outcome.n_thrown_out
        self.tally.cut_short = outcome.cut_short or self.tally.cut_short
        if outcome.failed:
            self.tally.failed.update(outcome.failed)
            self._desk.keep(failed=outcome.failed)
        elif outcome.error is not None and not outcome.out_of_time:
            self.tally.problems.append(outcome.error)


def _is_hopeless(
    candidate: Candidate, n: int, batch: int, cells: Mapping[Cell, Sequence[Timing]], is_fresh: Callable[[Timing], bool]
) -> bool:
    """Whether the candidate, or its kernel, was far behind in all that was measured near by."""
    behind: list[float] = []
    kernel_behind: list[float] = []
    for (there_n, there_batch), rows in cells.items():
        away = max(n / there_n, there_n / n), max(batch / there_batch, there_batch / batch)
        if away[0] > _NEAR_KERNEL[0] or away[1] > _NEAR_KERNEL[1]:
            continue
        own = [row for row in rows if row.kernel == candidate.kernel and is_fresh(row)]
        if not own:
            continue
        best_ms = winner(rows).ms
        kernel_behind.append(winner(own).ms / best_ms)
        if away[0] <= _NEAR[0] and away[1] <= _NEAR[1]:
            behind += [row.ms / best_ms for row in own if row.config == candidate.config]
    bounds = (behind, _HOPELESS), (kernel_behind, _HOPELESS_KERNEL)
    return any(ratios and min(ratios) > (many if len(ratios) > 1 else one) for ratios, (many, one) in bounds)


# The process that measures for calls, by device; it ends by itself when nothing is asked of it for long.
_supervisors: dict[str, Supervisor] = {}
_measuring = threading.Lock()


def measure(plan: Any, device: Device, settings: Settings) -> None:
    """Measures what is missing to choose a kernel for ``plan``, within what is left of the budget.

    What went wrong is said in a TuningWarning, which kernels failed in PluginWarnings. Waits for the process that measures.
    """
    until = settings.deadline
    left = until - time.monotonic()
    # One at a time: threads share the process that measures, and the device.
    if left <= 0 or not _measuring.acquire(timeout=min(left, threading.TIMEOUT_MAX)):
        return
    try:
        tally = _measure(plan, device, settings)
    finally:
        _measuring.release()
    for kernel, reason in tally.failed.items():
        text = f"kernel {kernel} of {distribution_of(kernel)} is not used on {device.name} any more: {reason}"
        warnings.warn(text, PluginWarning, stacklevel=2)
    for problem in tally.problems:
        warnings.warn(f"tuning: {plan.operation} of {plan.n}x{plan.batch} on {device.name}: {problem}", TuningWarning, stacklevel=2)


def _measure(plan: Any, device: Device, settings: Settings) -> Tally:
    supervisor = _supervisors.get(device.name)
    if supervisor is None:
        supervisor = _supervisors[device.name] = Supervisor(device.name, is_software=device.kind == "software")
    supervisor.listener = _Lines(plan) if settings.progress else None
    desk = Desk(device, plan.operation, plan.dtype.name, settings.accuracy)
    session = Session(desk, supervisor, settings.deadline)
    n, batch = plan.n, plan.batch
    session.cell(n, batch, thorough=True)
    if any("DeviceMemoryError" in problem for problem in session.tally.problems) and batch > 1:
        # There is room for fewer, which tell as much.
        session.cell(n, max(1, batch // 4), thorough=True)
    return session.tally


def close() -> None:
    """Ends the processes that measure for calls, which end with this one as well."""
    while _supervisors:
        _supervisors.popitem()[1].close()


class _Lines:
    """Progress as lines on stderr."""

    def __init__(self, plan: Any) -> None:
        self._head = f"tuning {plan.n}x{plan.batch} {plan.dtype.name}"

    def doing(self, candidate: Candidate, what: str) -> None:
        if what != "run":
            print(f"{self._head}: {candidate}: {what}", file=sys.stderr)

    def best(self, candidate: Candidate, ms: float) -> None:
        print(f"{self._head}: best so far {candidate}: {ms:.3g} ms", file=sys.stderr)
