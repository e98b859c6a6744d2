"""What a session asks of the registry and of the store: candidates, rows that still hold, verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from ..gpu.device import Device
from ..kernels.validation import objection_of
from ..plugins import BUILT_IN, registry
from .cases import plan_of
from .choice import distribution_of, is_fresh, is_verdict_on, quarantine, quarantine_row, why_quarantined
from .fingerprint import fingerprint, source_of_kernel
from .measuring import Candidate
from .store import Cell, Store, Timing, Verdict


class Desk:
    """One operation with one dtype on one device."""

    def __init__(self, device: Device, operation: str, dtype: str, accuracy: str = "stable", kernels: Iterable[str] | None = None) -> None:
        self.accuracy = accuracy
        self._device = device
        self._operation, self._dtype = operation, dtype
        self._kernels = None if kernels is None else set(kernels)
        self._store = Store.load()
        self._fingerprint = fingerprint(device)

    def plan(self, n: int, batch: int) -> Any:
        return plan_of(self._operation, self._dtype, n, batch)

    def candidates(self, plan: Any) -> list[Candidate]:
        """Every kernel that can do ``plan``, in every configuration, but for those in quarantine; the default first."""
        found: list[tuple[tuple[bool, bool], list[Candidate]]] = []
        for kernel in registry().kernels.values():
            if kernel.operation != plan.operation or (self._kernels is not None and kernel.name not in self._kernels):
                continue
            try:
                if why_quarantined(kernel, self._device) is None and objection_of(kernel, plan, self._device) is None:
                    place = registry().place(kernel, plan, self._device)
                    found.append((place, [Candidate(kernel.name, dict(config)) for config in kernel.configs(plan, self._device)]))
            except Exception as error:
                quarantine(kernel, self._device, error)
        return [candidate for _, candidates in sorted(found, key=itemgetter(0)) for candidate in candidates]

    def is_built_in(self, kernel: str) -> bool:
        return registry().owner(kernel) == BUILT_IN

    def rows(self, plan: Any) -> list[Timing]:
        """What was measured for ``plan`` by candidates that launch the same now."""
        own = {candidate.key for candidate in self.candidates(plan)}
        known = self._store.measured(self._fingerprint)
        return [
            row
            for row in known.cells(self._operation, self._dtype).get((plan.n, plan.batch), ())
            if Candidate(row.kernel, row.config).key in own
            and row.distribution == distribution_of(row.kernel)
            and is_fresh(row, plan, self._device, known)
        ]

    def cells(self) -> dict[Cell, list[Timing]]:
        """Every cell with the rows of distributions that are installed."""
        names = registry().kernels
        known = self._store.measured(self._fingerprint).cells(self._operation, self._dtype)
        found = {
            cell: [row for row in rows if row.kernel in names and row.distribution == distribution_of(row.kernel)]
            for cell, rows in known.items()
        }
        return {cell: rows for cell, rows in found.items() if rows}

    def is_fresh(self, row: Timing) -> bool:
        """Whether the candidate of ``row`` launches the same now."""
        return is_fresh(row, self.plan(row.n, row.batch), self._device, self._store.measured(self._fingerprint))

    def verdict(self, kernel: str) -> Verdict | None:
        """What the gate said of the kernel as it is now."""
        found = self._store.measured(self._fingerprint).verdicts.get((kernel, self._dtype))
        registered = registry().kernels[kernel]
        if found is None or not is_verdict_on(registered, found):
            return None
        try:
            source = source_of_kernel(registered, self.plan(1, 1), self._device)
        except Exception as error:
            quarantine(registered, self._device, error)
            return None
        return found if found.source == source else None

    def priors(self) -> list[Timing]:
        """Timings on other devices."""
        own = self._operation, self._dtype
        return [row for row in self._store.priors(self._fingerprint) if (row.operation, row.dtype) == own]

    def keep(
        self, *, verdicts: Iterable[Verdict] = (), timings: Iterable[Timing] = (), failed: dict[str, str] | None = None
    ) -> None:
        """Adds to the store; kernels in ``failed`` are put into quarantine for these reasons."""
        verdicts, timings = tuple(verdicts), tuple(timings)
        quarantined = [quarantine_row(registry().kernels[kernel], reason) for kernel, reason in (failed or {}).items()]
        if verdicts or timings or quarantined:
            self._store.add(self._fingerprint, verdicts=verdicts, timings=timings, quarantined=quarantined)
