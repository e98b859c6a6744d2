"""How long ``float(x)`` takes for a 0-D tensor whose value has long been computed.

    python benchmarks/readback.py [--device vulkan:0] [--runs 1000] [--json]

Rows: this package; the same through a copy that the host maps, as wherever the host cannot map what shaders write (on
all but software adapters both rows measure that); through wgpu-py's public interface only (WEBGPU_ARRAY_RAW_CALLS=0);
and wgpu-py's ``read_buffer`` of the same four bytes. Microseconds: median (least, lower quartile).
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

import webgpu_array as xp
from webgpu_array.gpu.device import Device, as_device


def measure(read: Callable[[], object], runs: int) -> list[float]:
    """Microseconds of each read."""
    read()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        read()
        times.append(1e6 * (time.perf_counter() - start))
    return times


def readers(device: Device) -> Iterator[tuple[str, Callable[[], object]]]:
    """Every way to read, with its name."""
    for name, raw_calls in (("webgpu_array", "1"), ("webgpu_array, copied", "1"), ("webgpu_array, public calls", "0")):
        os.environ["WEBGPU_ARRAY_RAW_CALLS"] = raw_calls
        own = Device(device.adapter)
        if "copied" in name:
            own.recorder._peek = None
        x = xp.asarray(1.5, device=own) + 1.0
        yield name, partial(float, x)
    yield "wgpu-py's read_buffer", partial(own.recorder._device.queue.read_buffer, x.buffer.handle, 0, 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", help="name or kind of a device; the default device without it")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    asked = parser.parse_args()
    device = as_device(asked.device)
    results = {}
    for name, read in readers(device):
        times = measure(read, asked.runs)
        results[name] = {"median": median(times), "least": min(times), "quartile": quantiles(times, n=4)[0]}
    where = f"{device.name}, {device.adapter.description} ({device.kind})"
    if asked.json:
        print(json.dumps({"benchmark": "readback", "device": where, "runs": asked.runs, "us": results}, indent=2))
        return
    table = Table(title=f"float(x), {asked.runs} runs\n{where}", caption="µs: median (least, lower quartile)")
    table.add_column("")
    table.add_column("read", justify="right")
    for name, us in results.items():
        table.add_row(name, f"{us['median']:.1f} ({us['least']:.1f}, {us['quartile']:.1f})")
    Console().print(table)


if __name__ == "__main__":
    main()
