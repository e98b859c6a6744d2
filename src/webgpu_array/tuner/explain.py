"""Finds out why a plan is carried out as it is: every candidate with its times, and what keeps it from being used.

It goes by the rows and the rules of ``choice``. Nothing is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from ..execute import most_bound
from ..gpu.device import Device
from ..kernels.protocol import Config, Kernel
from ..kernels.validation import objection_of, slowness_of
from ..plugins import registry
from .choice import (
    NEAR,
    TUNED,
    Choice,
    Near,
    choose,
    default,
    distribution_of,
    is_fresh,
    is_verdict_on,
    near,
    row_of,
    why_quarantined,
)
from .explanation import (
    CANNOT,
    CHOSEN,
    MEASURED,
    NOT_ACCURATE,
    NOT_GATED,
    NOT_MEASURED,
    QUARANTINED,
    STALE,
    Candidate,
    Explanation,
)
from .fingerprint import canonical, fingerprint, source_of_kernel
from .settings import current, tuning
from .store import Measured, Store, Timing
from .survey import Floor, Scene, cells_of, floor_of


def explain(plan: Any, device: Device, kernel: str | None = None) -> Explanation:
    """Why ``plan`` runs on ``device`` as it does, or would if ``kernel`` were named.

    Raises as ``choose`` does. Measures nothing, in the mode "on" neither. Does not wait.
    """
    plan = _part(canonical(plan), device)
    settings = current()
    with tuning("stored", accuracy=settings.accuracy) if settings.mode == "on" else nullcontext():
        case = _Case(plan, device, choose(plan, device, kernel), is_named=kernel is not None)
        return replace(case.explanation(), mode=settings.mode)


class _Case:
    """One plan on one device, with what the store knows of it."""

    def __init__(self, plan: Any, device: Device, chosen: Choice, *, is_named: bool) -> None:
        self.plan, self.device, self.chosen, self.is_named = plan, device, chosen, is_named
        self.store = Store.load()
        self.is_off = current().mode == "off" or plan.operation not in TUNED
        self.known = Measured() if self.is_off else self.store.measured(fingerprint(device))
        self.kernels = {k.name: k for k in registry().kernels.values() if k.operation == plan.operation}
        self.usual = default(plan, device)
        self.near, self.decides = self._find_cell()
        self.cell = self.near.cell if self.near else None
        self.rows = self.near.rows if self.near else []
        self.gates = {name: self._gate(kernel) for name, kernel in self.kernels.items()}

    def explanation(self) -> Explanation:
        """All that there is to say."""
        plan, device = self.plan, self.device
        candidates = sorted(self._candidates(), key=_place)
        usable = {name for name in self.kernels if self._why_out(self.kernels[name], with_plan=False) is None}
        floor = floor_of(plan, self.known, usable)
        cells = cells_of(plan, self.known, usable)
        found = Explanation(
            operation=plan.operation,
            dtype=plan.dtype.name,
            n=plan.n,
            batch=plan.batch,
            device={"name": device.name, "description": device.adapter.description, "kind": device.kind, "driver": device.adapter.driver},
            kernel=self.chosen.kernel.name,
            config=dict(self.chosen.config),
            basis=self._basis(),
            why="",
            mode=current().mode,
            accuracy=current().accuracy,
            store=str(self.store.path or ""),
            is_frozen=self.store.is_frozen,
            n_cells=len(self.known.cells(plan.operation, plan.dtype.name)),
            cell=self.cell,
            lead=None,
            runner_up=None,
            floor=floor,
            floor_ms=floor.ms(*self.cell) if floor and self.cell else None,
            candidates=tuple(candidates),
        )
        runner_up = _runner_up(found)
        if runner_up is not None:
            own = next(c.ms for c in candidates if c.status == CHOSEN)
            assert own is not None and runner_up.ms is not None
            found = replace(found, lead=runner_up.ms / own, runner_up=runner_up.kernel)
        found = replace(found, why=self._why(found, runner_up))
        return replace(found, scene=(self._scene(found, floor), cells)) if floor and cells else found

    def _find_cell(self) -> tuple[Near | None, bool]:
        """The cell whose times are shown, and whether it decides: the nearest where the default was measured, else the nearest."""
        first = None
        for found in near(self.plan, self.device, self.usual, self.known):
            if self.chosen.row is not None:
                if found.cell == (self.chosen.row.n, self.chosen.row.batch):
                    return found, True
                continue
            own = row_of(self.usual, found.rows)
            if own is not None and is_fresh(own, self.plan, self.device, self.known):
                return found, True
            first = first or found
        return first, False

    def _basis(self) -> str:
        if self.is_named:
            return "named"
        if self.is_off:
            return "off"
        if self.near is None or not self.decides:
            return "default"
        return "measured" if self.cell == (self.plan.n, self.plan.batch) else "nearest"

    def _why(self, found: Explanation, runner_up: Candidate | None) -> str:
        """In words. ``found`` lacks them still."""
        frozen = "the frozen store says so: " if found.is_frozen and self.decides and not self.is_named else ""
        if self.is_named:
            return "it was named"
        if self.plan.operation not in TUNED:
            return f"kernels for {self.plan.operation} are not measured; it is the first in the registry that can do this"
        if self.is_off:
            return "tuning is off; it is the first kernel in the registry that can do this"
        if self.near is None:
            return f"nothing was measured near by (within a factor of {NEAR[0]:g} in n and {NEAR[1]:g} in batch); it is the default"
        where = f"{self.near.cell[0]:,} x {self.near.cell[1]:,}"
        if not self.decides:
            return f"it is the default, and was not measured near by; {where}, the nearest that was, does not decide without it"
        where = "here" if found.basis == "measured" else f"in the nearest cell, {where}"
        if runner_up is None or found.lead is None:
            if any(c.ms is not None and c.kernel != found.kernel for c in found.candidates):
                return f"{frozen}it is the only one that may be used of the kernels measured {where}"
            return f"{frozen}it is the only kernel measured {where}"
        if found.lead >= 1:
            by = f"{found.lead:.2f} times as fast as {runner_up.kernel}" if found.lead >= 1.005 else f"as fast as {runner_up.kernel}"
            return f"{frozen}it is the fastest measured {where}, {by}"
        return f"{frozen}it is the default, and stays: {runner_up.kernel} is {1 / found.lead - 1:.1%} faster {where}, and up to {self.near.tie:.0%} count as a tie"

    def _candidates(self) -> Iterator[Candidate]:
        """In the order of the registry; then those that were measured once, and are gone."""
        for kernel in self.kernels.values():
            yield from self._of(kernel)
        for row in self.rows:
            if row.kernel not in self.kernels:
                yield _candidate(row.kernel, row.config, row.distribution, STALE, "it is not registered any more", "", row)

    def _of(self, kernel: Kernel) -> Iterator[Candidate]:
        """What there is to say of one kernel: a candidate for each configuration that was measured, and for those that were not."""
        name, gate = kernel.name, self.gates[kernel.name][0]
        distribution = distribution_of(name)
        is_chosen = name == self.chosen.kernel.name
        out = self._why_out(kernel)
        configs: list[Config] = [] if out and out[0] == CANNOT else self._configs(kernel)
        rows = [row for row in self.rows if row.kernel == name]
        slow = self._slowness(kernel) if out is None else ""
        is_chosen_there = False
        for row in rows:
            status, why = out or self._of_row(row, configs)
            if is_chosen and row.config == self.chosen.config:
                is_chosen_there = True
                status, why = CHOSEN, why if status != MEASURED else ""
            yield _candidate(name, row.config, distribution, status, why or slow, gate, row)
        if is_chosen and not is_chosen_there:
            yield _candidate(name, self.chosen.config, distribution, CHOSEN, "" if out is None else out[1], gate)
        left = [config for config in configs if all(row.config != config for row in rows) and not (is_chosen and config == self.chosen.config)]
        if out is not None:
            if out[0] == NOT_GATED and not rows:
                out = NOT_MEASURED, "nor has it been through the accuracy gate"
            if not rows and not is_chosen:
                yield _candidate(name, configs[0] if configs else {}, distribution, *out, gate)
        elif left:
            more = "" if len(left) == 1 else "nor one more configuration" if len(left) == 2 else f"nor {len(left) - 1} more configurations"
            yield _candidate(name, left[0], distribution, NOT_MEASURED, "; ".join(filter(None, (more, slow))), gate)

    def _of_row(self, row: Timing, configs: list[Config]) -> tuple[str, str]:
        """Of a row whose kernel could be used."""
        if row.distribution != distribution_of(row.kernel):
            return STALE, f"measured as it was in {row.distribution}, which is {distribution_of(row.kernel)} now"
        if row.config not in configs:
            return CANNOT, "it has no such configuration for this plan"
        if not is_fresh(row, self.plan, self.device, self.known):
            return STALE, "what it launches has changed since it was measured"
        return MEASURED, ""

    def _why_out(self, kernel: Kernel, *, with_plan: bool = True) -> tuple[str, str] | None:
        """The status and the reason of a kernel that cannot be used for ``plan``, or with any."""
        reason = why_quarantined(kernel, self.device)
        if reason is not None:
            return QUARANTINED, reason
        if with_plan:
            try:
                reason = objection_of(kernel, self.plan, self.device)
            except Exception as error:
                return QUARANTINED, f"why_not raised {type(error).__name__}: {error}"
            if reason is not None:
                return CANNOT, reason
        gate, objection = self.gates[kernel.name]
        is_default = with_plan and kernel.name == self.chosen.kernel.name
        status = {"not run": NOT_GATED, "outdated": STALE}.get(gate, NOT_ACCURATE)
        return (status, objection) if objection and not is_default else None

    def _gate(self, kernel: Kernel) -> tuple[str, str]:
        """The verdict on a kernel in a word, and why it keeps it from being used, if it does."""
        verdict = self.known.verdicts.get((kernel.name, self.plan.dtype.name))
        if verdict is None:
            return "not run", "the accuracy gate has not been run on it for this dtype"
        if not is_verdict_on(kernel, verdict):
            return "outdated", f"the accuracy gate was run on version {verdict.kernel_version} of {verdict.distribution}"
        try:
            is_same = verdict.source == source_of_kernel(kernel, self.plan, self.device)
        except Exception as error:
            return "outdated", f"launches raised {type(error).__name__}: {error}"
        if not is_same:
            return "outdated", "what it launches has changed since the accuracy gate was run on it"
        if verdict.accuracy is None:
            return "failed", f"it fails the accuracy gate: {verdict.reason}"
        if verdict.accuracy == "fast" and current().accuracy != "fast":
            return "fast", f"it fulfils the accuracy gate only for well-conditioned matrices: {verdict.reason}"
        return verdict.accuracy, ""

    def _slowness(self, kernel: Kernel) -> str:
        """What a kernel says of why it is not the default."""
        try:
            reason = slowness_of(kernel, self.plan, self.device)
        except Exception:
            return ""  # It is quarantined when it is asked in earnest.
        return f"it says: {reason}" if reason else ""

    def _configs(self, kernel: Kernel) -> list[Config]:
        try:
            return list(kernel.configs(self.plan, self.device))
        except Exception:
            return []  # It is quarantined when it is asked in earnest.

    def _scene(self, found: Explanation, floor: Floor) -> Scene:
        plan, adapter = self.plan, self.device.adapter
        dates = sorted({row.date[:10] for rows in self.known.cells(plan.operation, plan.dtype.name).values() for row in rows})
        return Scene(
            title=f"{plan.operation.replace('_', ' ').capitalize()} of {plan.dtype.name} matrices: which kernel is fastest, and by how much",
            choice=f"{plan.n:,} x {plan.batch:,}: {found.choice}",
            origin=f"{adapter.description} ({self.device.name}, {self.device.kind}, {adapter.backend}, driver {adapter.driver})  ·  "
            f"measured {dates[0] if dates[0] == dates[-1] else f'{dates[0]} to {dates[-1]}'}",
            n=plan.n,
            batch=plan.batch,
            kernels=tuple(self.kernels),
            floor=floor.ms,
            floor_text=str(floor),
            reach=NEAR,
        )


def _part(plan: Any, device: Device) -> Any:
    """``plan``, or the first of the parts that it is cut into where a binding cannot hold its operands."""
    limit = most_bound(device)
    while max(spec.nbytes for spec in plan.specs) > limit:
        part, _ = next(iter(plan.split(limit)), (None, ()))
        if part is None:
            break
        plan = part
    return plan


def _runner_up(found: Explanation) -> Candidate | None:
    """The fastest other kernel that could be used, where both were measured."""
    chosen = next((c for c in found.candidates if c.status == CHOSEN), None)
    if chosen is None or chosen.ms is None:
        return None
    others = [c for c in found.candidates if c.status == MEASURED and c.kernel != found.kernel and c.ms is not None]
    return min(others, key=lambda c: c.ms or 0.0, default=None)


def _candidate(kernel: str, config: Config, distribution: str, status: str, why: str, gate: str, row: Timing | None = None) -> Candidate:
    if row is None:
        return Candidate(kernel, dict(config), distribution, status, why, gate)
    return Candidate(kernel, dict(config), distribution, status, why, gate, row.device_ms, row.host_ms, row.date)


def _place(candidate: Candidate) -> tuple[int, float]:
    """What is chosen first, then by time what could be used, and what could not; then what was not measured."""
    if candidate.ms is not None:
        return {CHOSEN: 0, MEASURED: 1}.get(candidate.status, 2), candidate.ms
    return {CHOSEN: 0, NOT_MEASURED: 3}.get(candidate.status, 4), 0.0
