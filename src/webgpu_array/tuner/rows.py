"""What the store holds, row by row, and how it is written: JSON, one row per line.

Nothing that is read is believed before its types are checked: people edit and ship these files.
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from .fingerprint import as_fingerprint

FORMAT = 1

_ACCURACIES = ("stable", "fast", None)


def now() -> str:
    """The date of a row: UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the accuracy gate said of a kernel for a dtype: ``accuracy`` is "stable", "fast" or None, ``reason`` its first failure.

    ``distribution`` is "name version" of the distribution that brought the kernel, ``source`` ``fingerprint.source_of_kernel``.
    """

    kernel: str
    dtype: str
    distribution: str
    kernel_version: int
    source: str
    accuracy: str | None
    reason: str = ""
    date: str = field(default_factory=now)

    @property
    def key(self) -> tuple[Any, ...]:
        """A row replaces the one with the same key."""
        return self.kernel, self.dtype


@dataclass(frozen=True, slots=True)
class Timing:
    """The times of a candidate (a kernel in one configuration) for ``batch`` matrices of order ``n``.

    ``device_ms``: milliseconds of one call by the device's clock, a figure per round. ``host_ms``: what the host takes to
    record one. ``source`` is ``fingerprint.source_of_candidate``.
    """

    operation: str
    dtype: str
    n: int
    batch: int
    kernel: str
    config: Mapping[str, int]
    distribution: str
    source: str
    device_ms: tuple[float, ...]
    host_ms: float
    date: str = field(default_factory=now)

    @property
    def key(self) -> tuple[Any, ...]:
        """A row replaces the one with the same key."""
        return self.operation, self.dtype, self.n, self.batch, self.kernel, tuple(sorted(self.config.items()))

    @property
    def ms(self) -> float:
        """Milliseconds of a call, what the choice goes by: the median of the device's, and the host's."""
        return statistics.median(self.device_ms) + self.host_ms


@dataclass(frozen=True, slots=True)
class Quarantine:
    """A kernel that must not be used unless it is named, and why.

    It ends with another version of the kernel or its distribution, and when the kernel's text changes: ``source`` is
    ``fingerprint.source_of_files``.
    """

    kernel: str
    distribution: str
    kernel_version: int
    source: str
    reason: str
    date: str = field(default_factory=now)

    @property
    def key(self) -> tuple[Any, ...]:
        """A row replaces the one with the same key."""
        return (self.kernel,)


Row = Verdict | Timing | Quarantine
Cell = tuple[int, int]  # n, batch


@dataclass(frozen=True)
class Measured:
    """The rows of one device. ``verdicts`` by kernel and dtype, ``quarantined`` by kernel."""

    verdicts: Mapping[tuple[str, str], Verdict] = field(default_factory=dict)
    timings: tuple[Timing, ...] = ()
    quarantined: Mapping[str, Quarantine] = field(default_factory=dict)

    @cached_property
    def _cells(self) -> dict[tuple[str, str], dict[Cell, list[Timing]]]:
        found: dict[tuple[str, str], dict[Cell, list[Timing]]] = {}
        for row in self.timings:
            found.setdefault((row.operation, row.dtype), {}).setdefault((row.n, row.batch), []).append(row)
        return found

    def cells(self, operation: str, dtype: str) -> Mapping[Cell, list[Timing]]:
        """The timings by (n, batch)."""
        return self._cells.get((operation, dtype), {})

    def rows(self) -> Iterator[Row]:
        yield from self.verdicts.values()
        yield from self.timings
        yield from self.quarantined.values()


def measured(rows: Iterable[Row]) -> Measured:
    """``rows`` in order; a later one replaces an earlier one of the same key."""
    kept: dict[type, dict[tuple[Any, ...], Any]] = {Verdict: {}, Timing: {}, Quarantine: {}}
    for row in rows:
        kept[type(row)][row.key] = row
    return Measured(
        verdicts=kept[Verdict],
        timings=tuple(kept[Timing].values()),
        quarantined={kernel: row for (kernel,), row in kept[Quarantine].items()},
    )


_KINDS: dict[str, type] = {"gate": Verdict, "times": Timing, "quarantine": Quarantine}


def parse(key: str, section: Any) -> tuple[Measured, int]:
    """The rows of the device with the hash ``key``, and how many were left out for what they hold. Never raises."""
    if not isinstance(section, dict) or not isinstance(section.get("fingerprint"), dict):
        return Measured(), 1
    if as_fingerprint(section["fingerprint"]).hash != key:
        return Measured(), 1
    found: list[Row] = []
    n_bad = 0
    for name, kind in _KINDS.items():
        rows = section.get(name, [])
        if not isinstance(rows, list):
            n_bad += 1
            continue
        for row in rows:
            try:
                found.append(_row(kind, row))
            except (ValueError, KeyError, TypeError, OverflowError):
                n_bad += 1
    return measured(found), n_bad


def section(facts: Mapping[str, Any], of: Measured) -> dict[str, Any]:
    """What ``parse`` reads."""
    by_kind: dict[str, Any] = {"fingerprint": dict(facts)}
    for name, kind in _KINDS.items():
        by_kind[name] = [asdict(row) for row in of.rows() if isinstance(row, kind)]
    return by_kind


def as_text(devices: Mapping[str, Any], *, frozen: bool = False) -> str:
    """The file with the sections ``devices``, by the hashes of their fingerprints."""
    blocks = []
    for key, content in devices.items():
        parts = []
        for name, value in content.items():
            if name in _KINDS and isinstance(value, list):
                lines = ",".join(f"\n    {json.dumps(row)}" for row in value)
                parts.append(f"{json.dumps(name)}: [{lines}]")
            else:
                parts.append(f"{json.dumps(name)}: {json.dumps(value)}")
        blocks.append(f"  {json.dumps(key)}: {{\n   " + ",\n   ".join(parts) + "}")
    head = f'{{"format": {FORMAT},\n' + (' "frozen": true,\n' if frozen else "")
    return head + ' "devices": {\n' + ",\n".join(blocks) + "}}\n"


def devices_of(data: bytes) -> tuple[dict[str, Any], bool]:
    """The sections of a file, not yet parsed, and whether it is frozen. Raises ValueError with what is wrong."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no JSON ({error})") from error
    if not isinstance(document, dict) or "format" not in document:
        raise ValueError("it says no format")
    if document["format"] != FORMAT:
        raise ValueError(f"its format is {document['format']!r}, not {FORMAT}")
    devices = document.get("devices")
    if not isinstance(devices, dict) or not all(isinstance(content, dict) for content in devices.values()):
        raise ValueError("it has no table of devices")
    return devices, document.get("frozen") is True


def _row(kind: type, raw: dict[str, Any]) -> Any:
    return kind(*[check(raw[name]) for name, check in _FIELDS[kind]])


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 1 <= value < 1 << 63:
        raise TypeError(value)
    return value


def _version(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(value)
    return value


def _time(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value < math.inf:
        raise TypeError(value)
    return float(value)


def _times(value: Any) -> tuple[float, ...]:
    # Most of a file is these: it is read once per process.
    if not isinstance(value, list) or not value or not set(map(type, value)) <= {int, float}:
        raise TypeError(value)
    if not (min(value) > 0 and max(value) < math.inf and sum(value) > 0):
        raise TypeError(value)
    return tuple(map(float, value))


def _config(value: Any) -> dict[str, int]:
    # A kernel may configure itself with truth values as well, which Python takes for 0 and 1.
    if not isinstance(value, dict) or not all(isinstance(each, int) for each in value.values()):
        raise TypeError(value)
    return value


def _accuracy(value: Any) -> str | None:
    if value not in _ACCURACIES:
        raise TypeError(value)
    return None if value is None else str(value)


_CHECKS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("kernel", "dtype", "distribution", "source", "reason", "date", "operation"), _text),
    **dict.fromkeys(("n", "batch"), _count),
    "kernel_version": _version,
    "accuracy": _accuracy,
    "config": _config,
    "device_ms": _times,
    "host_ms": _time,
}

# Per kind of row its fields in order, with what checks them.
_FIELDS = {kind: [(each.name, _CHECKS[each.name]) for each in fields(kind)] for kind in _KINDS.values()}
