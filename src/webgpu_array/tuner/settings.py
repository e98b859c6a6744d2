"""What the user asks of the tuner, for a stretch of the program: ``webgpu_array.tuning``."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ..gpu.device import Device

MODES = ("off", "stored", "on")
ACCURACIES = ("stable", "fast")

Measure = Callable[[Any, Device], None]


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """What ``tuning`` was told. ``deadline`` (``time.monotonic()``) is when its budget ends.

    ``measure(plan, device)`` measures, and stores, what is missing for a choice of a kernel for ``plan``; it is there in the mode
    "on" only. ``key`` is what compiled programs depend on: None where they are those of the default settings.
    """

    mode: str = "stored"
    accuracy: str = "stable"
    budget: float = 30.0
    progress: bool = False
    deadline: float = 0.0
    measure: Measure | None = None
    key: tuple[Any, ...] | None = None

    @property
    def remaining(self) -> float:
        """Seconds that are left of the budget; never negative."""
        return max(0.0, self.deadline - time.monotonic())


_DEFAULT = Settings()
_OFF = Settings("off", key=("off", "stable"))
_settings: ContextVar[Settings] = ContextVar("webgpu_array_tuning", default=_DEFAULT)

# What is in force now: a call takes some 50 ns.
current = _settings.get


@contextmanager
def tuning(
    mode: str = "on", *, accuracy: str = "stable", budget: float = 30.0, progress: bool = False
) -> Iterator[Settings]:
    """``with tuning("on"):`` says how kernels are chosen in the block, in this thread or task.

    ``mode``: "off" for the defaults alone, "stored" (as it is without the block) for what was measured earlier,
    "on" to measure what is missing when a call needs it. ``accuracy``: "stable" lets only kernels win that fulfil the accuracy gate,
    "fast" also those that miss it for ill-conditioned matrices; docs/tuning.md says by how much. ``budget``: seconds that all
    measuring in the block may take, the last candidate's aside. ``progress`` shows on stderr what is measured.

    Raises ValueError for another mode, accuracy or budget. In the mode "on", calls wait while they measure.
    """
    if mode not in MODES:
        raise ValueError(f"tuning: mode must be one of {', '.join(map(repr, MODES))}, not {mode!r}")
    if accuracy not in ACCURACIES:
        raise ValueError(f"tuning: accuracy must be 'stable' or 'fast', not {accuracy!r}")
    if not budget >= 0:
        raise ValueError(f"tuning: budget must be a number of seconds, not {budget!r}")
    measure = _measure if mode == "on" else None
    key: tuple[Any, ...] | None = None if (mode, accuracy) == (_DEFAULT.mode, _DEFAULT.accuracy) else (mode, accuracy)
    if mode == "on":
        # A block measures what an earlier one had no time for: it begins without programs.
        key = (mode, accuracy, object())
    settings = Settings(mode, accuracy, float(budget), progress, time.monotonic() + budget, measure, key)
    token = _settings.set(settings)
    try:
        yield settings
    finally:
        _settings.reset(token)


def _measure(plan: Any, device: Device) -> None:
    """Hands over to the session, which is above this module: it calls the functions that are tuned. Within it, nothing is measured."""
    settings = current()
    token = _settings.set(_OFF)
    try:
        importlib.import_module("webgpu_array.tuner.session").measure(plan, device, settings)
    finally:
        _settings.reset(token)
