"""Which kernel carries out a plan: the one that was named, the fastest of those measured near by, or the default.

What was measured is used only where it holds here and now: the same kernel of the same distribution, launching the same,
with a verdict of the accuracy gate. Nothing is measured here.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from typing import Any, NamedTuple

from ..errors import DeviceError, KernelError, PluginWarning, TuningWarning
from ..gpu.device import Device
from ..kernels.protocol import Config, Kernel
from ..kernels.validation import objection_of, slowness_of
from ..plans.linalg import Determinant, Inverse, MatMul, Solve
from ..plans.reduction import Reduce
from ..plugins import BUILT_IN, registry
from . import store
from .fingerprint import fingerprint, source_of_candidate, source_of_files, source_of_kernel
from .settings import current
from .store import Cell, Measured, Quarantine, Store, Timing, Verdict

# The operations whose kernels are measured.
TUNED = frozenset((Inverse.operation,))

# Operations whose built-in kernels run without wgpu's run-time checks, which cost them up to half of
# their speed: positions follow from the plan's sizes, of data only from which rows are pivots, and those are below the order; and the
# tests have been over every size and layout (for the inverse docs/gate.md as well).
_TRUSTED = frozenset(plan.operation for plan in (Determinant, Inverse, MatMul, Reduce, Solve))

# A default that takes this much longer than the best stays: two measurements differ by as much. And so much more at a distance of 1,
# for what wins by little there may well lose here.
_TIE, _TIE_FAR = 0.03, 0.15

# Factors in n and in batch beyond which a measurement says nothing of a plan: a distance of 1. What has another default is farther by so
# much: defaults change where what is padded, or how much of a device is busy, changes at once.
NEAR = 2.0, 8.0
_STEP = 0.5

# Why kernels are not used in this process, by device and kernel; and which rows were compared with what is launched now.
_failed: dict[tuple[str, str], str] = {}
_is_fresh: dict[tuple[Any, ...], bool] = {}


@dataclass(frozen=True, slots=True)
class Choice:
    """A kernel and its configuration. ``why`` in words; ``row`` is the timing that decided, None for a default.

    ``is_trusted``: whether its shaders run without run-time checks. ``is_unproven``: it comes from a plugin and nobody asked for it,
    so that its first result is to be checked.
    """

    kernel: Kernel
    config: Config
    is_trusted: bool
    is_unproven: bool
    why: str
    row: Timing | None = None


def choose(plan: Any, device: Device, kernel: str | None = None, config: Config | None = None) -> Choice:
    """How to carry out ``plan``: by ``kernel``, or as ``tuning`` says; ``config`` in place of the one that would be chosen.

    Raises KernelError where no kernel can do it, with every kernel's reason; ValueError for an unknown name. A kernel that fails when
    it is asked is quarantined, unless it was named. Waits only in the mode "on", which may measure.
    """
    if kernel is not None:
        chosen = _named(plan, device, kernel)
    else:
        chosen = default(plan, device)
        if plan.operation in TUNED and current().mode != "off":
            chosen = _fastest(plan, device, chosen)
    return replace(chosen, config=config) if config else chosen


def default(plan: Any, device: Device, *, is_asked: bool = True) -> Choice:
    """The first kernel of the registry that can do ``plan``, in its first configuration; built-in ones that say that they are slow come after
    those that do not, and before plugins'.

    Raises KernelError where there is none. A kernel that raises is quarantined, or only passed over where nobody asked for this plan.
    """
    reasons, slow = [], None
    for kernel in registry().kernels.values():
        if kernel.operation != plan.operation:
            continue
        is_plugin = registry().owner(kernel.name) != BUILT_IN
        if slow is not None and is_plugin:
            break
        reason = why_quarantined(kernel, device)
        if reason is None:
            try:
                reason = objection_of(kernel, plan, device)
                if reason is None:
                    trusted = not is_plugin and kernel.operation in _TRUSTED
                    found = Choice(kernel, kernel.configs(plan, device)[0], trusted, is_plugin, "it is the default")
                    if slowness_of(kernel, plan, device) is None:
                        return found
                    slow = slow or found
            except Exception as error:
                reason = quarantine(kernel, device, error) if is_asked else str(error)
        reasons.append(f"{kernel.name}: {reason}")
    if slow is not None:
        return slow
    raise KernelError(f"no kernel for {plan} on {device.name} ({'; '.join(reasons) or 'none is registered'})")


def quarantine(kernel: Kernel, device: Device, reason: Exception | str) -> str:
    """Leaves ``kernel`` out from now on, in later processes too, and warns. Returns the reason in words.

    Raises ``reason`` again where it must not: a built-in kernel of an operation that has no others, or an error of the device.
    """
    if isinstance(reason, Exception):
        if not _may_be_left_out(kernel) or not is_fault_of_kernel(reason):
            raise reason
        reason = f"{type(reason).__name__}: {reason}"
    _failed[device.name, kernel.name] = reason
    store.changes += 1
    if current().mode != "off":
        Store.load().add(fingerprint(device), quarantined=[quarantine_row(kernel, reason)])
    warnings.warn(
        f"kernel {kernel.name} of {distribution_of(kernel.name)} is not used on {device.name} any more: {reason}", PluginWarning, stacklevel=3
    )
    return reason


def why_quarantined(kernel: Kernel, device: Device) -> str | None:
    """Why ``kernel`` is not used on ``device`` unless it is named, or None."""
    failed = _failed.get((device.name, kernel.name))
    if failed is not None or current().mode == "off" or not _may_be_left_out(kernel):
        return failed
    row = Store.load().measured(fingerprint(device)).quarantined.get(kernel.name)
    is_same = row is not None and row == replace(quarantine_row(kernel, row.reason), date=row.date)
    return row.reason if row is not None and is_same else None


def quarantine_row(kernel: Kernel, reason: str) -> Quarantine:
    """What says that ``kernel``, as it is now, must not be used."""
    return Quarantine(kernel.name, distribution_of(kernel.name), kernel.version, source_of_files(kernel), reason)


def is_fault_of_kernel(error: Exception) -> bool:
    """Whether ``error`` says something of a kernel, rather than of the device: that it was lost, or has no memory left."""
    return isinstance(error, KernelError) or not isinstance(error, (MemoryError, DeviceError))


def failure(kernel: str, error: Exception) -> Exception:
    """``error``, where it says something of the device, or what is raised for a plugin's kernel that was named and failed."""
    if isinstance(error, KernelError) or not is_fault_of_kernel(error):
        return error
    return KernelError(f"kernel {kernel} of {distribution_of(kernel)} failed: {type(error).__name__}: {error}")


def objection(row: Timing, plan: Any, device: Device, measured: Measured, accuracy: str) -> str | None:
    """Why the candidate of ``row`` must not be used for ``plan``, or None. That its source is the same is ``is_fresh``."""
    kernel = registry().kernels.get(row.kernel)
    if kernel is None or kernel.operation != plan.operation:
        return "it is not registered"
    if row.distribution != distribution_of(row.kernel):
        return f"it was measured as it was in {row.distribution}"
    try:
        reason = why_quarantined(kernel, device) or _why_not_accurate(kernel, row.dtype, measured, accuracy)
        reason = reason or objection_of(kernel, plan, device)
        if reason is None and row.config not in kernel.configs(plan, device):
            reason = f"it has no configuration {row.config} for this plan"
    except Exception as error:
        reason = quarantine(kernel, device, error)
    return reason


def is_fresh(row: Timing, plan: Any, device: Device, measured: Measured) -> bool:
    """Whether the candidate of ``row`` launches what it did when it was measured, and its kernel what passed the gate.

    Its launches are made anew for that, once per row and process.
    """
    key = (fingerprint(device).hash, row.key, row.source)
    if key not in _is_fresh:
        kernel = registry().kernels[row.kernel]
        measured_plan = replace(plan, n=row.n, batch=row.batch)
        try:
            # Of what it cannot do nothing was measured, whatever the row says.
            is_possible = objection_of(kernel, measured_plan, device) is None and row.config in kernel.configs(measured_plan, device)
            _is_fresh[key] = is_possible and row.source == source_of_candidate(kernel, measured_plan, device, row.config)
        except Exception as error:
            quarantine(kernel, device, error)
            return False
    return _is_fresh[key]


class Near(NamedTuple):
    """What was measured near a plan: ``away`` is the distance, at most 1 in n and in batch; across a step it is longer."""

    cell: Cell
    rows: list[Timing]
    away: float

    @property
    def tie(self) -> float:
        """By which share of the default's time another candidate must have been faster here to replace it."""
        return _TIE + _TIE_FAR * self.away


def near(plan: Any, device: Device, usual: Choice, measured: Measured) -> Iterator[Near]:
    """What was measured near ``plan``, the nearest first. Where the default is not ``usual``, something is across a step."""
    cells = measured.cells(plan.operation, plan.dtype.name)
    waiting = [(away, False, cell) for cell in cells if (away := _distance(plan, cell)) < math.inf]
    heapify(waiting)
    while waiting:
        away, is_across, cell = heappop(waiting)
        if is_across or _has_default(plan, cell, device, usual):
            yield Near(cell, cells[cell], away)
        else:
            heappush(waiting, (away + _STEP, True, cell))


def _distance(plan: Any, cell: Cell) -> float:
    away = [
        abs(math.log(of / there, factor)) for of, there, factor in zip((plan.n, plan.batch), cell, NEAR, strict=True)
    ]
    return math.hypot(*away) if max(away) <= 1 else math.inf


def _has_default(plan: Any, cell: Cell, device: Device, usual: Choice) -> bool:
    n, batch = cell
    if (n, batch) == (plan.n, plan.batch):
        return True
    try:
        there = default(replace(plan, n=n, batch=batch), device, is_asked=False)
    except KernelError:
        return False
    return (there.kernel.name, there.config) == (usual.kernel.name, usual.config)


def distribution_of(kernel: str) -> str:
    """The distribution that brought the kernel called ``kernel``: its name and its version."""
    return registry().distribution(kernel)


def is_verdict_on(kernel: Kernel, verdict: Verdict) -> bool:
    """Whether ``verdict`` is one on this version of ``kernel``. Whether on its present text is left to ``source_of_kernel``."""
    return (verdict.distribution, verdict.kernel_version) == (distribution_of(kernel.name), kernel.version)


def _named(plan: Any, device: Device, name: str) -> Choice:
    asked = registry().kernels.get(name)
    is_plugin = asked is not None and asked.operation == plan.operation and registry().owner(name) != BUILT_IN
    try:
        kernel = registry().named(name, plan, device)
        config = kernel.configs(plan, device)[0]
    except Exception as error:
        if is_plugin:
            raise failure(name, error) from error
        raise
    trusted = not is_plugin and kernel.operation in _TRUSTED
    if is_plugin and plan.operation in TUNED and current().mode != "off":
        known = Store.load().measured(fingerprint(device))
        trusted = _why_not_accurate(kernel, plan.dtype.name, known, "fast") is None and _is_verdict_fresh(kernel, plan, device, known)
    return Choice(kernel, config, trusted, False, "it was named")


def _fastest(plan: Any, device: Device, usual: Choice) -> Choice:
    """What won near ``plan``, or ``usual``."""
    settings = current()
    stored = Store.load()
    if settings.measure is not None and not stored.is_frozen:
        _measure(plan, device)
    known = stored.measured(fingerprint(device))
    for found in near(plan, device, usual, known):
        own = row_of(usual, found.rows)
        # Where the default was not measured it may be the best for all we know: it has its bounds in n.
        if own is None:
            continue
        best = _best(plan, device, usual, found.rows, own.ms * (1 - found.tie), known)
        if best is not None and not is_fresh(own, plan, device, known):
            continue
        n, batch = found.cell
        if best is None:
            return replace(usual, why=f"the default is the fastest, or within {found.tie:.0%} of it, in what was measured for {n}x{batch}")
        kernel = registry().kernels[best.kernel]
        why = f"it took {best.ms:.3g} ms for {n}x{batch}, and the default {usual.kernel.name} {own.ms:.3g} ms"
        return Choice(kernel, best.config, True, registry().owner(kernel.name) != BUILT_IN, why, best)
    return replace(usual, why="it is the default, and nothing was measured near by")


def _best(plan: Any, device: Device, usual: Choice, rows: list[Timing], below: float, known: Measured) -> Timing | None:
    """The fastest of a cell's rows that may be used, of those that take less than ``below`` milliseconds."""
    for row in sorted(rows, key=lambda row: row.ms):
        if row.ms >= below:
            return None
        if (row.kernel, row.config) == (usual.kernel.name, usual.config):
            continue
        if objection(row, plan, device, known, current().accuracy) is None:
            kernel = registry().kernels[row.kernel]
            if is_fresh(row, plan, device, known) and _is_verdict_fresh(kernel, plan, device, known):
                return row
    return None


def row_of(usual: Choice, rows: list[Timing]) -> Timing | None:
    """What the default took: in its configuration, or else, where the cell has others, in its best."""
    own = [row for row in rows if row.kernel == usual.kernel.name and row.distribution == distribution_of(row.kernel)]
    same = [row for row in own if row.config == usual.config]
    return min(same or own, key=lambda row: row.ms, default=None)


def _why_not_accurate(kernel: Kernel, dtype: str, measured: Measured, accuracy: str) -> str | None:
    verdict = measured.verdicts.get((kernel.name, dtype))
    if verdict is None:
        return f"the accuracy gate has not been run on it for {dtype}"
    if not is_verdict_on(kernel, verdict):
        return f"the accuracy gate was run on version {verdict.kernel_version} of {verdict.distribution}"
    if verdict.accuracy == "stable" or verdict.accuracy == accuracy == "fast":
        return None
    return f"it fails the accuracy gate: {verdict.reason}"


def _is_verdict_fresh(kernel: Kernel, plan: Any, device: Device, measured: Measured) -> bool:
    verdict = measured.verdicts[kernel.name, plan.dtype.name]
    key = (fingerprint(device).hash, verdict.key, verdict.source)
    if key not in _is_fresh:
        try:
            _is_fresh[key] = verdict.source == source_of_kernel(kernel, plan, device)
        except Exception as error:
            quarantine(kernel, device, error)
            return False
    return _is_fresh[key]


def _may_be_left_out(kernel: Kernel) -> bool:
    return kernel.operation in TUNED or registry().owner(kernel.name) != BUILT_IN


def _measure(plan: Any, device: Device) -> None:
    measure = current().measure
    assert measure is not None
    try:
        measure(plan, device)
    except Exception as error:
        # Whatever it is, the call that is waiting for a kernel can be answered by the default.
        warnings.warn(f"tuning: {plan} was not measured: {type(error).__name__}: {error}", TuningWarning, stacklevel=2)
