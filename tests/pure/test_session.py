"""What a session measures, in which order, and what it keeps: with a device whose times are a formula."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from webgpu_array.tuner import session as session_module
from webgpu_array.tuner.cases import plan_of
from webgpu_array.tuner.grid import Limits, agree, between, changes, levels
from webgpu_array.tuner.measuring import Candidate
from webgpu_array.tuner.session import Session, Tally, _is_hopeless
from webgpu_array.tuner.settings import Settings
from webgpu_array.tuner.store import Cell, Timing, Verdict
from webgpu_array.tuner.supervisor import Outcome

LIMITS = Limits(work=1e8, nbytes=1 << 28, n=256)


def timing(kernel: str, n: int, batch: int, ms: float) -> Timing:
    return Timing("inverse", "float32", n, batch, kernel, {}, "some 1.0", "source", (ms,), 0.0)


class Desk:
    """Kernels that can do anything, rows in memory."""

    def __init__(self, *kernels: str, plugins: Sequence[str] = (), priors: Iterable[Timing] = ()) -> None:
        self.accuracy = "stable"
        self.kernels = [*kernels, *plugins]
        self.plugins = set(plugins)
        self.kept: dict[Any, Timing] = {}
        self.verdicts: dict[str, Verdict] = {}
        self.failed: dict[str, str] = {}
        self._priors = list(priors)

    def plan(self, n: int, batch: int) -> Any:
        return plan_of("inverse", "float32", n, batch)

    def candidates(self, plan: Any) -> list[Candidate]:
        return [Candidate(kernel, {}) for kernel in self.kernels if kernel not in self.failed]

    def is_built_in(self, kernel: str) -> bool:
        return kernel not in self.plugins

    def rows(self, plan: Any) -> list[Timing]:
        return self.cells().get((plan.n, plan.batch), [])

    def cells(self) -> dict[Cell, list[Timing]]:
        found: dict[Cell, list[Timing]] = {}
        for row in self.kept.values():
            found.setdefault((row.n, row.batch), []).append(row)
        return found

    def is_fresh(self, row: Timing) -> bool:
        return True

    def verdict(self, kernel: str) -> Verdict | None:
        return self.verdicts.get(kernel)

    def priors(self) -> list[Timing]:
        return self._priors

    def keep(self, *, verdicts: Any = (), timings: Any = (), failed: Any = None) -> None:
        self.verdicts |= {verdict.kernel: verdict for verdict in verdicts}
        self.kept |= {row.key: row for row in timings}
        self.failed |= failed or {}


class Device:
    """Times by formula. Each candidate takes a second to measure, on a clock of its own."""

    def __init__(self, ms: Any, *, accuracy: dict[str, str | None] | None = None) -> None:
        self.ms = ms
        self.now = 0.0
        self.measured: list[tuple[str, int, int]] = []
        self.gated: list[str] = []
        self.accuracy = accuracy or {}
        self.fails: dict[str, str] = {}
        self.interrupt_after: int | None = None

    def clock(self) -> float:
        return self.now

    def gate(self, kernel: str, dtype: str, until: float | None = None) -> Outcome:
        self.gated.append(kernel)
        accuracy = self.accuracy.get(kernel, "stable")
        return Outcome(verdict=Verdict(kernel, dtype, "some 1.0", 1, "source", accuracy, "it is wrong" if accuracy != "stable" else ""))

    def times(self, plan: Any, candidates: Any, verdicts: Any = (), until: float | None = None, best_ms: float | None = None) -> Outcome:
        outcome = Outcome()
        for candidate in candidates:
            if len(self.measured) == self.interrupt_after:
                raise KeyboardInterrupt
            self.now += 1
            self.measured.append((candidate.kernel, plan.n, plan.batch))
            if candidate.kernel in self.fails:
                outcome.failed[candidate.kernel] = self.fails[candidate.kernel]
            else:
                outcome.timings.append(timing(candidate.kernel, plan.n, plan.batch, self.ms(candidate.kernel, plan.n, plan.batch)))
        return outcome


def crossing(at: float) -> Any:
    """Two kernels, of which "low" is the faster one below order ``at``, whatever the batch, and "high" above."""
    return lambda kernel, n, batch: batch * (n**3 if kernel == "low" else n**2 * at)


def nearest(desk: Desk, n: int, batch: int) -> str:
    cells = desk.cells()
    cell = min(cells, key=lambda cell: (abs(cell[0] / n - 1) if cell[0] > n else abs(n / cell[0] - 1), abs(cell[1] - batch)))
    return min(cells[cell], key=lambda row: row.ms).kernel


@pytest.mark.parametrize("at", [11.3, 37.0, 90.5, 170.0])
def test_a_crossover_is_found_by_few_measurements(at: float) -> None:
    desk, device = Desk("low", "high"), Device(crossing(at))
    tally = Session(desk, device, clock=device.clock).tune(LIMITS)
    assert tally.is_complete
    wrong = [n for n in range(1, 257) if nearest(desk, n, 64) != ("low" if n < at else "high")]
    assert all(abs(n / at - 1) < 0.1 for n in wrong), wrong
    orders = {n for n, _ in desk.cells()}
    assert len(orders) < 60
    assert tally.n_rows == len(device.measured) == len(desk.kept)


def test_a_crossover_in_batch_is_found() -> None:
    desk, device = Desk("few", "many"), Device(lambda kernel, n, batch: n * (batch if kernel == "few" else 1500.0))
    Session(desk, device, clock=device.clock).tune(Limits(1e8, 1 << 28, 8))
    batches = sorted(batch for n, batch in desk.cells() if n == 4)
    low = max(batch for batch in batches if batch < 1500)
    high = min(batch for batch in batches if batch > 1500)
    assert high / low < 3


def test_the_budget_ends_it_with_everything_kept_and_the_next_run_goes_on() -> None:
    desk, device = Desk("low", "high"), Device(crossing(37))
    tally = Session(desk, device, until=20, clock=device.clock).tune(LIMITS)
    assert not tally.is_complete
    assert 20 <= len(device.measured) <= 22 and len(desk.kept) == len(device.measured)
    first = list(device.measured)
    again = Session(desk, device, clock=device.clock).tune(LIMITS)
    assert again.is_complete
    assert len(set(device.measured)) == len(device.measured)
    assert device.measured[: len(first)] == first


def test_what_was_measured_before_an_interrupt_is_kept() -> None:
    desk, device = Desk("low", "high"), Device(crossing(37))
    device.interrupt_after = 13
    with pytest.raises(KeyboardInterrupt):
        Session(desk, device, clock=device.clock).tune(LIMITS)
    assert len(desk.kept) == 12


def test_a_new_kernel_is_timed_alone() -> None:
    desk, device = Desk("low"), Device(crossing(37))
    shapes = [(8, 8), (16, 8), (64, 8)]
    Session(desk, device, clock=device.clock).tune(LIMITS, shapes)
    device.measured.clear()
    desk.kernels.append("high")
    Session(desk, device, clock=device.clock).tune(LIMITS, shapes)
    assert device.measured == [("high", n, batch) for n, batch in shapes]


def test_a_kernel_that_fails_is_put_into_quarantine_and_the_rest_goes_on() -> None:
    desk, device = Desk("low", "high"), Device(crossing(37))
    device.fails["high"] = "it hung"
    tally = Session(desk, device, clock=device.clock).tune(LIMITS)
    assert tally.is_complete and tally.failed == desk.failed == {"high": "it hung"}
    assert sum(kernel == "high" for kernel, _, _ in device.measured) == 1


def test_a_kernel_that_misses_the_gate_is_not_timed() -> None:
    desk, device = Desk("low", "high"), Device(crossing(37), accuracy={"high": None})
    tally = Session(desk, device, clock=device.clock).tune(LIMITS)
    assert tally.inaccurate == {"high": "it is wrong"}
    assert {kernel for kernel, _, _ in device.measured} == {"low"}
    assert device.gated.count("high") == 1


@pytest.mark.parametrize(("wanted", "timed"), [("stable", False), ("fast", True)])
def test_a_fast_kernel_counts_where_it_is_asked_for(wanted: str, timed: bool) -> None:
    desk, device = Desk("low", "high"), Device(crossing(37), accuracy={"high": "fast"})
    desk.accuracy = wanted
    Session(desk, device, clock=device.clock).tune(LIMITS, [(64, 8)])
    assert (("high", 64, 8) in device.measured) is timed


def test_a_plugin_goes_through_the_gate_only_where_it_might_win_and_is_timed_again_after_it() -> None:
    desk, device = Desk("low", plugins=["good", "slow"]), Device(lambda kernel, n, batch: {"low": 2.0, "good": 1.0, "slow": 9.0}[kernel])
    Session(desk, device, clock=device.clock).tune(LIMITS, [(64, 8)])
    assert device.gated == ["low", "good"]
    assert [kernel for kernel, _, _ in device.measured] == ["low", "good", "slow", "good"]


def test_hopeless_kernels_are_left_out_of_a_grid_but_not_of_a_call() -> None:
    desk, device = Desk("low", "poor"), Device(lambda kernel, n, batch: 1.0 if kernel == "low" else 100.0)
    session = Session(desk, device, clock=device.clock)
    session.tune(LIMITS)
    n_poor = sum(kernel == "poor" for kernel, _, _ in device.measured)
    assert n_poor < 0.25 * (len(device.measured) - n_poor)
    session.cell(100, 100, thorough=True)
    assert device.measured[-1] == ("poor", 100, 100)


def test_a_configuration_is_left_out_where_it_was_behind_in_two_cells_near_by() -> None:
    def cell(n: int, poor_ms: float) -> list[Timing]:
        return [replace(timing("a", n, 8, 1.0), config={"x": 0}), replace(timing("a", n, 8, poor_ms), config={"x": 1})]

    poor, other = Candidate("a", {"x": 1}), Candidate("a", {"x": 2})
    def hopeless(candidate: Candidate, n: int, batch: int, cells: Any, is_fresh: Any = lambda row: True) -> bool:
        return _is_hopeless(candidate, n, batch, cells, is_fresh)

    far_behind = {(64, 8): cell(64, 1.6), (65, 8): cell(65, 1.7)}
    assert hopeless(poor, 80, 8, far_behind)
    assert not hopeless(other, 80, 8, far_behind)  # nobody has seen it
    assert not hopeless(poor, 80, 8, far_behind, lambda row: row.n != 64)  # it was another then
    assert not hopeless(poor, 120, 8, far_behind)  # it is too far
    assert not hopeless(poor, 80, 8, {(64, 8): cell(64, 1.6)})  # it may have been a bad moment
    assert not hopeless(poor, 80, 8, {**far_behind, (96, 8): cell(96, 1.4)})  # it comes near somewhere


def test_changes_on_another_device_are_measured_early() -> None:
    priors = [timing(k, n, 8, crossing(50)(k, n, 8)) for n in (48, 53) for k in ("low", "high")]
    assert changes(priors) == [48, 53]
    assert list(levels(LIMITS, lambda n: 0, changes(priors)))[1] == [48, 53]


def test_no_order_comes_twice_and_ends_of_stretches_are_there() -> None:
    found = [n for level in levels(LIMITS, lambda n: n <= 7) for n in level]
    assert len(found) == len(set(found)) and {7, 8, 33, 65, 129} <= set(found)


def test_neighbours_that_agree_are_not_looked_between() -> None:
    one, other = [timing("a", 8, 8, 1.0), timing("b", 8, 8, 1.02)], [timing("a", 64, 8, 1.03), timing("b", 64, 8, 1.0)]
    assert agree(one, other) and between({(8, 8): one, (64, 8): other}) == []
    far = [timing("a", 64, 8, 2.0), timing("b", 64, 8, 1.0)]
    assert not agree(one, far) and between({(8, 8): one, (64, 8): far}) == [(23, 8)]


def test_the_largest_batch_of_a_line_is_the_most_there_may_be() -> None:
    assert LIMITS.batches(80) == [1, 8, 64, 195]
    assert LIMITS.batches(257) == []


def test_threads_measure_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[int] = []
    most: list[int] = []

    def measuring(plan: Any, device: Any, settings: Settings) -> Tally:
        inside.append(plan)
        time.sleep(0.02)
        most.append(len(inside))
        inside.remove(plan)
        return Tally()

    monkeypatch.setattr(session_module, "_measure", measuring)
    settings = Settings("on", deadline=time.monotonic() + 60)
    threads = [threading.Thread(target=session_module.measure, args=(i, None, settings)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]


def test_a_thread_waits_for_others_no_longer_than_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "_measure", lambda *arguments: pytest.fail("it measured"))
    with session_module._measuring:
        session_module.measure(None, None, Settings("on", deadline=time.monotonic() + 0.05))  # type: ignore[arg-type]
