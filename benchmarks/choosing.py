"""What choosing a kernel costs: at the first call beyond compilation, and on the warm path.

    python benchmarks/choosing.py [--device software] [--rows 2000]

With an empty store, and with one of so many rows, of which those near the plan say that the default is the fastest but for one, whose
launches are made anew to see that they are the same. The first call is split into choosing and compiling; the warm path is
`execute.run` up to the recorded commands, with and without what asks for the settings and the state of the store.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PROGRAM = """
import sys, time
import webgpu_array as xp
from webgpu_array import execute
from webgpu_array.tuner import choice, store
from webgpu_array.tuner.settings import current
from webgpu_array.gpu.device import as_device
from webgpu_array.plans.linalg import Inverse
device = as_device(sys.argv[1] or None)
x = xp.random.default_rng(0).uniform(size=(1000, 8, 8), device=device)
device.synchronize()
spent = []
def timed(*arguments, choose=execute.choose, **more):
    start = time.perf_counter()
    found = choose(*arguments, **more)
    spent.append(time.perf_counter() - start)
    return found
execute.choose = timed
start = time.perf_counter()
xp.linalg.inv_ex(x)
first = time.perf_counter() - start
device.synchronize()
plan = Inverse(x.dtype, 8, 1000)
n = 2000
def table():
    start = time.perf_counter()
    for _ in range(n):
        device.programs.get(plan)
    return (time.perf_counter() - start) / n
def whole():
    start = time.perf_counter()
    for _ in range(n):
        settings = current().key
        key = plan
        if settings is not None and plan.operation in execute.TUNED:
            key = (key, settings)
        program = device.programs.get(key)
        program is None or (program.chosen_at is not None and program.chosen_at != store.changes)
    return (time.perf_counter() - start) / n
plain = min(table() for _ in range(20))
warm = min(whole() for _ in range(20))
print(spent[0] * 1e3, first * 1e3, plain * 1e6, warm * 1e6)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="", help="name or kind (default: the default device)")
    parser.add_argument("--rows", type=int, default=2000, help="rows of the large store (default: %(default)s)")
    parser.add_argument("--repeat", type=int, default=5, help="processes per line; the median is printed (default: %(default)s)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "large.json"
        fill(large, arguments.device, arguments.rows)
        cases = {
            "without a store": {"WEBGPU_ARRAY_TUNING": ""},
            # The file that there is by default, looked for where there is none.
            "an empty store": {"XDG_CACHE_HOME": folder},
            f"a store of {arguments.rows:,} rows": {"WEBGPU_ARRAY_TUNING": str(large)},
        }
        print(f"{'':24} {'choosing, ms':>14} {'first call, ms':>16} {'look-up, µs':>12} {'of it the table, µs':>20}")
        for name, variables in cases.items():
            found = [measured(variables, arguments.device) for _ in range(arguments.repeat)]
            choosing, first, plain, warm = (sorted(each)[len(found) // 2] for each in list(zip(*found, strict=True))[:4])
            print(f"{name:24} {choosing:14.2f} {first:16.1f} {warm:12.2f} {plain:20.2f}")


def measured(variables: dict[str, str], device: str) -> tuple[Any, ...]:
    """The figures of a process with these environment variables."""
    environment = {name: value for name, value in os.environ.items() if name != "WEBGPU_ARRAY_TUNING"} | variables
    command = [sys.executable, "-c", PROGRAM, device]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return tuple(float(each) for each in done.stdout.split()[:4])


def fill(path: Path, device_name: str, n_rows: int) -> None:
    """A store of rows for orders and batches all over, in which the default wins but for the cell at hand."""
    from webgpu_array.dtypes import float32
    from webgpu_array.gpu.device import as_device
    from webgpu_array.plans.linalg import Inverse
    from webgpu_array.plugins import registry
    from webgpu_array.tuner.fingerprint import fingerprint, source_of_candidate, source_of_kernel
    from webgpu_array.tuner.store import Store, Timing, Verdict

    device = as_device(device_name or None)
    plan = Inverse(float32, 8, 1000)
    able = registry().candidates(plan, device)
    usual, other = able[0], able[-1]
    rows, verdicts = [], []
    for kernel, ms in ((usual, 2.0), (other, 1.0)):
        config = kernel.configs(plan, device)[0]
        source = source_of_candidate(kernel, plan, device, config)
        distribution = registry().distribution(kernel.name)
        rows.append(Timing("inverse", "float32", 8, 1000, kernel.name, config, distribution, source, (ms,) * 7, 0.1))
        source = source_of_kernel(kernel, plan, device)
        verdicts.append(Verdict(kernel.name, "float32", distribution, kernel.version, source, "stable"))
    template = rows[0]
    for i in range(n_rows - 2):
        n, batch = 1 + i % 50, 8 ** (i // 50 % 8)
        config = {**template.config, "variant": i // 400}
        rows.append(
            Timing("inverse", "float32", n, batch, usual.name, config, template.distribution, template.source, (2.0,) * 7, 0.1)
        )
    Store(path).add(fingerprint(device), timings=rows, verdicts=verdicts)


if __name__ == "__main__":
    started = time.perf_counter()
    main()
    print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr)
