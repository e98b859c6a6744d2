"""The gate for registered kernels, on a device."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from .. import dtypes, interop
from ..gpu.device import Device, as_device
from ..linalg.inverse import inv_ex
from ..plans.linalg import Inverse
from ..plugins import registry
from .families import CROWD_SIZES, CROWDS, SIZES, Batch, crowd, stack
from .gate import Array, Inverter, Report, Result, check_inverter

_DTYPES = ("float32", "float64")


def check_kernel(kernel: str, device: Device | str | None = None) -> Report:
    """The whole gate for a registered kernel: every size and dtype that it can do on ``device``.

    Raises ValueError when that is none at all. Waits for the device, some minutes.

    >>> report = check_kernel("my_kernel", device="vulkan:0")
    >>> assert not report.failures, report.describe()
    """
    reports = check_kernels([kernel], as_device(device))
    if not reports:
        raise ValueError(f"check_kernel: {kernel} can invert none of the gate's sizes on {as_device(device)}")
    return sum(reports.values(), Report())


def check_kernels(
    kernels: Iterable[str], device: Device, progress: Callable[[str], None] | None = None
) -> dict[tuple[str, str], Report]:
    """The whole gate for several kernels: a report per kernel and dtype.

    ``progress`` is called with a line of text after every batch.
    """
    kernels = tuple(kernels)
    reports: defaultdict[tuple[str, str], Report] = defaultdict(Report)
    for batch, n_singles in every_batch():
        for kernel in kernels:
            if can_invert(kernel, device, batch):
                key = kernel, batch.matrices.dtype.name
                report = check_inverter(on_device(kernel, device), batch, singles(kernel, device, batch, n_singles))
                reports[key] += report
                if progress:
                    shape = " x ".join(map(str, batch.matrices.shape))
                    progress(f"{kernel}, {key[1]}, {shape}: {len(report.failures)} failures")
    return dict(reports)


def every_batch() -> Iterator[tuple[Batch, int | None]]:
    """Every batch of the gate, and how many of its matrices to invert alone as well (None: all)."""
    for dtype in _DTYPES:
        for n in SIZES:
            yield stack(n, dtype), None
        for n in CROWD_SIZES:
            for n_matrices in CROWDS:
                yield crowd(n_matrices, n, dtype), 100


def inverse_kernels() -> list[str]:
    """The names of all registered inverse kernels, of which some are for complex matrices only."""
    return [kernel.name for kernel in registry().kernels.values() if kernel.operation == Inverse.operation]


def can_invert(kernel: str, device: Device, batch: Batch) -> bool:
    """Whether the kernel takes ``batch`` on ``device``."""
    dtype = dtypes.BY_NAME[batch.matrices.dtype.name]
    plan = Inverse(dtype, batch.n, len(batch.families))
    return device.supports(dtype) and registry().kernels[kernel].why_not(plan, device) is None


def singles(kernel: str, device: Device, batch: Batch, wanted: int | None) -> int | None:
    """``wanted`` matrices to invert alone as well, for ``check_inverter``: 0 for a kernel that takes no single ones."""
    plan = Inverse(dtypes.BY_NAME[batch.matrices.dtype.name], batch.n, 1)
    return wanted if registry().kernels[kernel].why_not(plan, device) is None else 0


def inverter(kernel: str, device: Device | str | None = None) -> Inverter:
    """``linalg.inv_ex`` by one registered kernel for ``check_inverter``, with NumPy arrays at both ends. Waits for the device."""
    return on_device(kernel, as_device(device))


def on_device(kernel: str, device: Device) -> Inverter:
    """``linalg.inv_ex`` by one kernel, with NumPy arrays at both ends."""

    def invert(a: Array) -> Result:
        inverse, info, rcond = inv_ex(interop.asarray(a, device=device), kernel=kernel)
        return interop.to_numpy(inverse), interop.to_numpy(info), interop.to_numpy(rcond)

    return invert
