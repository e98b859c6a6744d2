"""Host bytes to the device and back. Reading is the only thing in the package that waits."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import wgpu

    from .dispatch import Recorder
    from .memory import Buffer, Pool
    from .raw import Mapping

# A larger read goes through in pieces, so that staging memory stays small.
_LARGEST_STAGING = 1 << 26
_SMALLEST_STAGING = 1 << 8
_KEPT_PER_SIZE = 4


class Transfer:
    """Uploads, and reads through pooled staging buffers."""

    def __init__(self, device: wgpu.GPUDevice, recorder: Recorder, pool: Pool) -> None:
        self._device = device
        self._recorder = recorder
        self._pool = pool
        self._staging: defaultdict[int, list[Any]] = defaultdict(list)

    def upload(self, data: memoryview) -> Buffer:
        """A new buffer that holds ``data`` (a multiple of four bytes). Does not wait."""
        with self._recorder.lock:
            buffer = self._pool.allocate(data.nbytes)
            self._recorder.write(buffer, data)
            return buffer

    def read(self, buffer: Buffer, offset: int, nbytes: int) -> bytearray:
        """Bytes of ``buffer`` once everything recorded before has run. Waits for the device."""
        out = bytearray(nbytes)
        for mapping, piece in self._pieces(buffer, offset, memoryview(out)):
            piece[:] = mapping.wait()
        return out

    async def read_async(self, buffer: Buffer, offset: int, nbytes: int) -> bytearray:
        """``read`` that lets the event loop run while the device works."""
        out = bytearray(nbytes)
        for mapping, piece in self._pieces(buffer, offset, memoryview(out)):
            delay = 0.0
            while not mapping.ready():
                await asyncio.sleep(delay)
                delay = min(delay + 1e-5, 1e-3)
            piece[:] = mapping.wait()
        return out

    def _pieces(self, buffer: Buffer, offset: int, out: memoryview) -> Iterator[tuple[Mapping, memoryview]]:
        """Starts reading each piece and yields it; continuing the iteration gives its staging back."""
        for start in range(0, out.nbytes, _LARGEST_STAGING):
            piece = out[start : start + _LARGEST_STAGING]
            with self._recorder.lock:
                size = max(_SMALLEST_STAGING, 1 << (piece.nbytes - 1).bit_length())
                staging = self._staging[size].pop() if self._staging[size] else self._create(size)
                self._recorder.copy(buffer, offset + start, staging, piece.nbytes)
                self._recorder.flush()
                mapping = self._recorder.map_read(staging, piece.nbytes)
            yield mapping, piece
            mapping.release()
            with self._recorder.lock:
                if len(self._staging[size]) < _KEPT_PER_SIZE:
                    self._staging[size].append(staging)
                else:
                    staging.destroy()

    def _create(self, size: int) -> wgpu.GPUBuffer:
        import wgpu

        return self._device.create_buffer(
            size=size, usage=wgpu.BufferUsage.MAP_READ | wgpu.BufferUsage.COPY_DST
        )
