"""``Device``: what the layers above hold of a GPU."""

from __future__ import annotations

import os
import threading
import weakref
from contextlib import AbstractContextManager
from functools import cache, cached_property
from typing import Any, NamedTuple

from ..dtypes import DType
from ..errors import DeviceError, NoDeviceError
from . import adapters
from .dispatch import Recorder
from .memory import Pool
from .timing import Timing
from .transfer import Counts, Transfer


class _Opened(NamedTuple):
    recorder: Recorder
    pool: Pool
    transfer: Transfer


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
        self.subgroup_size = adapter.subgroup_size
        # Compiled plans by plan; see execute.py.
        self.programs: dict[Any, Any] = {}
        # Tensors whose first word is known to be zero; see linalg/inverse.py.
        self.zero_words: list[Any] = []
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._in_forked_child = False
        _devices_of_this_process.add(self)

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
    def recorder(self) -> Recorder:
        return self._open().recorder

    @cached_property
    def pool(self) -> Pool:
        return self._open().pool

    @cached_property
    def transfer(self) -> Transfer:
        return self._open().transfer

    def _open(self) -> _Opened:
        """Opens the adapter, once whatever the number of threads that ask."""
        if self._in_forked_child:
            raise DeviceError(
                f"{self.name} cannot be used in a process forked from the one that found it; "
                'start processes with multiprocessing.set_start_method("spawn")'
            )
        with self._lock:
            if self._opened is None:
                handle = self.adapter.open()
                recorder = Recorder(self.adapter, handle)
                pool = Pool(self.adapter, handle, before_destroy=recorder.forget_buffers)
                self._opened = _Opened(recorder, pool, Transfer(self.adapter, handle, recorder, pool))
            return self._opened

    def _leave_to_parent(self) -> None:
        """Closes this device in a forked child: the driver's threads and locks stayed in the parent.

        Nothing is released (``_opened`` holds on to it): that would call the driver.
        """
        self._in_forked_child = True
        for name in _Opened._fields:
            self.__dict__.pop(name, None)

    def synchronize(self) -> None:
        """Waits until the device has done everything recorded so far."""
        self.transfer.synchronize()

    def timed(self) -> AbstractContextManager[Timing]:
        """``with device.timed() as timing:`` leaves in ``timing.seconds`` how long the device worked on what is called in it.

        Work recorded before is not in it. Only on devices with the feature "timestamp-query", one measurement at a time (ValueError).
        Waits for the device.
        """
        if "timestamp-query" not in self.features:
            raise DeviceError(f"{self.name} takes no timestamps; measure on the host, with synchronize()")
        return self.recorder.timed()

    def counting(self) -> AbstractContextManager[Counts]:
        """``with device.counting() as counts:`` tells how often what is called in it waits for the device.

        ``counts.reads`` is a list with the bytes of each read, ``counts.uploads`` of each upload; both grow as it goes on. What counts
        is in architecture.md under "What waits", ``synchronize`` (a read of four bytes) as well; a number that an operation takes is no
        upload. Blocks may be nested, and count what other threads do. Does not wait.
        """
        return self.transfer.counting()


_devices_of_this_process: weakref.WeakSet[Device] = weakref.WeakSet()
_lock = threading.Lock()


def _after_fork() -> None:
    for device in _devices_of_this_process:
        device._leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def devices() -> tuple[Device, ...]:
    """Every device of this machine, best first: discrete, integrated, virtual, software."""
    # `cache` alone would let two threads make two sets of devices.
    with _lock:
        return _devices()


@cache
def _devices() -> tuple[Device, ...]:
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
