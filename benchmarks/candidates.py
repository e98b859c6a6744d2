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
from statistics import median
from typing import Any

import numpy as np

import webgpu_array as xp
from webgpu_array import dtypes
from webgpu_array.errors import KernelError
from webgpu_array.execute import run
from webgpu_array.gpu.device import Device, as_device
from webgpu_array.kernels.protocol import Config
from webgpu_array.plans.linalg import Inverse
from webgpu_array.plugins import registry
from webgpu_array.tensor import Tensor, allocate


def timed(call: Any, device: Device, runs: int) -> float:
    """Median seconds of device time."""
    taken = []
    for _ in range(runs):
        with device.timed() as timing:
            call()
        taken.append(timing.seconds)
    return median(taken)


def ceilings(device: Device) -> tuple[float, float]:
    """Bytes per second of a copy, operations per second of a product; both large, and repeated until clocks are up."""
    large = device.kind != "software"
    x = xp.random.default_rng(0).standard_normal((8192 if large else 512,) * 2, device=device)
    best = {"product": 0.0, "copy": 0.0}
    end = time.perf_counter() + (2.0 if large else 0.2)
    while time.perf_counter() < end:
        best["product"] = max(best["product"], 2 * x.shape[0] ** 3 / timed(lambda: x @ x, device, 1))
        best["copy"] = max(best["copy"], 2 * x.nbytes / timed(lambda: xp.asarray(x, copy=True), device, 1))
    return best["copy"], best["product"]


def candidates(plan: Inverse, device: Device, names: list[str] | None) -> list[tuple[str, Config]]:
    return [
        (kernel.name, config)
        for kernel in registry().candidates(plan, device)
        if not names or kernel.name in names
        for config in kernel.configs(plan, device)
    ]


def residuals(a: np.ndarray[Any, Any], x: np.ndarray[Any, Any]) -> tuple[float, float]:
    """The worst left and right residual ratio of some matrices."""
    u = float(np.finfo(a.dtype).eps) / 2
    a, x = a.astype(np.complex128 if a.dtype.kind == "c" else np.float64), x.astype(np.complex128 if a.dtype.kind == "c" else np.float64)
    n = a.shape[-1]

    def norm(m: Any) -> Any:
        return np.abs(m).sum(axis=-2).max(axis=-1)

    size = n * norm(a) * norm(x) * u
    eye = np.eye(n)
    return float((norm(eye - x @ a) / size).max()), float((norm(eye - a @ x) / size).max())


def measure(n: int, batch: int, dtype: str, names: list[str] | None, runs: int, device: Device, rates: tuple[float, float]) -> None:
    kind = dtypes.BY_NAME[dtype]
    rng = np.random.default_rng(1)
    x = xp.random.default_rng(1).standard_normal((batch, n, n), device=device, dtype=dtypes.real_of(kind))
    x = xp.astype(x, kind)
    checked = sorted({0, batch // 2, batch - 1, *rng.integers(0, batch, 3 if n <= 2048 else 0).tolist()})
    matrices = np.stack([x[i].numpy() for i in checked]) if n <= 4096 else None
    plan = Inverse(kind, n, batch, flags_only=True)
    floor = max(2 * x.nbytes / rates[0], 2 * n**3 * batch / rates[1])
    print(f"\n{n} x {batch}, {dtype}: floor {1e3 * floor:.3f} ms", flush=True)
    for name, config in candidates(plan, device, names):
        out, flagged = allocate(x.shape, kind, device), xp.zeros((1,), dtype=xp.uint32, device=device)
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
        print(f"  {ms:9.3f} ms  {1e-3 * ms / floor:5.1f} floors  {ratios}  flagged {int(flagged[0])}  first {first:.2f} s  {name} {dict(config)}", flush=True)


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
