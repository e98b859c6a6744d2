"""Every kernel and configuration that can invert some matrices, timed side by side on the device.

    python benchmarks/candidates.py 32x100000 64x16384 [--kernel NAME ...] [--dtype float64] [--runs 5] [--device discrete]

A shape is order x batch. Prints milliseconds of device time (median over runs, by the device's own timestamps, nothing
but the kernel), seconds of the first call, which compiles, and the gate's left and right residual ratios of
one matrix (bound 30), for random normal matrices. The first line of a shape is the floor: each byte read and written once at the rate of a
device's copy, or 2 n³ operations at the rate of its matrix product, both measured at the start.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np
from measure import ceilings, chosen, normal, residuals, timed

import webgpu_array as xp
from webgpu_array import dtypes
from webgpu_array.errors import KernelError
from webgpu_array.execute import run
from webgpu_array.gpu.device import Device, as_device
from webgpu_array.kernels.protocol import Config
from webgpu_array.plans.linalg import Inverse
from webgpu_array.tensor import Tensor, allocate
from webgpu_array.tuner.measuring import candidates


def measure(n: int, batch: int, dtype: str, names: list[str] | None, runs: int, device: Device, rates: tuple[float, float]) -> None:
    kind = dtypes.BY_NAME[dtype]
    x = normal((batch, n, n), dtype, device)
    checked = chosen(batch)
    matrices = np.stack([x[i].numpy() for i in checked]) if n <= 4096 else None
    plan = Inverse(kind, n, batch, flags_only=True)
    floor = max(2 * x.nbytes / rates[0], 2 * n**3 * batch / rates[1])
    print(f"\n{n} x {batch}, {dtype}: floor {1e3 * floor:.3f} ms", flush=True)
    for name, config in candidates(plan, device, names):
        out, flagged = allocate(x.shape, kind, device), xp.zeros((1, 3), dtype=xp.uint32, device=device)
        operands: tuple[Tensor, ...] = (out, flagged, x)

        def call(operands: Any = operands, name: str = name, config: Config = config) -> None:
            run(plan, operands, device, name, config)

        try:
            start = time.perf_counter()
            call()
            device.synchronize()
            first = time.perf_counter() - start
            ms = 1e3 * timed(call, device, runs)
        except (KernelError, MemoryError) as error:
            print(f"  {name} {dict(config)}: {error}", flush=True)
            continue
        ratios = ""
        if matrices is not None:
            ratios = "left {:.3g} right {:.3g}".format(*residuals(matrices, np.stack([out[i].numpy() for i in checked])))
        print(f"  {ms:9.3f} ms  {1e-3 * ms / floor:5.1f} floors  {ratios}  flagged {int(flagged[0, 0])}  first {first:.2f} s  {name} {dict(config)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="+")
    parser.add_argument("--kernel", action="append")
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--device")
    asked = parser.parse_args()
    device = as_device(asked.device)
    rates = ceilings(device)
    print(f"{device.adapter.description}: copy {rates[0] / 1e9:.0f} GB/s, product {rates[1] / 1e12:.2f} TFLOP/s")
    for shape in asked.shapes:
        n, batch = map(int, shape.split("x"))
        measure(n, batch, asked.dtype, asked.kernel, asked.runs, device, rates)


if __name__ == "__main__":
    main()
