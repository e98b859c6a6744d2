"""Device memory: buffers from a pool, within a budget.

A ``Buffer`` goes back to the pool when its last holder drops it, and is handed out again
without asking the driver: an allocation costs microseconds, and fresh memory has to be
cleared by WebGPU first. Reuse needs no waiting, because a device runs its commands in the
order in which they were recorded.
"""

from __future__ import annotations

import os
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

from ..errors import DeviceMemoryError

if TYPE_CHECKING:
    from collections.abc import Callable

    import wgpu

    from .adapters import Adapter

_SMALLEST = 256

# Free buffers beyond this share of the budget are destroyed, largest class first.
_KEEP_SHARE = 0.25

# WebGPU tells no memory size. Software and integrated adapters share the host's, of which
# this much may be taken; a discrete GPU's driver is trusted to refuse.
_HOST_SHARE = 0.8


class Buffer:
    """Bytes on a device. ``nbytes`` is what was asked for, ``size`` what was allocated."""

    __slots__ = ("__weakref__", "_pool", "handle", "nbytes", "size", "used_in")

    def __init__(self, pool: Pool, handle: wgpu.GPUBuffer, size: int, nbytes: int) -> None:
        self._pool = pool
        self.handle = handle
        self.size = size
        self.nbytes = nbytes
        # Number of the submission that last touched it; see dispatch.Recorder.
        self.used_in = -1

    def __del__(self) -> None:
        # May run in any thread, in the middle of anything: only an atomic append.
        self._pool.returned.append((self.size, self.handle, self.used_in))


class Pool:
    """All buffers of one device. Not locked: the recorder's lock covers it."""

    def __init__(self, adapter: Adapter, device: wgpu.GPUDevice, before_destroy: Callable[[], None]) -> None:
        self._adapter = adapter
        self._device = device
        self._limit = adapter.limits["max-buffer-size"] // _SMALLEST * _SMALLEST
        self._before_destroy = before_destroy
        self._free: defaultdict[int, list[tuple[Any, int]]] = defaultdict(list)
        self.returned: deque[tuple[int, Any, int]] = deque()
        # Every buffer that is not destroyed. When a cycle of garbage holds the last tensor, Python
        # runs all finalizers in it, and wgpu's would release the handle that ours gives back.
        self._handles: set[Any] = set()
        self.budget = _budget(adapter)
        self.bytes_allocated = 0
        self.bytes_free = 0
        self.n_live = 0

    def allocate(self, nbytes: int) -> Buffer:
        """A buffer of at least ``nbytes``, its content undefined.

        Raises DeviceMemoryError, with the sizes, before the driver is asked for the impossible.
        """
        if self.returned:
            self.collect()
        size = _size_class(nbytes)
        if nbytes <= self._limit < size:
            size = self._limit
        free = self._free.get(size)
        if free:
            handle, used_in = free.pop()
            self.bytes_free -= size
        else:
            handle, used_in = self._create(size, nbytes), -1
        self.n_live += 1
        buffer = Buffer(self, handle, size, nbytes)
        buffer.used_in = used_in
        return buffer

    def collect(self) -> None:
        """Takes back the buffers that nobody holds any more."""
        while self.returned:
            size, handle, used_in = self.returned.popleft()
            self._free[size].append((handle, used_in))
            self.bytes_free += size
            self.n_live -= 1
        if self.bytes_free > _KEEP_SHARE * self.budget:
            self.trim(int(_KEEP_SHARE * self.budget / 2))

    def trim(self, keep_bytes: int = 0) -> None:
        """Destroys free buffers, largest first, until at most ``keep_bytes`` of them are left."""
        self._before_destroy()
        for size in sorted(self._free, reverse=True):
            while self._free[size] and self.bytes_free > keep_bytes:
                handle, _ = self._free[size].pop()
                handle.destroy()
                self._handles.discard(handle)
                self.bytes_free -= size
                self.bytes_allocated -= size

    def _create(self, size: int, nbytes: int) -> wgpu.GPUBuffer:
        import wgpu

        if size > self._limit:
            raise DeviceMemoryError(
                f"an array of {nbytes:,} bytes exceeds the largest buffer of {self._adapter.name}, "
                f"{self._limit:,} bytes; split it, or use another device"
            )
        if self.bytes_allocated + size > self.budget:
            self.trim()
        if self.bytes_allocated + size > self.budget:
            raise DeviceMemoryError(self._refusal(nbytes, "the budget is reached"))
        usage = wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_SRC | wgpu.BufferUsage.COPY_DST
        if self._adapter.is_mappable:
            usage |= wgpu.BufferUsage.MAP_READ
        try:
            try:
                handle = self._device.create_buffer(size=size, usage=usage)
            except wgpu.GPUOutOfMemoryError:
                self.trim()
                handle = self._device.create_buffer(size=size, usage=usage)
        except wgpu.GPUOutOfMemoryError as error:
            raise DeviceMemoryError(self._refusal(nbytes, "the driver has no memory left")) from error
        except wgpu.GPUError as error:
            raise self._adapter.translated(error, f"an allocation of {nbytes:,} bytes") from error
        self.bytes_allocated += size
        self._handles.add(handle)
        return handle

    def _refusal(self, nbytes: int, reason: str) -> str:
        return (
            f"cannot allocate {nbytes:,} bytes on {self._adapter.name}: {reason} "
            f"({self.bytes_allocated - self.bytes_free:,} bytes in use, budget {self.budget:,}); "
            "delete tensors, or set WEBGPU_ARRAY_MEMORY_BUDGET to a number of bytes"
        )


def _size_class(nbytes: int) -> int:
    """The next of four steps per power of two: at most a quarter of a buffer is slack."""
    if nbytes <= _SMALLEST:
        return _SMALLEST
    step = 1 << ((nbytes - 1).bit_length() - 3)
    return -(-nbytes // step) * step


def _budget(adapter: Adapter) -> int:
    asked = os.environ.get("WEBGPU_ARRAY_MEMORY_BUDGET")
    if asked is not None:
        if not asked.isdecimal():
            raise ValueError(f"WEBGPU_ARRAY_MEMORY_BUDGET is {asked!r}; set it to a number of bytes")
        return int(asked)
    if adapter.kind == "discrete" or not hasattr(os, "sysconf"):
        return 1 << 62
    return int(_HOST_SHARE * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
