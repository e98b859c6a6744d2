"""The calls that every operation makes, straight to wgpu-native.

wgpu-py wraps each call in checks that cost 5-15 µs; an operation makes four of them. Here
the same C functions of the same library are called through wgpu-py's own cffi handle.
``PublicCalls`` has the same methods on wgpu-py's public interface: it is what runs when the
library is not the one expected, or when WEBGPU_ARRAY_RAW_CALLS=0, and the reference that
the tests hold ``RawCalls`` against.

One call has no public counterpart: a shader without the run-time checks of every index and loop
that wgpu adds. They cost a kernel that lives in registers two thirds of its speed; PublicCalls keeps them.

Errors: WebGPU reports what is wrong in a pass when its encoder is finished, so only
``submit`` and object creation go through wgpu-py's error-raising wrappers.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import wgpu

    from .adapters import Adapter
    from .timing import Timing

    Range = tuple[wgpu.GPUBuffer, int, int]  # buffer, byte offset, byte size

# A read that is ready sooner than this is met spinning: sleeping in the driver and being woken costs 25 µs more, or several times that,
# which counts for less the longer it took. A software adapter needs the processor itself.
_SPIN_SECONDS = 10e-3
_SPIN_SECONDS_SOFTWARE = 1e-3

# Where a mapping may begin: https://www.w3.org/TR/webgpu/#dom-gpubuffer-mapasync
_MAP_ALIGNMENT = 8

_MAP_SUCCESS = 1  # WGPUMapAsyncStatus_Success in webgpu.h
_NO_CHECKS = 0  # WGPUShaderRuntimeChecks in wgpu.h


class Mapping(Protocol):
    """A buffer that is being mapped for reading by the host."""

    def wait(self) -> memoryview:
        """The bytes, once the device has written them. Raises DeviceLostError."""

    async def wait_async(self) -> memoryview:
        """``wait`` that lets the event loop run meanwhile."""

    def release(self) -> None:
        """Unmaps: the memoryview is dead after this. Only after a successful wait."""


class Calls(Protocol):
    """What ``dispatch`` and ``transfer`` ask of the GPU API.

    While ``timing`` is set, every pass writes its timestamps there.
    """

    timing: Timing | None

    def shader_module(self, code: str, label: str, *, trusted: bool) -> wgpu.GPUShaderModule: ...
    def bind_group(self, layout: wgpu.GPUBindGroupLayout, ranges: Iterable[Range]) -> Any: ...
    def open(self) -> None: ...
    def dispatch(self, pipeline: wgpu.GPUComputePipeline, group: Any, params: Any, params_offset: int, x: int, y: int) -> None: ...  # fmt: skip
    def copy(self, source: Range, target: Range) -> None: ...
    def write(self, buffer: wgpu.GPUBuffer, offset: int, data: memoryview) -> None: ...
    def clear(self, buffer: wgpu.GPUBuffer, nbytes: int) -> None: ...
    def submit(self) -> None: ...
    def discard(self) -> None: ...
    def map_read(self, buffer: wgpu.GPUBuffer, nbytes: int) -> Mapping: ...


def calls_for(adapter: Adapter, device: wgpu.GPUDevice) -> Calls:
    """The fast calls where the loaded library is the one they were written for."""
    if os.environ.get("WEBGPU_ARRAY_RAW_CALLS", "1") != "0" and RawCalls.available():
        return RawCalls(adapter, device)
    return PublicCalls(adapter, device)


class PublicCalls:
    """Through wgpu-py's public interface."""

    def __init__(self, adapter: Adapter, device: wgpu.GPUDevice) -> None:
        self._adapter = adapter
        self._device = device
        self._encoder: Any = None
        self._pass: Any = None
        self.timing: Timing | None = None

    def shader_module(self, code: str, label: str, *, trusted: bool) -> wgpu.GPUShaderModule:
        return self._device.create_shader_module(label=label, code=code)

    def bind_group(self, layout: wgpu.GPUBindGroupLayout, ranges: Iterable[Range]) -> Any:
        entries = [
            {"binding": binding, "resource": {"buffer": buffer, "offset": offset, "size": size}}
            for binding, (buffer, offset, size) in enumerate(ranges)
        ]
        return self._device.create_bind_group(layout=layout, entries=entries)

    def open(self) -> None:
        self._encoder = self._device.create_command_encoder()
        self._pass = None

    def dispatch(self, pipeline: Any, group: Any, params: Any, params_offset: int, x: int, y: int) -> None:
        if self._pass is None:
            timestamps = self.timing.next_pass() if self.timing else None
            self._pass = self._encoder.begin_compute_pass(timestamp_writes=timestamps)
        self._pass.set_pipeline(pipeline)
        self._pass.set_bind_group(0, group)
        self._pass.set_bind_group(1, params, [params_offset])
        self._pass.dispatch_workgroups(x, y)

    def copy(self, source: Range, target: Range) -> None:
        self._end_pass()
        self._encoder.copy_buffer_to_buffer(*source[:2], *target[:2], source[2])

    def clear(self, buffer: wgpu.GPUBuffer, nbytes: int) -> None:
        self._end_pass()
        self._encoder.clear_buffer(buffer, 0, nbytes)

    def write(self, buffer: wgpu.GPUBuffer, offset: int, data: memoryview) -> None:
        self._device.queue.write_buffer(buffer, offset, data)

    def submit(self) -> None:
        self._end_pass()
        encoder, self._encoder = self._encoder, None
        self._device.queue.submit([encoder.finish()])

    def discard(self) -> None:
        self._encoder = self._pass = None

    def _end_pass(self) -> None:
        if self._pass is not None:
            self._pass.end()
            self._pass = None

    def map_read(self, buffer: wgpu.GPUBuffer, nbytes: int) -> Mapping:
        return _PublicMapping(self._adapter, buffer, nbytes)


class _PublicMapping:
    def __init__(self, adapter: Adapter, buffer: wgpu.GPUBuffer, nbytes: int) -> None:
        self._adapter, self._buffer, self._nbytes = adapter, buffer, nbytes
        self._promise = buffer.map_async("READ_NOSYNC", 0, nbytes)

    def wait(self) -> memoryview:
        try:
            self._promise.sync_wait()
        except RuntimeError as error:
            raise self._adapter.lost(f"reading back {self._nbytes:,} bytes") from error
        return self._bytes()

    async def wait_async(self) -> memoryview:
        try:
            await self._promise
        except RuntimeError as error:
            raise self._adapter.lost(f"reading back {self._nbytes:,} bytes") from error
        return self._bytes()

    def _bytes(self) -> memoryview:
        return memoryview(self._buffer.read_mapped(0, self._nbytes, copy=False))

    def release(self) -> None:
        self._buffer.unmap()


class RawCalls:
    """Through the cffi handle of wgpu-native, for the one ABI this was written against."""

    _NATIVE_VERSION = (29,)

    @classmethod
    def available(cls) -> bool:
        from wgpu.backends import wgpu_native

        return tuple(wgpu_native.lib_version_info[:1]) == cls._NATIVE_VERSION

    def __init__(self, adapter: Adapter, device: wgpu.GPUDevice) -> None:
        from wgpu.backends.wgpu_native import ffi, lib
        from wgpu.backends.wgpu_native._api import libf

        self._ffi, self._lib, self._checked = ffi, lib, libf
        self.adapter = adapter
        self.spin_seconds = _SPIN_SECONDS_SOFTWARE if adapter.kind == "software" else _SPIN_SECONDS
        self._owner = device  # keeps the handles below alive
        self._device = device._internal
        self._queue = device.queue._internal
        self._encoder = self._pass = None
        self._pipeline: object = None
        self.timing: Timing | None = None
        # The buffer that peek maps. A submit that uses a mapped buffer ends the process, so submit looks here first.
        self._peeked: wgpu.GPUBuffer | None = None
        self._offset = ffi.new("uint32_t[1]")
        self._commands = ffi.new("WGPUCommandBuffer[1]")
        # One C callback for all mappings, told apart by a ticket: making one costs 20 µs.
        self._tickets = itertools.count(1)
        self.map_status: dict[int, int] = {}
        self.map_callback = ffi.callback(
            "void(WGPUMapAsyncStatus, WGPUStringView, void *, void *)", self._mapped, onerror=self._interrupted
        )
        self._map_info = ffi.new("WGPUBufferMapCallbackInfo *")
        self._map_info.mode = lib.WGPUCallbackMode_AllowSpontaneous
        self._map_info.callback = self.map_callback
        self._pointer = ffi.typeof("void *")
        # By thread: what stopped the callback, to be raised once C has returned.
        self._interrupts: dict[int, BaseException] = {}
        # Looked up once: attribute access on a cffi library costs as much as a call.
        self._set_pipeline = lib.wgpuComputePassEncoderSetPipeline
        self._set_group = lib.wgpuComputePassEncoderSetBindGroup
        self._dispatch = lib.wgpuComputePassEncoderDispatchWorkgroups
        self._poll = lib.wgpuDevicePoll
        self._null = ffi.NULL
        self._map_mode_read = lib.WGPUMapMode_Read
        self._finish, self._submit = libf.wgpuCommandEncoderFinish, libf.wgpuQueueSubmit
        self._release_encoder, self._release_commands = lib.wgpuCommandEncoderRelease, lib.wgpuCommandBufferRelease

    def shader_module(self, code: str, label: str, *, trusted: bool) -> wgpu.GPUShaderModule:
        if not trusted:
            return self._owner.create_shader_module(label=label, code=code)
        from wgpu.backends.wgpu_native import GPUShaderModule

        text = code.encode()
        characters = self._ffi.new("char[]", text)
        source = self._ffi.new("WGPUShaderSourceWGSL *")
        source.chain.sType = self._lib.WGPUSType_ShaderSourceWGSL
        source.code.data, source.code.length = characters, len(text)
        descriptor = self._ffi.new("WGPUShaderModuleDescriptor *")
        descriptor.nextInChain = self._ffi.cast("WGPUChainedStruct *", source)
        module = self._checked.wgpuDeviceCreateShaderModuleTrusted(self._device, descriptor, _NO_CHECKS)
        return GPUShaderModule(label, module, self._owner)

    def bind_group(self, layout: wgpu.GPUBindGroupLayout, ranges: Iterable[Range]) -> Any:
        ffi = self._ffi
        ranges = list(ranges)
        entries = ffi.new("WGPUBindGroupEntry[]", len(ranges))
        for binding, (buffer, offset, size) in enumerate(ranges):
            entry = entries[binding]
            entry.binding, entry.buffer, entry.offset, entry.size = binding, buffer._internal, offset, size
        descriptor = ffi.new("WGPUBindGroupDescriptor *")
        descriptor.layout = layout._internal
        descriptor.entryCount = len(ranges)
        descriptor.entries = entries
        group = self._checked.wgpuDeviceCreateBindGroup(self._device, descriptor)
        return ffi.gc(group, self._lib.wgpuBindGroupRelease)

    def open(self) -> None:
        self._encoder = self._lib.wgpuDeviceCreateCommandEncoder(self._device, self._ffi.NULL)
        self._pass = None

    def dispatch(self, pipeline: Any, group: Any, params: Any, params_offset: int, x: int, y: int) -> None:
        if self._pass is None:
            self._pass = self._lib.wgpuCommandEncoderBeginComputePass(self._encoder, self._pass_descriptor())
            self._pipeline = None
        compute_pass = self._pass
        if pipeline is not self._pipeline:
            self._set_pipeline(compute_pass, pipeline._internal)
            self._pipeline = pipeline
        self._set_group(compute_pass, 0, group, 0, self._ffi.NULL)
        self._offset[0] = params_offset
        self._set_group(compute_pass, 1, params, 1, self._offset)
        self._dispatch(compute_pass, x, y, 1)

    def copy(self, source: Range, target: Range) -> None:
        self._end_pass()
        self._lib.wgpuCommandEncoderCopyBufferToBuffer(
            self._encoder, source[0]._internal, source[1], target[0]._internal, target[1], source[2]
        )

    def clear(self, buffer: wgpu.GPUBuffer, nbytes: int) -> None:
        self._end_pass()
        self._lib.wgpuCommandEncoderClearBuffer(self._encoder, buffer._internal, 0, nbytes)

    def write(self, buffer: wgpu.GPUBuffer, offset: int, data: memoryview) -> None:
        self._checked.wgpuQueueWriteBuffer(
            self._queue, buffer._internal, offset, self._ffi.from_buffer(data), data.nbytes
        )

    def _pass_descriptor(self) -> Any:
        if self.timing is None:
            return self._ffi.NULL
        asked = self.timing.next_pass()
        # Both live as long as the C call that reads them: cffi lets go of what a pointer in a struct points to.
        self._timestamps = self._ffi.new("WGPUPassTimestampWrites *")
        self._timestamps.querySet = asked["query_set"]._internal
        self._timestamps.beginningOfPassWriteIndex = asked["beginning_of_pass_write_index"]
        self._timestamps.endOfPassWriteIndex = asked["end_of_pass_write_index"]
        descriptor = self._ffi.new("WGPUComputePassDescriptor *")
        descriptor.timestampWrites = self._timestamps
        return descriptor

    def submit(self) -> None:
        self._end_peek()
        self._end_pass()
        encoder, self._encoder = self._encoder, None
        try:
            self._commands[0] = self._finish(encoder, self._null)
        finally:
            self._release_encoder(encoder)
        try:
            self._submit(self._queue, 1, self._commands)
        finally:
            self._release_commands(self._commands[0])

    def discard(self) -> None:
        if self._encoder is not None:
            self._end_pass()
            self._lib.wgpuCommandEncoderRelease(self._encoder)
            self._encoder = None

    def _end_pass(self) -> None:
        if self._pass is not None:
            self._lib.wgpuComputePassEncoderEnd(self._pass)
            self._lib.wgpuComputePassEncoderRelease(self._pass)
            self._pass = None

    def peek(self, buffer: wgpu.GPUBuffer, offset: int, nbytes: int) -> bytearray | None:
        """``nbytes`` of ``buffer``, which can be mapped, or None where the device has not done what was submitted of it in ``spin_seconds``.

        Nothing may be submitted meanwhile.
        """
        mapped_from = offset // _MAP_ALIGNMENT * _MAP_ALIGNMENT
        self._peeked = buffer
        try:
            mapping = self.map_read(buffer, offset + nbytes - mapped_from, mapped_from)
            return bytearray(mapping.wait()[offset - mapped_from :]) if mapping.is_soon() else None
        finally:
            self._end_peek()

    def _end_peek(self) -> None:
        # In this order: what Ctrl-C leaves mapped, the next submit unmaps.
        if self._peeked is not None:
            self.unmap(self._peeked)
            self._peeked = None

    def map_read(self, buffer: wgpu.GPUBuffer, nbytes: int, offset: int = 0) -> _RawMapping:
        ticket = next(self._tickets)
        # Passed by value: the next call may fill the same struct.
        self._map_info.userdata1 = self._ffi.cast(self._pointer, ticket)
        self._checked.wgpuBufferMapAsync(buffer._internal, self._map_mode_read, offset, nbytes, self._map_info[0])
        return _RawMapping(self, ticket, buffer, offset, nbytes)

    def _mapped(self, status: int, _message: object, ticket: Any, _unused: object) -> None:
        self.map_status[int(self._ffi.cast("uintptr_t", ticket))] = int(status)

    def _interrupted(self, _kind: object, error: BaseException, traceback: Any) -> None:
        """Does the callback's work after Ctrl-C, which tends to strike there: Python's first step after the wait in C."""
        arguments = traceback.tb_frame.f_locals
        self._mapped(arguments["status"], None, arguments["ticket"], None)
        self._interrupts[threading.get_ident()] = error

    def poll(self, *, wait: bool) -> None:
        self._poll(self._device, wait, self._null)
        if self._interrupts:
            error = self._interrupts.pop(threading.get_ident(), None)
            if error is not None:
                raise error

    def mapped_range(self, buffer: wgpu.GPUBuffer, offset: int, nbytes: int) -> memoryview:
        address = self._lib.wgpuBufferGetConstMappedRange(buffer._internal, offset, nbytes)
        return memoryview(self._ffi.buffer(address, nbytes))

    def unmap(self, buffer: wgpu.GPUBuffer) -> None:
        self._lib.wgpuBufferUnmap(buffer._internal)


class _RawMapping:
    def __init__(self, calls: RawCalls, ticket: int, buffer: wgpu.GPUBuffer, offset: int, nbytes: int) -> None:
        self._calls, self._ticket, self._buffer, self._offset, self._nbytes = calls, ticket, buffer, offset, nbytes

    def is_soon(self) -> bool:
        """Whether the device has written the bytes in the time that is spent spinning."""
        calls, ticket, arrived = self._calls, self._ticket, self._calls.map_status
        deadline = time.perf_counter() + calls.spin_seconds
        while ticket not in arrived and time.perf_counter() < deadline:
            calls.poll(wait=False)
        return ticket in arrived

    def wait(self) -> memoryview:
        self.is_soon()
        while self._ticket not in self._calls.map_status:
            self._calls.poll(wait=True)
        return self._bytes()

    async def wait_async(self) -> memoryview:
        delay = 0.0
        while not self._ready():
            await asyncio.sleep(delay)
            delay = min(delay + 1e-5, 1e-3)
        return self._bytes()

    def _ready(self) -> bool:
        if self._ticket not in self._calls.map_status:
            self._calls.poll(wait=False)
        return self._ticket in self._calls.map_status

    def _bytes(self) -> memoryview:
        if self._calls.map_status[self._ticket] != _MAP_SUCCESS:
            raise self._calls.adapter.lost(f"reading back {self._nbytes:,} bytes")
        return self._calls.mapped_range(self._buffer, self._offset, self._nbytes)

    def release(self) -> None:
        self._calls.unmap(self._buffer)

    def __del__(self) -> None:
        self._calls.map_status.pop(self._ticket, None)
