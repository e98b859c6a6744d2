"""How long candidates take on a device, side by side, each checked for being right in the very run that is timed.

A candidate is a kernel in one configuration. Clocks rise and fall while one measures, and other programs come in between: so
candidates take turns, and what differs from round to round differs for all of them. Those that cannot win any more leave early
(successive halving: K. Jamieson, A. Talwalkar, AISTATS 2016), and the last ones are told apart by more rounds.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import webgpu_array as xp

from ..errors import DeviceError, KernelError
from ..execute import run
from ..gpu.device import Device
from ..kernels.protocol import Config, Work
from ..plugins import registry
from .cases import Case, case_for
from .choice import distribution_of
from .fingerprint import canonical, source_of
from .store import Timing

# After each round those stay that are at most so much slower than the best. One that is much slower in its first call leaves at
# once, where a call takes long: a GPU's clock rises sixfold after it was idle, a processor's does not.
_ROUNDS = (3.0, 2.0, 1.5, 1.3, 1.2)
_LONG_MS = 30.0
_HOPELESS_AT_ONCE, _HOPELESS_AT_ONCE_SOFTWARE = 10.0, 3.0

# The best, and up to two more that are close, take so many turns more, and the default with them.
_FINAL_ROUNDS = 4

# A reading should take at least so long: it is made of several calls where one takes less.
_READING_MS = 0.4
_READING_MS_SOFTWARE = 3.0
# What one pass holds (gpu/dispatch.py): beyond it, the device may wait for the host between passes.
_PASS_COMMANDS, _PASS_WORKGROUPS = 96, 12288

# Readings so many times faster than this device copies, or multiplies, are none: caches are faster than memory by less. Threads of
# other programs on the processor that a software adapter shares may make the rates seem lower than they are.
_IMPOSSIBLE, _IMPOSSIBLE_SOFTWARE = 4.0, 50.0
# A device cannot have worked for longer than it was waited for.
_WALL = 1.05

# A GPU that was idle runs at a fraction of its clock; seconds of work until it does no more.
_WARM_SECONDS, _WARM_AGAIN_SECONDS = 1.5, 0.05

_RATE_ORDER, _RATE_ORDER_SOFTWARE = 4096, 128


class Candidate(NamedTuple):
    """A kernel, by name, in one of its configurations."""

    kernel: str
    config: Config

    @property
    def key(self) -> tuple[Any, ...]:
        return self.kernel, tuple(sorted(self.config.items()))

    def __str__(self) -> str:
        return " ".join([self.kernel, *(f"{name}={value}" for name, value in self.config.items())])


class Report:
    """What is told while candidates are measured. This one tells nothing."""

    def begin(self, candidate: Candidate, what: str) -> None:
        """``candidate`` is about to do something that it may never come back from."""

    def failed(self, candidate: Candidate, reason: str) -> None:
        """``candidate`` cannot be used."""

    def best(self, candidate: Candidate, ms: float) -> None:
        """The fastest by now."""

    def thrown_out(self, candidate: Candidate, n_readings: int) -> None:
        """So many readings of ``candidate`` were impossible."""


class Rates(NamedTuple):
    """Bytes a second of a copy, and float32 operations a second of a matrix product."""

    copy: float
    product: float

    def floor_ms(self, case: Case) -> float:
        return 1e3 * max(case.nbytes / self.copy, case.n_operations / self.product)


@dataclass(eq=False)
class _Entrant:
    """A candidate while it is measured. ``n_calls`` make one reading; ``read_ms`` has the readings by the turn in which they were taken.

    ``pace``, by turn, is how many times as long everything took in it as in the fastest. A device changes its clock from one moment to the
    next, by a factor of four where it is idle in between.
    """

    candidate: Candidate
    source: str
    n_launches: int
    most_calls: int
    read_ms: dict[int, float] = field(default_factory=dict)
    pace: dict[int, float] = field(default_factory=dict)
    host_ms: list[float] = field(default_factory=list)
    n_calls: int = 1
    n_impossible: int = 0
    first_ms: float = float("inf")

    @property
    def device_ms(self) -> list[float]:
        """The readings as they would have been in the fastest turn."""
        return [ms / self.pace.get(turn, 1.0) for turn, ms in self.read_ms.items()]

    @property
    def ms(self) -> float:
        """Infinite before the first reading that is possible."""
        return statistics.median(self.device_ms) if self.read_ms else float("inf")

    def forget(self) -> None:
        """Drops what was read."""
        self.read_ms.clear()
        self.host_ms.clear()


def _keep_pace(entrants: Sequence[_Entrant], together: Sequence[_Entrant]) -> None:
    """Finds the pace of every turn by those ``together``, who take part in all of them, for all ``entrants``.

    Each says how many times as long as at best it took; a turn was as slow as most of them say, or both of two.
    """
    said: dict[int, list[float]] = {}
    for each in together:
        least = min(each.read_ms.values(), default=0.0)
        for turn, ms in each.read_ms.items():
            said.setdefault(turn, []).append(ms / least)
    pace = {turn: statistics.median_low(ratios) for turn, ratios in said.items()}
    for entrant in entrants:
        entrant.pace = pace


def candidates(plan: Any, device: Device, names: Iterable[str] | None = None) -> list[Candidate]:
    """Every kernel that can do ``plan`` in every configuration, the default first. Raises what a kernel raises."""
    wanted = None if names is None else set(names)
    return [
        Candidate(kernel.name, dict(config))
        for kernel in registry().candidates(plan, device)
        if wanted is None or kernel.name in wanted
        for config in kernel.configs(plan, device)
    ]


class Bench:
    """Measures on one device. Its first cell finds out how fast the device is, and warms it up."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.is_software = device.kind == "software"
        self._rates: Rates | None = None

    @property
    def rates(self) -> Rates:
        if self._rates is None:
            self._rates = self._find_rates()
        return self._rates

    def times(
        self, plan: Any, entering: Sequence[Candidate], report: Report | None = None, *, until: float | None = None, best_ms: float = float("inf")
    ) -> list[Timing]:
        """The times of each of ``entering`` for ``plan``, the default's first if it is among them; without those that failed.

        ``until`` (``time.monotonic()``) ends the rounds early, ``best_ms`` is what others are known to take. Waits for the device. Raises
        DeviceMemoryError where there is no room for the operands.
        """
        report = report or Report()
        plan = canonical(plan)
        case = case_for(plan, self.device)
        floor = self.rates.floor_ms(case) / (_IMPOSSIBLE_SOFTWARE if self.is_software else _IMPOSSIBLE)
        entered: list[_Entrant] = []
        for candidate in entering:
            entrant = self._enter(case, candidate, report, floor)
            if entrant is not None:
                entered.append(entrant)
        self._warm(case, entered)
        best_ms = self._rounds(case, entered, report, floor, until, best_ms)
        if until is None or time.monotonic() < until:
            entered = self._final(case, entered, report, floor, best_ms)
        for entrant in entered:
            if entrant.n_impossible:
                report.thrown_out(entrant.candidate, entrant.n_impossible)
        return self._rows(case, entered)

    def _enter(self, case: Case, candidate: Candidate, report: Report, floor: float) -> _Entrant | None:
        """The first call: it compiles, and its result is checked. None for a candidate that cannot be used."""
        kernel = registry().kernels[candidate.kernel]
        try:
            report.begin(candidate, "compile")
            work: Work = kernel.launches(case.plan, self.device, candidate.config)
            groups = sum(launch.groups for launch in work.launches)
            most_calls = min(_PASS_COMMANDS // max(1, len(work.launches)), _PASS_WORKGROUPS // max(1, groups))
            entrant = _Entrant(candidate, source_of(work), len(work.launches), max(1, most_calls))
            case.spoil()
            self.device.recorder.flush()
            self._read(case, entrant, report, floor, 0)
            if self.is_software and entrant.ms >= _LONG_MS:
                # Such a driver translates a shader when it first runs, within the time that is taken: up to a second.
                entrant.forget()
                self._read(case, entrant, report, floor, 0)
            entrant.first_ms = entrant.ms
            report.begin(candidate, "check")
            fault = case.fault()
        except MemoryError as error:
            # It may well be right where there is more room.
            report.begin(candidate, f"has no room: {error}")
            return None
        except Exception as error:
            if isinstance(error, DeviceError) and not isinstance(error, KernelError):
                raise
            fault = f"{type(error).__name__}: {error}"
        if fault is not None:
            report.failed(candidate, fault)
            return None
        wanted = _READING_MS_SOFTWARE if self.is_software else _READING_MS
        if entrant.ms < wanted:
            entrant.n_calls = min(entrant.most_calls, int(wanted / entrant.ms) + 1)
        return entrant

    def _read(self, case: Case, entrant: _Entrant, report: Report, floor: float, turn: int) -> None:
        """One reading."""
        candidate, n_calls = entrant.candidate, entrant.n_calls
        start = time.perf_counter()
        if "timestamp-query" in self.device.features:
            with self.device.timed() as timing:
                host = self._record(case, candidate, n_calls)
                report.begin(candidate, "run")
            wall = time.perf_counter() - start
            seconds = timing.seconds
        else:
            self.device.synchronize()
            start = time.perf_counter()
            host = self._record(case, candidate, n_calls)
            report.begin(candidate, "run")
            self.device.synchronize()
            seconds = wall = time.perf_counter() - start
        ms = 1e3 * seconds / n_calls
        if ms <= 0 or ms < floor or seconds > _WALL * wall:
            entrant.n_impossible += 1
            return
        entrant.read_ms[turn] = ms
        entrant.host_ms.append(1e3 * host / n_calls)

    def _record(self, case: Case, candidate: Candidate, n_calls: int) -> float:
        """Seconds that the host takes to record the calls."""
        start = time.perf_counter()
        for _ in range(n_calls):
            run(case.plan, case.operands, self.device, candidate.kernel, candidate.config)
        return time.perf_counter() - start

    def _rounds(
        self, case: Case, entered: list[_Entrant], report: Report, floor: float, until: float | None, best_ms: float
    ) -> float:
        """Rounds of readings, with fewer entrants every time. The first, which is the default or takes its place, stays.

        ``best_ms`` is what others are known to take, at some other clock. The best median at the end.
        """
        hopeless = _HOPELESS_AT_ONCE_SOFTWARE if self.is_software else _HOPELESS_AT_ONCE
        first_ms = min((e.first_ms for e in entered), default=best_ms)
        alive = [e for i, e in enumerate(entered) if i == 0 or e.first_ms < _LONG_MS or e.first_ms <= hopeless * min(best_ms, first_ms)]
        for entrant in alive:
            # The first call met cold caches and low clocks: it counts only where there is no other, or where it takes long on a processor.
            if not self.is_software or entrant.first_ms < _LONG_MS:
                entrant.forget()
        fastest_ms = float("inf")
        for i, factor in enumerate(_ROUNDS):
            if i and until is not None and time.monotonic() >= until:
                break
            # Whoever follows a slow one finds other clocks: everybody follows somebody else every time.
            for entrant in [*alive[i % len(alive) :], *alive[: i % len(alive)]] if alive else ():
                self._read(case, entrant, report, floor, i + 1)
            _keep_pace(entered, alive)
            fastest = min(alive, key=lambda entrant: entrant.ms, default=None)
            if fastest is not None and fastest.ms < float("inf"):
                fastest_ms = fastest.ms
                report.best(fastest.candidate, fastest.ms)
            alive = [e for e in alive if e is entered[0] or e.ms <= factor * min(fastest_ms, hopeless * best_ms)]
            # Nobody is left to compare the default with, and it is not close.
            if len(alive) == 1 and i >= 2:
                break
        return fastest_ms

    def _final(self, case: Case, entered: list[_Entrant], report: Report, floor: float, best_ms: float) -> list[_Entrant]:
        """More turns for the winner, the runner-up and the default, where they are close; and their results are looked at again."""
        close = sorted((e for e in entered if e.ms <= 1.15 * best_ms), key=lambda entrant: entrant.ms)[:3]
        if len(close) > 1 and (close[0].ms < _LONG_MS or close[1].ms < 1.05 * close[0].ms):
            rounds = _FINAL_ROUNDS if close[0].ms < _LONG_MS else 2
            turning = close if entered[0] in close else [*close, entered[0]]
            for i in range(rounds):
                for entrant in turning if i % 2 else turning[::-1]:
                    self._read(case, entrant, report, floor, len(_ROUNDS) + 1 + i)
            _keep_pace(entered, turning)
        failed = []
        for entrant in close[:1]:
            case.spoil()
            self._record(case, entrant.candidate, 1)
            report.begin(entrant.candidate, "check")
            fault = case.fault()
            if fault is not None:
                report.failed(entrant.candidate, f"after {len(entrant.read_ms)} readings, {fault}")
                failed.append(entrant)
        return [entrant for entrant in entered if entrant not in failed]

    def _rows(self, case: Case, entered: Sequence[_Entrant]) -> list[Timing]:
        """What a launch takes the host does not depend on the kernel: those with as many launches share one figure.

        It is what the call takes beyond one launch, which each of them needs.
        """
        host: dict[int, list[float]] = {}
        for entrant in entered:
            if entrant.host_ms:
                host.setdefault(entrant.n_launches, []).append(min(entrant.host_ms))
        return [
            Timing(
                operation=case.plan.operation,
                dtype=case.plan.dtype.name,
                n=case.plan.n,
                batch=case.plan.batch,
                kernel=entrant.candidate.kernel,
                config=dict(entrant.candidate.config),
                distribution=distribution_of(entrant.candidate.kernel),
                source=entrant.source,
                device_ms=tuple(float(f"{ms:.4g}") for ms in entrant.device_ms),
                host_ms=float(f"{statistics.median(host[entrant.n_launches]) * (1 - 1 / entrant.n_launches):.3g}"),
            )
            for entrant in entered
            if entrant.read_ms and entrant.n_launches
        ]

    def _warm(self, case: Case, entered: Sequence[_Entrant]) -> None:
        """Compiling left the device idle: works with whatever is fastest until its clocks are up again."""
        if self.is_software or not entered:
            return
        fastest = min(entered, key=lambda entrant: entrant.first_ms)
        end = time.perf_counter() + _WARM_AGAIN_SECONDS
        while time.perf_counter() < end:
            self._record(case, fastest.candidate, max(1, min(16, fastest.n_calls)))
            self.device.synchronize()

    def _find_rates(self) -> Rates:
        order = _RATE_ORDER_SOFTWARE if self.is_software else _RATE_ORDER
        x = xp.ones((order, order), device=self.device)
        copied = multiplied = float("inf")
        end = time.perf_counter() + (0.1 if self.is_software else _WARM_SECONDS)
        while True:
            multiplied = min(multiplied, self._seconds(lambda: x @ x))
            copied = min(copied, self._seconds(lambda: xp.asarray(x, copy=True)))
            if time.perf_counter() >= end and 0 < min(multiplied, copied) < float("inf"):
                return Rates(2 * 4 * order**2 / copied, 2 * order**3 / multiplied)

    def _seconds(self, call: Callable[[], Any]) -> float:
        if "timestamp-query" not in self.device.features:
            self.device.synchronize()
            start = time.perf_counter()
            call()
            self.device.synchronize()
            return time.perf_counter() - start
        with self.device.timed() as timing:
            call()
        return timing.seconds or float("inf")
