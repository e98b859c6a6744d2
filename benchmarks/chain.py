"""What one small operation costs on the host: a chain of them, with one readback at the end.

    python benchmarks/chain.py [--device vulkan:0] [--operations 1000] [--size 256] [--runs 21] [--json]

Three rows: NumPy, this package, and this package through wgpu-py's public interface only
(WEBGPU_ARRAY_RAW_CALLS=0). "recorded" is the time until the last operation has returned,
"total" until its values are on the host, both per operation; medians with (least, greatest).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

import webgpu_array as xp
from webgpu_array.gpu.adapters import versions
from webgpu_array.gpu.device import Device, as_device


@dataclass(frozen=True)
class Timing:
    """Microseconds per operation over several runs."""

    median: float
    least: float
    greatest: float

    @classmethod
    def of(cls, seconds: list[float], operations: int) -> Timing:
        return cls(*(1e6 * f(seconds) / operations for f in (median, min, max)))

    def __str__(self) -> str:
        return f"{self.median:.1f} ({self.least:.1f}, {self.greatest:.1f})"


def chain(x: Any, y: Any, operations: int) -> Any:
    """Alternates x + y and x * 0.5, so that the values stay finite."""
    for _ in range(operations // 2):
        x = (x + y) * 0.5
    return x


def measure(make: Callable[[np.ndarray], Any], operations: int, size: int, runs: int) -> dict[str, Timing]:
    """Timings of the chain on what ``make`` returns for a host array."""
    x, y = make(np.linspace(0, 1, size, dtype=np.float32)), make(np.ones(size, dtype=np.float32))
    np.asarray(chain(x, y, operations))  # compiles, and fills the pool
    recorded, total = [], []
    for _ in range(runs):
        start = time.perf_counter()
        result = chain(x, y, operations)
        middle = time.perf_counter()
        np.asarray(result)
        end = time.perf_counter()
        recorded.append(middle - start)
        total.append(end - start)
    return {"recorded": Timing.of(recorded, operations), "total": Timing.of(total, operations)}


def opened(device: Device, raw_calls: bool) -> Device:
    """The adapter of ``device``, opened anew with or without the raw calls."""
    os.environ["WEBGPU_ARRAY_RAW_CALLS"] = str(int(raw_calls))
    own = Device(device.adapter)
    own.synchronize()
    return own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", help="name or kind of a device; the default device without it")
    parser.add_argument("--operations", type=int, default=1000)
    parser.add_argument("--size", type=int, default=256, help="elements of the arrays (256)")
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    asked = parser.parse_args()
    device = as_device(asked.device)
    raw, public = opened(device, True), opened(device, False)
    ways: dict[str, Callable[[np.ndarray], Any]] = {
        "numpy": lambda host: host,
        "webgpu_array": lambda host: xp.asarray(host, device=raw),
        "webgpu_array, public calls": lambda host: xp.asarray(host, device=public),
    }
    results = {name: measure(make, asked.operations, asked.size, asked.runs) for name, make in ways.items()}
    title = f"{asked.operations} operations on {asked.size} float32, {asked.runs} runs"
    where = f"{device.name}, {device.adapter.description} ({device.kind})"
    if asked.json:
        record = {
            "benchmark": "chain",
            "device": where,
            "driver": device.adapter.driver,
            "host": platform.machine(),
            "versions": {**versions(), "numpy": np.__version__, "webgpu_array": xp.__version__},
            "operations": asked.operations,
            "size": asked.size,
            "runs": asked.runs,
            "us_per_operation": {
                name: {kind: asdict(timing) for kind, timing in timings.items()} for name, timings in results.items()
            },
        }
        print(json.dumps(record, indent=2))
        return
    table = Table(title=f"{title}\n{where}", caption="µs per operation: median (least, greatest)")
    table.add_column("")
    table.add_column("recorded", justify="right")
    table.add_column("total", justify="right")
    for name, timings in results.items():
        table.add_row(name, str(timings["recorded"]), str(timings["total"]))
    Console().print(table)


if __name__ == "__main__":
    main()
