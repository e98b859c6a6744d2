"""Pipelines, bind groups, and one open command buffer per device.

``Recorder.record`` returns at once: the launch is added to the open compute pass, and the
pass is submitted when a result is read, or after a bounded number of commands so that the
device starts early and memory is not held for long. WebGPU orders launches that touch the
same buffer, so nothing here ever waits.

Every pipeline has the same shape: group 0 holds its storage buffers in the order of the
shader's bindings, group 1 one uniform block ``params`` at a dynamic offset into a ring. What lies there
stays until the ring is full, so that a launch with parameters like an earlier one's uploads nothing.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import DeviceLostError, KernelError
from .raw import RawCalls, calls_for
from .timing import Timing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import wgpu

    from .adapters import Adapter
    from .memory import Buffer
    from .raw import Mapping, Range

# Largest uniform block of a shader.
PARAMS_BYTES = 1024
_RING_BYTES = 65536

# Few enough that the device is not kept waiting, many enough that a submit (15-60 µs) is
# spread over them; see benchmarks/chain.py.
_MAX_COMMANDS = 128

# Workgroups that take a large GPU longer than a submit takes the host: it begins before more is recorded.
_MAX_WORKGROUPS = 16384

# The cache is dropped when full: a program that needs more distinct groups gains nothing from it.
_MAX_GROUPS = 8192

# Likewise: programs for millions of shapes must not fill the memory with pipelines.
_MAX_PIPELINES = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Pipeline:
    """A compiled shader. ``layout`` is that of its storage buffers."""

    handle: wgpu.GPUComputePipeline
    layout: wgpu.GPUBindGroupLayout
    label: str


class Known(NamedTuple):
    """A launch with all that was looked up for it: good as long as ``Recorder.generation`` stays the same."""

    pipeline: wgpu.GPUComputePipeline
    group: Any
    params_offset: int
    x: int
    y: int


class Recorder:
    """The queue of one device: what is compiled, recorded and in flight."""

    def __init__(self, adapter: Adapter, device: wgpu.GPUDevice) -> None:
        import wgpu

        self.lock = threading.RLock()
        self._device = device
        self._adapter = adapter
        self._calls = calls_for(adapter, device)
        self._peek = self._calls.peek if adapter.is_mappable and isinstance(self._calls, RawCalls) else None
        self._max_groups_x = adapter.limits["max-compute-workgroups-per-dimension"]
        self._pipelines: dict[tuple[str, tuple[str, ...], bool], Pipeline] = {}
        self._layouts: dict[tuple[str, ...], tuple[Any, Any]] = {}
        self._groups: dict[tuple[Any, ...], Any] = {}
        # Changes when places in the ring, or buffers, are given up.
        self.generation = 0
        # Number of the submission that is being recorded.
        self.submission = 0
        self._n_commands = 0
        self._n_workgroups = 0

        self._slot = adapter.limits["min-uniform-buffer-offset-alignment"]
        self._ring = memoryview(bytearray(_RING_BYTES))
        self._ring_used = self._ring_written = 0
        # Where the blocks in the ring begin, by their bytes.
        self._placed: dict[bytes, int] = {}
        self._ring_buffer = device.create_buffer(
            size=_RING_BYTES + PARAMS_BYTES, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST
        )
        self._params_layout = device.create_bind_group_layout(
            entries=[
                {
                    "binding": 0,
                    "visibility": wgpu.ShaderStage.COMPUTE,
                    "buffer": {"type": "uniform", "has_dynamic_offset": True},
                }
            ]
        )
        self._params = self._calls.bind_group(self._params_layout, [(self._ring_buffer, 0, PARAMS_BYTES)])

    def pipeline(self, code: str, access: tuple[str, ...], label: str, *, trusted: bool = False) -> Pipeline:
        """Compiles WGSL with entry point ``main``; ``access`` is "read" or "read_write" per binding.

        ``trusted`` leaves out the run-time checks of indices and loops: the shader must need none.

        Raises KernelError with the compiler's message. Compiled once per code.
        """
        key = (code, access, trusted)
        with self.lock:
            found = self._pipelines.get(key)
            if found is None:
                if len(self._pipelines) >= _MAX_PIPELINES:
                    self._pipelines.clear()
                found = self._pipelines[key] = self._compile(code, access, label, trusted)
            return found

    def record(self, pipeline: Pipeline, ranges: Sequence[tuple[Buffer, int, int]], params: bytes, groups: int) -> Known:
        """Adds one launch of ``groups`` workgroups on ``ranges`` (buffer, byte offset, byte size).

        Beyond the limit per dimension the grid continues in y; the shader counts on.

        Returns what ``repeat`` takes. Raises KernelError for a launch that the device refuses, DeviceLostError when it is
        gone.
        """
        with self.lock:
            # What may fail comes first, so that an error leaves the recorded commands intact.
            x, y = (groups, 1) if groups <= self._max_groups_x else self._folded(groups, pipeline)
            offset = self._placed.get(params)
            if offset is None:
                offset = self._place(params)
            submission = self.submission
            parts: list[Any] = [pipeline.layout]
            for buffer, start, size in ranges:
                buffer.used_in = submission
                parts += (buffer.handle, start, size)
            key = tuple(parts)
            group = self._groups.get(key)
            if group is None:
                group = self._make_group(pipeline, ranges, key)
            known = Known(pipeline.handle, group, offset, x, y)
            self.repeat(known)
            return known

    def repeat(self, known: Known) -> None:
        """``record`` of a launch on the same buffers. Their ``used_in`` is the caller's to set."""
        with self.lock:
            pipeline, group, offset, x, y = known
            if not self._n_commands:
                self._calls.open()
            self._calls.dispatch(pipeline, group, self._params, offset, x, y)
            self._n_commands += 1
            self._n_workgroups += x * y
            if self._n_commands >= _MAX_COMMANDS or self._n_workgroups >= _MAX_WORKGROUPS:
                self.flush()

    def flush(self) -> None:
        """Submits what is recorded. Does not wait.

        Raises KernelError when the device refuses a command, DeviceLostError when it is gone:
        none of what was recorded has then run. Recording starts anew in either case.
        """
        with self.lock:
            if not self._n_commands:
                return
            self._n_commands = self._n_workgroups = 0
            self.submission += 1
            start, used = self._ring_written, self._ring_used
            try:
                if used > start:
                    self._calls.write(self._ring_buffer, start, self._ring[start:used])
                    self._ring_written = used
                self._calls.submit()
            except Exception as error:
                self._calls.discard()
                self._forget_params()
                raise self._adapter.translated(error, "the submitted commands") from error

    def write(self, buffer: Buffer, data: memoryview) -> None:
        """Writes host bytes to the start of ``buffer``, after every command recorded so far that uses it."""
        with self.lock:
            if buffer.used_in == self.submission:
                # A queue's write runs before commands that are recorded but not submitted.
                self.flush()
            try:
                self._calls.write(buffer.handle, 0, data)
            except Exception as error:
                raise self._adapter.translated(error, f"a write of {data.nbytes:,} bytes") from error
            buffer.used_in = self.submission  # which sends it to the device

    def clear(self, buffer: Buffer, nbytes: int) -> None:
        """Zeroes the first bytes of ``buffer``, a multiple of four, in its turn."""
        with self.lock:
            buffer.used_in = self.submission
            if not self._n_commands:
                self._calls.open()
            self._calls.clear(buffer.handle, nbytes)
            self._n_commands += 1

    @contextmanager
    def timed(self) -> Iterator[Timing]:
        """Takes the time of what is recorded in the ``with`` block. Waits for the device at its end.

        Raises ValueError within another one: a pass has room for one pair of timestamps.
        """
        with self.lock:
            if self._calls.timing is not None:
                raise ValueError("timed: a measurement is under way on this device; end it first")
            self.flush()
            timing = Timing(self._device)
            self._calls.timing = timing
            try:
                yield timing
                self.flush()
                timing.finish()
            finally:
                self._calls.timing = None
                timing.destroy()

    def peek(self, source: Buffer, offset: int, nbytes: int) -> bytearray | None:
        """``nbytes`` of ``source`` without a copy on the device, once everything recorded before has run: where that is soon, else None.

        Others wait meanwhile, since a buffer must not be used while it is mapped.
        """
        if self._peek is None:
            return None
        with self.lock:
            if source.used_in == self.submission:
                self.flush()
            if source.used_in == self.submission:
                return None  # The host's write goes to the device with the next submission.
            try:
                return self._peek(source.handle, offset, nbytes)
            except DeviceLostError:
                raise
            except Exception as error:
                raise self._adapter.translated(error, f"reading back {nbytes:,} bytes") from error

    def read(self, source: Buffer, offset: int, staging: wgpu.GPUBuffer, nbytes: int) -> Mapping:
        """Copies ``nbytes`` of ``source`` to the start of ``staging``, submits, and starts mapping that."""
        with self.lock:
            source.used_in = self.submission
            if not self._n_commands:
                self._calls.open()
            self._calls.copy((source.handle, offset, nbytes), (staging, 0, nbytes))
            self._n_commands += 1
            self.flush()
            try:
                return self._calls.map_read(staging, nbytes)
            except Exception as error:
                raise self._adapter.translated(error, f"reading back {nbytes:,} bytes") from error

    def forget_buffers(self) -> None:
        """Lets go of every buffer, so that the pool may destroy some."""
        with self.lock:
            self.flush()
            self._groups.clear()
            self.generation += 1

    def _place(self, params: bytes) -> int:
        """Puts ``params`` into the ring, and says where."""
        if self._ring_used + len(params) > _RING_BYTES:
            # What is submitted was recorded for the ring as it is: it is written over after that has run.
            self.flush()
            self._forget_params()
        offset = self._ring_used
        end = offset + len(params)
        self._ring[offset:end] = params
        self._ring_used = -(-end // self._slot) * self._slot
        self._placed[params] = offset
        return offset

    def _forget_params(self) -> None:
        self._placed.clear()
        self._ring_used = self._ring_written = 0
        self.generation += 1

    def _folded(self, groups: int, pipeline: Pipeline) -> tuple[int, int]:
        y = -(-groups // self._max_groups_x)
        if y > self._max_groups_x:
            raise KernelError(
                f"{self._adapter.name} refused {pipeline.label}: {groups:,} workgroups, "
                f"of which a grid holds {self._max_groups_x**2:,}"
            )
        # Rows of one length: of full ones the last might be nearly empty, and is launched all the same.
        return -(-groups // y), y

    def _make_group(self, pipeline: Pipeline, ranges: Sequence[tuple[Buffer, int, int]], key: tuple[Any, ...]) -> Any:
        if len(self._groups) >= _MAX_GROUPS:
            self._groups.clear()
        handles: Iterable[Range] = [(buffer.handle, offset, size) for buffer, offset, size in ranges]
        try:
            group = self._calls.bind_group(pipeline.layout, handles)
        except Exception as error:
            raise self._adapter.translated(error, pipeline.label) from error
        self._groups[key] = group
        return group

    def _compile(self, code: str, access: tuple[str, ...], label: str, trusted: bool) -> Pipeline:
        try:
            layout, pipeline_layout = self._layout(access)
            module = self._calls.shader_module(code, label, trusted=trusted)
            handle = self._device.create_compute_pipeline(
                label=label, layout=pipeline_layout, compute={"module": module, "entry_point": "main"}
            )
        except Exception as error:
            raise self._adapter.translated(error, label) from error
        return Pipeline(handle, layout, label)

    def _layout(self, access: tuple[str, ...]) -> tuple[Any, Any]:
        import wgpu

        if access not in self._layouts:
            types = {"read": "read-only-storage", "read_write": "storage"}
            layout = self._device.create_bind_group_layout(
                entries=[
                    {"binding": i, "visibility": wgpu.ShaderStage.COMPUTE, "buffer": {"type": types[mode]}}
                    for i, mode in enumerate(access)
                ]
            )
            pipeline_layout = self._device.create_pipeline_layout(
                bind_group_layouts=[layout, self._params_layout]
            )
            self._layouts[access] = layout, pipeline_layout
        return self._layouts[access]
