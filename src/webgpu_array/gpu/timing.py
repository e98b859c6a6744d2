"""How long the device works: timestamps that it takes itself, at both ends of every compute pass.

Source: https://www.w3.org/TR/webgpu/#timestamp
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import wgpu

# Passes that one measurement holds; a pass is what one submit holds.
_PASSES = 2048


class Timing:
    """One measurement. ``seconds`` is there once the ``with`` block of ``Device.timed`` is left.

    From the beginning of the first pass to the end of the last: what the device waits for in between counts.
    """

    def __init__(self, device: wgpu.GPUDevice) -> None:
        import wgpu

        self._device = device
        self.queries = device.create_query_set(type="timestamp", count=2 * _PASSES)
        self._resolved = device.create_buffer(
            size=16 * _PASSES, usage=wgpu.BufferUsage.QUERY_RESOLVE | wgpu.BufferUsage.COPY_SRC
        )
        self._n_passes = 0
        self.seconds = 0.0

    def next_pass(self) -> dict[str, Any]:
        """Where the next pass writes its two timestamps. Raises ValueError when there is no room left."""
        if self._n_passes == _PASSES:
            raise ValueError(f"one measurement holds {_PASSES:,} submits; measure fewer calls at once")
        first = 2 * self._n_passes
        self._n_passes += 1
        return {
            "query_set": self.queries,
            "beginning_of_pass_write_index": first,
            "end_of_pass_write_index": first + 1,
        }

    def finish(self) -> None:
        """Reads the timestamps. Waits for the device."""
        if not self._n_passes:
            return
        encoder = self._device.create_command_encoder()
        encoder.resolve_query_set(self.queries, 0, 2 * self._n_passes, self._resolved, 0)
        self._device.queue.submit([encoder.finish()])
        data = self._device.queue.read_buffer(self._resolved, 0, 16 * self._n_passes)
        ticks = struct.unpack(f"<{2 * self._n_passes}Q", data)
        self.seconds = (max(ticks[1::2]) - min(ticks[::2])) * _tick(self._device)

    def destroy(self) -> None:
        self._resolved.destroy()


def _tick(device: wgpu.GPUDevice) -> float:
    """Seconds per tick, which WebGPU fixes but wgpu-native leaves to the driver."""
    from wgpu.backends.wgpu_native import lib

    return float(lib.wgpuQueueGetTimestampPeriod(device.queue._internal)) * 1e-9
