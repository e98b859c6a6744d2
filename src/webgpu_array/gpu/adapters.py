"""Which GPUs there are: names, kinds, limits, features; and opening one.

wgpu is imported on the first look, not with the package: a machine without a driver can
still import ``webgpu_array`` and read what is missing.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from ..errors import DeviceError, DeviceLostError, DeviceMemoryError, KernelError

if TYPE_CHECKING:
    import wgpu

# WebGPU's names for what an adapter is, in the order in which a default is chosen.
_KINDS = {
    "DiscreteGPU": "discrete",
    "IntegratedGPU": "integrated",
    "VirtualGPU": "virtual",
    "CPU": "software",
}
_RANK = {kind: rank for rank, kind in enumerate([*_KINDS.values(), "unknown"])}

# OpenGL shows the same hardware a second time, without storage-buffer guarantees, 64-bit
# types or subgroups; wgpu itself calls it a secondary backend.
_BACKENDS = ("Vulkan", "Metal", "D3D12")

_FEATURES = (
    "shader-f16",
    "shader-f64",
    "shader-int64",
    "subgroup",
    "timestamp-query",
)

# Shaders do not see it, so it is not among the features. Where a device has memory of its own it makes shaders slow.
_MAPPABLE = "mappable-primary-buffers"

# wgpu may give the widest range there is, 4 to 128, instead of what a driver says. The hardware of these vendors
# (by PCI id: NVIDIA, Apple) has one size only.
_SUBGROUP_SIZES = {0x10DE: 32, 0x106B: 32}

# llvmpipe tells the bits of its vectors in its name: a subgroup is a vector of elements of 32 bits.
_LLVMPIPE = re.compile(r"llvmpipe \(.*\b(\d+) bits\)")

_LIMITS = (
    "max-buffer-size",
    "max-compute-invocations-per-workgroup",
    "max-compute-workgroup-size-x",
    "max-compute-workgroup-storage-size",
    "max-compute-workgroups-per-dimension",
    "max-storage-buffer-binding-size",
    "max-storage-buffers-per-shader-stage",
    "max-uniform-buffer-binding-size",
    "min-storage-buffer-offset-alignment",
    "min-uniform-buffer-offset-alignment",
)

# What a browser grants any page that asks for nothing: WebGPU's default limits, and no features.
# Source: https://www.w3.org/TR/webgpu/#limits
BROWSER_LIMITS = {
    "max-bind-groups": 4,
    "max-bindings-per-bind-group": 1000,
    "max-buffer-size": 1 << 28,
    "max-compute-invocations-per-workgroup": 256,
    "max-compute-workgroup-size-x": 256,
    "max-compute-workgroup-size-y": 256,
    "max-compute-workgroup-size-z": 64,
    "max-compute-workgroup-storage-size": 16384,
    "max-compute-workgroups-per-dimension": 65535,
    "max-dynamic-storage-buffers-per-pipeline-layout": 4,
    "max-dynamic-uniform-buffers-per-pipeline-layout": 8,
    "max-storage-buffer-binding-size": 1 << 27,
    "max-storage-buffers-per-shader-stage": 8,
    "max-uniform-buffer-binding-size": 1 << 16,
    "max-uniform-buffers-per-shader-stage": 12,
    "min-storage-buffer-offset-alignment": 256,
    "min-uniform-buffer-offset-alignment": 256,
}


@dataclass(frozen=True, slots=True, eq=False)
class Adapter:
    """One GPU as the driver offers it, or as a browser would. ``kind`` is discrete, integrated, virtual, software or unknown."""

    name: str
    kind: str
    backend: str
    description: str
    driver: str
    limits: dict[str, int]
    features: frozenset[str]
    subgroup_sizes: tuple[int, int]  # the least and the most that the driver may choose for a pipeline
    subgroup_size: int  # where it is the same for every pipeline, else 0
    is_mappable: bool  # whether the host may read what shaders write, without a copy of it
    handle: wgpu.GPUAdapter

    def open(self) -> wgpu.GPUDevice:
        """A wgpu device with every limit and feature this package knows how to use."""
        mapping = {_MAPPABLE} if self.is_mappable else set()
        return self.handle.request_device_sync(
            label="webgpu_array",
            required_features=sorted(self.features | mapping),
            required_limits=self.limits,
        )

    def translated(self, error: Exception, what: str) -> DeviceError | DeviceMemoryError:
        """wgpu's error as one of ours, with the adapter and ``what`` was being done; to be raised from it."""
        if isinstance(error, MemoryError):
            return DeviceMemoryError(f"{self.name} is out of memory in {what}: {error}")
        if "lost" in str(error).lower():
            return self.lost(what)
        return KernelError(f"{self.name} refused {what}: {error}")

    def lost(self, what: str) -> DeviceLostError:
        """The error for a device that is gone."""
        return DeviceLostError(f"{self.name} was lost in {what}: its tensors are gone; restart the process")


@cache
def adapters() -> tuple[Adapter, ...]:
    """Every adapter of a native backend, best first: discrete, integrated, virtual, software.

    Each with what the driver offers, or, where WEBGPU_ARRAY_BROWSER_LIMITS is 1, with what a browser grants.
    Raises DeviceError for another value.
    """
    import wgpu
    from wgpu.backends.wgpu_native.extras import set_instance_extras

    # Skips probing OpenGL, which takes two thirds of the start-up time. Where another library
    # made the process-wide instance first, the filter below is all.
    with suppress(RuntimeError):
        set_instance_extras(backends=["Primary"])
    handles = [a for a in wgpu.gpu.enumerate_adapters_sync() if a.info["backend_type"] in _BACKENDS]
    handles.sort(key=lambda a: _RANK[_kind(a.info)])
    seen: Counter[str] = Counter()
    found = []
    describe = _describe_as_browser if is_limited() else _describe
    for handle in handles:
        backend = handle.info["backend_type"].lower()
        found.append(describe(handle, f"{backend}:{seen[backend]}"))
        seen[backend] += 1
    return tuple(found)


def versions() -> dict[str, str]:
    """Versions of wgpu-py and of the wgpu-native library it loads."""
    import wgpu
    from wgpu.backends.wgpu_native import lib_version_info

    return {"wgpu": wgpu.__version__, "wgpu-native": ".".join(map(str, lib_version_info))}


def _kind(info: Any) -> str:
    return _KINDS.get(info["adapter_type"], "unknown")


def is_limited() -> bool:
    """Whether the environment asks for what a browser grants. Raises DeviceError for a value that is neither 0 nor 1."""
    asked = os.environ.get("WEBGPU_ARRAY_BROWSER_LIMITS", "0")
    if asked not in ("0", "1"):
        raise DeviceError(f"WEBGPU_ARRAY_BROWSER_LIMITS is {asked!r}; set it to '1', or not at all")
    return asked == "1"


def _describe_as_browser(handle: wgpu.GPUAdapter, name: str) -> Adapter:
    return replace(_describe(handle, name), limits=dict(BROWSER_LIMITS), features=frozenset(), subgroup_size=0, is_mappable=False)


def _subgroup_size(handle: wgpu.GPUAdapter) -> int:
    if "subgroup" not in handle.features:
        return 0
    info = handle.info
    if vector := _LLVMPIPE.match(info["device"]):
        return int(vector[1]) // 32
    least, most = info["stackgroup_min_size"], info["stackgroup_max_size"]
    return least if least == most else _SUBGROUP_SIZES.get(info["vendor_id"], 0)


def _describe(handle: wgpu.GPUAdapter, name: str) -> Adapter:
    info = handle.info
    return Adapter(
        name=name,
        kind=_kind(info),
        backend=info["backend_type"],
        description=info["device"],
        driver=info["description"] or info["vendor"],
        limits={limit: handle.limits[limit] for limit in _LIMITS},
        features=frozenset(f for f in _FEATURES if f in handle.features),
        subgroup_sizes=(info["stackgroup_min_size"], info["stackgroup_max_size"]),
        subgroup_size=_subgroup_size(handle),
        is_mappable=_kind(info) == "software" and _MAPPABLE in handle.features,
        handle=handle,
    )
