"""How long ``float(x)`` takes for a 0-D tensor whose value has long been computed.

    python benchmarks/readback.py [--device vulkan:0] [--runs 1000] [--json]

Two rows: this package, and this package through wgpu-py's public interface only
(WEBGPU_ARRAY_RAW_CALLS=0). Microseconds: median (least, greatest).
"""

from __future__ import annotations

import argparse
import json
import os
import time
from statistics import median

from rich.console import Console
from rich.table import Table

import webgpu_array as xp
from webgpu_array.gpu.device import Device, as_device


def measure(device: Device, runs: int) -> list[float]:
    """Microseconds of each read."""
    x = xp.asarray(1.5, device=device) + 1.0
    float(x)
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        float(x)
        times.append(1e6 * (time.perf_counter() - start))
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", help="name or kind of a device; the default device without it")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    asked = parser.parse_args()
    device = as_device(asked.device)
    results = {}
    for name, raw_calls in (("webgpu_array", "1"), ("webgpu_array, public calls", "0")):
        os.environ["WEBGPU_ARRAY_RAW_CALLS"] = raw_calls
        times = measure(Device(device.adapter), asked.runs)
        results[name] = {"median": median(times), "least": min(times), "greatest": max(times)}
    where = f"{device.name}, {device.adapter.description} ({device.kind})"
    if asked.json:
        print(json.dumps({"benchmark": "readback", "device": where, "runs": asked.runs, "us": results}, indent=2))
        return
    table = Table(title=f"float(x), {asked.runs} runs\n{where}", caption="µs: median (least, greatest)")
    table.add_column("")
    table.add_column("read", justify="right")
    for name, us in results.items():
        table.add_row(name, f"{us['median']:.1f} ({us['least']:.1f}, {us['greatest']:.1f})")
    Console().print(table)


if __name__ == "__main__":
    main()
