"""What benchmarks that keep their results share: on what was measured, and how results become JSON, CSV and text."""

from __future__ import annotations

import csv
import json
import math
import os
import platform
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

import webgpu_array as xp
from webgpu_array.gpu.adapters import versions
from webgpu_array.gpu.device import Device


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def n_cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def about(device: Device, others: dict[str, str]) -> dict[str, Any]:
    """The device, its host, the versions of this package and of others, and the day."""
    return {
        "kind": device.kind,
        "device": device.name,
        "card": device.adapter.description,
        "driver": device.adapter.driver,
        "host": f"{platform.machine()}, {n_cpus()} CPUs",
        "versions": {
            "webgpu_array": xp.__version__,
            **versions(),
            **others,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
        "date": date.today().isoformat(),
    }


def where(result: dict[str, Any]) -> str:
    return f"{result['card']} ({result['kind']}, {result['device']})"


def header(result: dict[str, Any]) -> list[str]:
    """What ``about`` says, as two items of a list in Markdown."""
    numbers = ", ".join(f"{key} {number}" for key, number in result["versions"].items())
    return [f"- {where(result)}; driver {result['driver']}; host {result['host']}", f"- {numbers}; {result['date']}"]


def ms(value: float | None) -> str:
    """Milliseconds with three digits that count."""
    if value is None:
        return ""
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def markdown_table(heads: list[str], left: set[str], rows: list[list[str]]) -> list[str]:
    """Lines of a table: cells to the right, but for the columns in ``left``."""
    lines = [heads, ["---" if head in left else "---:" for head in heads], *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines]


def write_csv(rows: list[dict[str, Any]], path: Path) -> None:
    """A line per row, with every figure of any of them."""
    keys: dict[str, None] = {}
    for row in rows:
        keys |= dict.fromkeys(row)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(keys))
        writer.writeheader()
        writer.writerows(rows)


def as_json(results: Any) -> str:
    return json.dumps(_finite(results), indent=1) + "\n"


def _finite(value: Any) -> Any:
    """The value with None for numbers that JSON does not have."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
