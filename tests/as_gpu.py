"""A device as if it were a GPU: on a software adapter, kernels are then configured as they are on one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from webgpu_array.gpu.device import Device


def as_gpu(device: Device, subgroup_size: int = 0) -> Any:
    """What kernels are told of ``device``, but for its kind and with subgroups of such a size; 0: unknown."""
    return SimpleNamespace(
        name=device.name, kind="discrete", features=device.features, limits=device.limits, subgroup_size=subgroup_size
    )
