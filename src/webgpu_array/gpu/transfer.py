"""Host bytes to the device and back. Reading is the only thing in the package that waits."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import wgpu

    from .adapters import Adapter
    from .dispatch import Recorder
    from .memory import Buffer, Pool
    from .raw import Mapping

# A larger read goes through in pieces, so that staging memory stays small.
_LARGEST_STAGING = 1 << 26
_SMALLEST_STAGING = 1 << 8
_KEPT_PER_SIZE = 4


class Transfer:
    """Uploads, and reads through pooled staging buffers."""

    def __init__(self, adapter: Adapter, device: wgpu.GPUDevice, recorder: Recorder, pool: Pool) -> None:
        self._adapter = adapter
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
        for start, piece in _pieces(out):
            with self._mapped(buffer, offset + start, piece.nbytes) as mapping:
                piece[:] = mapping.wait()
        return out

    async def read_async(self, buffer: Buffer, offset: int, nbytes: int) -> bytearray:
        """``read`` that lets the event loop run while the device works."""
        out = bytearray(nbytes)
        for start, piece in _pieces(out):
            with self._mapped(buffer, offset + start, piece.nbytes) as mapping:
                piece[:] = await mapping.wait_async()
        return out

    @contextmanager
    def _mapped(self, buffer: Buffer, offset: int, nbytes: int) -> Iterator[Mapping]:
        """Starts a read, and takes its staging buffer back in the end."""
        size = max(_SMALLEST_STAGING, 1 << (nbytes - 1).bit_length())
        with self._recorder.lock:
            staging = self._staging[size].pop() if self._staging[size] else self._create(size)
        try:
            mapping = self._recorder.read(buffer, offset, staging, nbytes)
            yield mapping
            mapping.release()
        except BaseException:
            # Cancelled or failed, the device may still be about to map it: it cannot be used again.
            staging.destroy()
            raise
        with self._recorder.lock:
            if len(self._staging[size]) < _KEPT_PER_SIZE:
                self._staging[size].append(staging)
            else:
                staging.destroy()

    def _create(self, size: int) -> wgpu.GPUBuffer:
        import wgpu

        try:
            return self._device.create_buffer(
                size=size, usage=wgpu.BufferUsage.MAP_READ | wgpu.BufferUsage.COPY_DST
            )
        except wgpu.GPUError as error:
            raise self._adapter.translated(error, f"reading back {size:,} bytes") from error


def _pieces(out: bytearray) -> Iterator[tuple[int, memoryview]]:
    """Views of ``out``, each with its first byte's position."""
    whole = memoryview(out)
    for start in range(0, whole.nbytes, _LARGEST_STAGING):
        yield start, whole[start : start + _LARGEST_STAGING]
