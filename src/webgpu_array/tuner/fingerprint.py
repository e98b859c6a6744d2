"""What a measurement depends on, as short hashes: the device with its driver, and what a kernel launches."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from .. import kernels
from ..gpu.adapters import versions
from ..gpu.device import Device
from ..kernels.protocol import Capabilities, Config, Kernel, Work
from ..shader import SHADERS

# Hexadecimal digits: enough that two devices, or two texts, never share them by chance.
_DIGITS = 16

# Orders at which a kernel's launches stand for all its text, the first that it can do; of so many matrices.
_ORDERS = (8, 2, 32, 128, 512, *range(1, 1025))
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A device as far as times and verdicts depend on it. ``facts`` are JSON; ``hash`` is made of them."""

    facts: Mapping[str, Any]
    hash: str


def fingerprint(device: Device) -> Fingerprint:
    """The fingerprint of ``device``: kind, backend, device, driver, wgpu-native, and the features and limits that kernels see."""
    adapter = device.adapter
    return as_fingerprint(
        {
            "kind": device.kind,
            "backend": adapter.backend,
            "device": adapter.description,
            "driver": adapter.driver,
            "wgpu-native": versions()["wgpu-native"],
            "subgroup-size": device.subgroup_size,
            "features": sorted(device.features),
            "limits": dict(device.limits),
        }
    )


def as_fingerprint(facts: Mapping[str, Any]) -> Fingerprint:
    """``facts`` with their hash."""
    return Fingerprint(facts, _hash(json.dumps(facts, sort_keys=True)))


def source_of(work: Work) -> str:
    """The hash of all that ``work`` has the device do: WGSL, grids, parameters, bindings, scratch."""
    launches = [
        (x.shader.code, x.shader.access, x.groups, sorted(x.params.items()), sorted(x.buffers.items()))
        for x in work.launches
    ]
    return _hash(repr((launches, sorted(work.scratch.items()))))


def source_of_candidate(kernel: Kernel, plan: Any, device: Capabilities, config: Config) -> str:
    """``source_of`` what the kernel launches for ``canonical(plan)``: the ``source`` of a row of times."""
    plan = canonical(plan)
    return source_of(kernel.launches(plan, device, config))


def source_of_kernel(kernel: Kernel, plan: Any, device: Capabilities) -> str:
    """The ``source`` of a verdict: that of the kernel's default for an order of its own choice, and the dtype of ``plan``.

    Empty where it can do none.
    """
    for n in _ORDERS:
        probe = replace(canonical(plan), n=n, batch=_BATCH)
        if kernel.why_not(probe, device) is None:
            return source_of(kernel.launches(probe, device, kernel.configs(probe, device)[0]))
    return ""


def source_of_files(kernel: Kernel) -> str:
    """The hash of the module that defines the kernel, and of the modules and shaders beside it where that is a package.

    For kernels that cannot be asked what they launch, since they fail.
    """
    module = sys.modules.get(type(kernel).__module__)
    name = getattr(module, "__file__", None)
    if module is None or not name:
        return ""
    file = Path(name)
    files = [file]
    if module.__package__:
        folders = [file.parent] if module.__package__ != kernels.__name__ else [file.parent, SHADERS]
        files = sorted(path for folder in folders for kind in ("*.py", "*.wgsl") for path in folder.rglob(kind))
    digest = hashlib.sha256()
    for path in files:
        with suppress(OSError):  # it may lie in an archive
            digest.update(path.read_bytes())
    return digest.hexdigest()[:_DIGITS]


def canonical(plan: Any) -> Any:
    """``plan`` as it is measured: times do not tell apart what is written beside the result."""
    if any(field.name == "flags_only" for field in fields(plan)):
        return replace(plan, flags_only=True)
    return plan


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
