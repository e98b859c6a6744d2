"""``Device``: what the layers above hold of a GPU."""

from __future__ import annotations

import os
from functools import cache, cached_property
from typing import Any

from ..dtypes import DType
from ..errors import NoDeviceError
from . import adapters
from .dispatch import Recorder
from .memory import Pool
from .transfer import Transfer


class Device:
    """One GPU, opened on first use. There is one object per adapter, so ``==`` is identity.

    ``name`` is the backend and a number ("vulkan:0"); ``kind`` is discrete, integrated,
    virtual, software or unknown.
    """

    def __init__(self, adapter: adapters.Adapter) -> None:
        self.adapter = adapter
        self.name = adapter.name
        self.kind = adapter.kind
        self.limits = adapter.limits
        self.features = adapter.features
        # Compiled plans by plan; see execute.py.
        self.programs: dict[Any, Any] = {}

    def __repr__(self) -> str:
        return f"Device({self.name!r})"

    def __str__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[Any, ...]:
        return as_device, (self.name,)

    def supports(self, dtype: DType) -> bool:
        """Whether this device computes in ``dtype``."""
        return dtype.features <= self.features

    @cached_property
    def _opened(self) -> Any:
        return self.adapter.open()

    @cached_property
    def recorder(self) -> Recorder:
        return Recorder(self.adapter, self._opened)

    @cached_property
    def pool(self) -> Pool:
        return Pool(self.adapter, self._opened, before_destroy=self.recorder.forget_buffers)

    @cached_property
    def transfer(self) -> Transfer:
        return Transfer(self._opened, self.recorder, self.pool)

    def synchronize(self) -> None:
        """Waits until the device has done everything recorded so far."""
        with self.recorder.lock:
            marker = self.pool.allocate(4)
        self.transfer.read(marker, 0, 4)


@cache
def devices() -> tuple[Device, ...]:
    """Every device of this machine, best first: discrete, integrated, virtual, software."""
    return tuple(Device(adapter) for adapter in adapters.adapters())


@cache
def default_device() -> Device:
    """The first of ``devices()``, or the one that WEBGPU_ARRAY_DEVICE names (or its kind, "software").

    Raises NoDeviceError when there is none.
    """
    asked = os.environ.get("WEBGPU_ARRAY_DEVICE")
    if asked:
        return as_device(asked)
    if not devices():
        raise NoDeviceError(
            "no GPU and no software adapter was found; install a Vulkan driver "
            "(Debian, Ubuntu: apt-get install mesa-vulkan-drivers libvulkan1), "
            "then see `webgpu-array doctor`"
        )
    return devices()[0]


def as_device(device: Device | str | None) -> Device:
    """The device for a name ("vulkan:0"), for a kind ("software"), or for None (the default).

    Raises NoDeviceError with the names there are, TypeError for another type.
    """
    if isinstance(device, Device):
        return device
    if device is None:
        return default_device()
    if not isinstance(device, str):
        raise TypeError(f"device must be a Device or a name such as 'vulkan:0', not {device!r}")
    for candidate in devices():
        if device in (candidate.name, candidate.kind):
            return candidate
    there_are = ", ".join(f"{d.name} ({d.kind})" for d in devices()) or "none"
    raise NoDeviceError(f"device {device!r} does not exist here; devices on this machine: {there_are}")
