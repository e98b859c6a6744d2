"""What the accuracy gate says of a kernel on a device, as a verdict to keep.

A kernel of a plugin goes through every order that it can do; a built-in one, which went through all of them when it was made
(docs/gate.md), through a few that show whether this device and its driver compute as others do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import webgpu_array as xp

from .. import dtypes
from ..errors import DeviceError, KernelError
from ..execute import run_with_room
from ..gpu.device import Device
from ..plans.linalg import Inverse
from ..plugins import BUILT_IN, registry
from ..testing.families import SIZES, Batch, crowd, stack
from ..testing.gate import Inverter, Report, check, check_inverter
from ..testing.on_device import can_invert, on_device, singles
from . import measuring
from .choice import distribution_of
from .fingerprint import source_of_kernel
from .measuring import Candidate
from .store import Verdict

# "fast" kernels may fail where n u κ₁ is above this: κ₁ above 16,000 at order 16, or 2,000 at order 128, in float32.
FAST_BOUND = 1 / 64

# Orders that show whether a built-in kernel computes rightly here.
_BRIEF = (3, 8, 16, 17, 33)

# Beyond this order a software adapter takes minutes: there it gets a few telling families.
_LARGEST_ON_SOFTWARE = 66

# Matrices, of order 3 or the least that the kernel can do, that no workgroup and no grid divides.
_CROWD = 65_537

# Matrices of the batches that are inverted alone as well, where there are many or they are large.
_SINGLES = 8

# Elements before and after every operand that no kernel has any business with; and matrices between them.
_GUARD, _GUARDED = 4096, 37
_GUARDED_ORDERS = (1, 2, 3, 5, 8, 13, 17, 31, 33, 47, 65, 129)


def verdict(
    kernel: str, dtype: str, device: Device, trust: Callable[[Verdict], None], report: measuring.Report | None = None
) -> Verdict:
    """Runs the gate. Waits for the device, some seconds or minutes.

    ``trust`` is called with the verdict on a plugin's kernel that computes rightly: from then on its shaders must run without run-time
    checks, so that it can be seen whether they need any.
    """
    report = report or measuring.Report()
    candidate = Candidate(kernel, {})
    registered = registry().kernels[kernel]
    probe = Inverse(dtypes.BY_NAME[dtype], 1, 1)
    report.begin(candidate, "gate")
    source = source_of_kernel(registered, probe, device)
    found: tuple[str | None, str] | None = None

    def as_verdict(accuracy: str | None, reason: str) -> Verdict:
        return Verdict(kernel, dtype, distribution_of(kernel), registered.version, source, accuracy, reason)

    for n, batch in _batches(kernel, dtype, device):
        report.begin(candidate, f"gate, order {n}")
        accuracy, reason = _judge(kernel, device, batch)
        if found is None or found[0] == "stable":
            found = accuracy, reason
        elif accuracy is None:
            found = None, found[1]
        if found[0] is None:
            break
    if found is not None and found[0] is not None and registry().owner(kernel) != BUILT_IN:
        report.begin(candidate, "bounds")
        trust(as_verdict(*found))
        overrun = _overrun(kernel, dtype, device)
        if overrun is not None:
            found = None, overrun
    return as_verdict(*(found or _without_gate(kernel, dtype)))


def _without_gate(kernel: str, dtype: str) -> tuple[str | None, str]:
    """For types that the gate has no matrices of, a kernel is judged by the cells that it is timed for; strangers are not."""
    if registry().owner(kernel) == BUILT_IN:
        return "stable", ""
    return None, f"the gate has no {dtype} matrices that it can invert"


def _batches(kernel: str, dtype: str, device: Device) -> Iterator[tuple[int, Batch]]:
    if dtype not in ("float32", "float64"):
        return
    kind = dtypes.BY_NAME[dtype]
    registered = registry().kernels[kernel]
    able = [n for n in SIZES if registered.why_not(Inverse(kind, n, 8), device) is None]
    if registry().owner(kernel) == BUILT_IN:
        for n in [n for n in _BRIEF if n in able] or able[:1]:
            yield n, stack(n, dtype, True)
        return
    for n in able:
        yield n, stack(n, dtype, device.kind == "software" and n > _LARGEST_ON_SOFTWARE)
        if n == max(3, able[0]) and n <= 8:
            yield n, crowd(_CROWD, n, dtype)


def _judge(kernel: str, device: Device, batch: Batch) -> tuple[str | None, str]:
    """The accuracy that ``batch`` shows, and the first failure."""
    if not can_invert(kernel, device, batch):
        return "stable", ""
    results: list[Any] = []
    inner = on_device(kernel, device)

    def invert(a: Any) -> Any:
        result = inner(a)
        if not results:
            results.append(result)
        return result

    few = batch.n > 34 or len(batch.families) > 1000
    judged = _guarded_report(invert, batch, singles(kernel, device, batch, _SINGLES if few else None))
    if isinstance(judged, str):
        return None, judged
    if not judged.failures:
        return "stable", ""
    nu = batch.n * float(np.finfo(batch.matrices.dtype).eps) / 2
    easy = np.flatnonzero(nu * batch.reference.condition <= FAST_BOUND)
    inverse, info, rcond = results[0]
    part = Batch(batch.matrices[easy], tuple(batch.families[i] for i in easy))
    failures = check(part, (inverse[easy], info[easy], rcond[easy])).failures if len(easy) else ()
    return (None, failures[0]) if failures else ("fast", judged.failures[0])


def _guarded_report(invert: Inverter, batch: Batch, n_singles: int | None) -> Report | str:
    """The gate's report, or what the kernel raised."""
    try:
        return check_inverter(invert, batch, n_singles)
    except Exception as error:
        # What is wrong with the device is not the kernel's fault.
        if isinstance(error, MemoryError) or (isinstance(error, DeviceError) and not isinstance(error, KernelError)):
            raise
        return f"it raised {type(error).__name__}: {error}"


def _overrun(kernel: str, dtype: str, device: Device) -> str | None:
    """Whether the kernel writes beside its operands, or into its input, when nothing checks its indices.

    What lies behind an operand is bound with it: of writes beyond a binding many drivers make nothing, and so nothing to see.
    """
    kind = dtypes.BY_NAME[dtype]
    registered = registry().kernels[kernel]
    for n in _GUARDED_ORDERS:
        plan = Inverse(kind, n, _GUARDED, flags_only=True)
        if registered.why_not(plan, device) is not None:
            continue
        wholes = [_guarded(spec.dtype, spec.shape, device) for spec in plan.specs]
        before = [xp.asarray(whole, copy=True) for whole, _ in wholes]
        room = _GUARD * min(spec.dtype.storage_bytes for spec in plan.specs)
        run_with_room(plan, tuple(inside for _, inside in wholes), device, kernel, room)
        for (whole, inside), earlier, spec in zip(wholes, before, plan.specs, strict=True):
            end = _GUARD + (0 if spec.name in plan.read_only else inside.size)
            for part in (slice(0, _GUARD), slice(end, None)):
                if not bool(xp.all(whole[part] == earlier[part])):
                    return f"it writes outside of {spec.name!r} for {_GUARDED} matrices of order {n}"
    return None


def _guarded(dtype: Any, shape: tuple[int, ...], device: Device) -> tuple[Any, Any]:
    """Random elements, and a view of them that has the shape."""
    size = 1
    for length in shape:
        size *= length
    rng = np.random.default_rng(size)
    host = rng.integers(1, 1000, 2 * _GUARD + size).astype(dtype.name)
    if len(shape) == 3:
        # As matrices they have to have inverses.
        host[_GUARD : _GUARD + size] += (3000 * np.eye(shape[-1])[None] + np.zeros(shape)).astype(host.dtype).ravel()
    whole = xp.asarray(host, device=device)
    steps = [1]
    for length in reversed(shape[1:]):
        steps.insert(0, steps[0] * length)
    return whole, whole.view(shape, tuple(steps), _GUARD)
