"""How fast a registered kernel is, beside the one that would be used without it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from .. import dtypes
from ..execute import run
from ..gpu.device import Device, as_device
from ..kernels.protocol import Config, Kernel
from ..ops.creation import zeros
from ..plans.linalg import Inverse
from ..plugins import BUILT_IN, registry
from ..random.generator import default_rng
from ..tensor import Tensor, allocate

# A measurement lasts this long at least: one call of a small batch is shorter than what timestamps resolve.
_SECONDS = 2e-3
_MOST_CALLS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One shape, of a kernel's fastest configuration: milliseconds of one call, and what the default kernel takes for the same.

    ``ms`` is None, and ``why_not`` says why, where the kernel cannot do it. ``default`` is the first built-in kernel that can, in its
    first configuration.
    """

    kernel: str
    n: int
    batch: int
    config: Config | None
    ms: float | None
    default: str
    default_ms: float
    why_not: str | None = None

    def __str__(self) -> str:
        shape = f"{self.n}x{self.batch}"
        if self.ms is None:
            return f"{shape}: {self.kernel} cannot: {self.why_not}"
        config = dict(self.config or {})
        ratio = self.default_ms / self.ms
        return f"{shape}: {self.kernel} {config} {self.ms:.3f} ms, {self.default} {self.default_ms:.3f} ms: {ratio:.2f} times as fast"


def benchmark_kernel(
    kernel: str,
    shapes: Iterable[tuple[int, int]],
    device: Device | str | None = None,
    *,
    dtype: str = "float32",
    runs: int = 5,
) -> list[Row]:
    """A row per shape (order, batch): device milliseconds of an inverse kernel and of the default, medians of ``runs``.

    The matrices are normal random ones. Both kernels are measured by turns, without reading results; by the host's clock where the device
    takes no timestamps. A plugin's kernel has wgpu's run-time checks here, which the default has not.

    Raises ValueError for a kernel that is not registered. Waits for the device.

    >>> for row in benchmark_kernel("my_kernel", [(8, 100_000), (16, 10_000)]):
    ...     print(row)
    """
    device = as_device(device)
    kernels = [k for k in registry().kernels.values() if k.operation == Inverse.operation]
    mine = next((k for k in kernels if k.name == kernel), None)
    if mine is None:
        raise ValueError(f"benchmark_kernel: there is no inverse kernel called {kernel!r}; there are: {', '.join(k.name for k in kernels)}")
    return [_row(mine, Inverse(dtypes.BY_NAME[dtype], n, batch, flags_only=True), device, runs) for n, batch in shapes]


def _row(mine: Kernel, plan: Inverse, device: Device, runs: int) -> Row:
    default = next(k for k in registry().candidates(plan, device) if registry().owner(k.name) == BUILT_IN)
    x = default_rng(0).standard_normal((plan.batch, plan.n, plan.n), dtype=plan.dtype, device=device)
    inverse, flagged = allocate(x.shape, x.dtype, device), zeros((1, 3), dtype=dtypes.uint32, device=device)

    def call(kernel: Kernel, config: Config) -> Callable[[], None]:
        operands: tuple[Tensor, ...] = (inverse, flagged, x)
        return lambda: run(plan, operands, device, kernel.name, config)

    candidates: list[tuple[Kernel, Config]] = [(default, default.configs(plan, device)[0])]
    why_not = mine.why_not(plan, device)
    if why_not is None:
        candidates += [(mine, config) for config in mine.configs(plan, device)]
    calls = [call(*candidate) for candidate in candidates]
    counts = [_warmed_up(each, device) for each in calls]
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(runs):
        for each, count, measured in zip(calls, counts, times, strict=True):
            measured.append(_seconds(each, count, device))
    default_ms, *own = (1e3 * median(measured) for measured in times)
    best = min(range(len(own)), key=own.__getitem__, default=None)
    config, ms = (None, None) if best is None else (candidates[best + 1][1], own[best])
    return Row(mine.name, plan.n, plan.batch, config, ms, default.name, default_ms, why_not)


def _warmed_up(call: Callable[[], Any], device: Device) -> int:
    """Compiles, and says how many calls a measurement should hold."""
    call()
    once = _seconds(call, 1, device)
    return max(1, min(_MOST_CALLS, round(_SECONDS / max(once, 1e-9))))


def _seconds(call: Callable[[], Any], count: int, device: Device) -> float:
    """Seconds of one call, of ``count`` in a row."""
    if "timestamp-query" in device.features:
        with device.timed() as timing:
            for _ in range(count):
                call()
        return timing.seconds / count
    device.synchronize()
    start = time.perf_counter()
    for _ in range(count):
        call()
    device.synchronize()
    return (time.perf_counter() - start) / count
