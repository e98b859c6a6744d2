"""Host bytes to the device and back. Reading is the only thing in the package that waits."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
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
# What is copied while other threads wait for the device.
_LARGEST_PEEK = 1 << 22
_SMALLEST_STAGING = 1 << 8
_KEPT_PER_SIZE = 4


@dataclass(eq=False)
class Counts:
    """What went between the host and one device: the bytes of each read, for which the host waited, and of each upload."""

    reads: list[int] = field(default_factory=list)
    uploads: list[int] = field(default_factory=list)


class Transfer:
    """Uploads, and reads through pooled staging buffers."""

    def __init__(self, adapter: Adapter, device: wgpu.GPUDevice, recorder: Recorder, pool: Pool) -> None:
        self._adapter = adapter
        self._device = device
        self._recorder = recorder
        self._pool = pool
        self._staging: defaultdict[int, list[Any]] = defaultdict(list)
        self._counting: tuple[Counts, ...] = ()

    @contextmanager
    def counting(self) -> Iterator[Counts]:
        """Counts what goes up and comes down while the ``with`` block runs, in whichever thread. Does not wait."""
        counts = Counts()
        with self._recorder.lock:
            self._counting = (*self._counting, counts)
        try:
            yield counts
        finally:
            with self._recorder.lock:
                self._counting = tuple(other for other in self._counting if other is not counts)

    def upload(self, data: memoryview) -> Buffer:
        """A new buffer that holds ``data`` (a multiple of four bytes). Does not wait."""
        for counts in self._counting:
            counts.uploads.append(data.nbytes)
        with self._recorder.lock:
            buffer = self._pool.allocate(data.nbytes)
            self._recorder.write(buffer, data)
            return buffer

    def read(self, buffer: Buffer, offset: int, nbytes: int) -> bytearray:
        """Bytes of ``buffer`` once everything recorded before that writes them has run. Waits for the device."""
        self._count_read(nbytes)
        found = self._recorder.peek(buffer, offset, nbytes) if 0 < nbytes <= _LARGEST_PEEK else None
        return self._copied(buffer, offset, nbytes) if found is None else found

    def synchronize(self) -> None:
        """Waits until everything recorded so far has run."""
        with self._recorder.lock:
            marker = self._pool.allocate(4)
        self._count_read(4)
        self._copied(marker, 0, 4)

    def _count_read(self, nbytes: int) -> None:
        for counts in self._counting:
            counts.reads.append(nbytes)

    def _copied(self, buffer: Buffer, offset: int, nbytes: int) -> bytearray:
        """``read`` by way of staging buffers, which waits for everything recorded before."""
        if 0 < nbytes <= _LARGEST_STAGING:
            with self._mapped(buffer, offset, nbytes) as mapping:
                return bytearray(mapping.wait())
        out = bytearray(nbytes)
        for start, piece in _pieces(out):
            with self._mapped(buffer, offset + start, piece.nbytes) as mapping:
                piece[:] = mapping.wait()
        return out

    async def read_async(self, buffer: Buffer, offset: int, nbytes: int) -> bytearray:
        """``read`` that lets the event loop run while the device works."""
        self._count_read(nbytes)
        out = bytearray(nbytes)
        for start, piece in _pieces(out):
            with self._mapped(buffer, offset + start, piece.nbytes) as mapping:
                piece[:] = await mapping.wait_async()
        return out

    def _mapped(self, buffer: Buffer, offset: int, nbytes: int) -> _Reading:
        return _Reading(self, buffer, offset, nbytes)

    def _take(self, size: int) -> wgpu.GPUBuffer:
        with self._recorder.lock:
            kept = self._staging[size]
            return kept.pop() if kept else self._create(size)

    def _take_back(self, size: int, staging: wgpu.GPUBuffer) -> None:
        with self._recorder.lock:
            kept = self._staging[size]
            if len(kept) < _KEPT_PER_SIZE:
                kept.append(staging)
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


class _Reading:
    """``with`` starts a read into a staging buffer, and gives that back in the end. Every ``inv`` does, so it is no generator."""

    __slots__ = ("_buffer", "_mapping", "_nbytes", "_offset", "_size", "_staging", "_transfer")

    def __init__(self, transfer: Transfer, buffer: Buffer, offset: int, nbytes: int) -> None:
        self._transfer, self._buffer, self._offset, self._nbytes = transfer, buffer, offset, nbytes
        self._size = max(_SMALLEST_STAGING, 1 << (nbytes - 1).bit_length())

    def __enter__(self) -> Mapping:
        self._staging = self._transfer._take(self._size)
        try:
            self._mapping = self._transfer._recorder.read(self._buffer, self._offset, self._staging, self._nbytes)
        except BaseException:
            self._staging.destroy()
            raise
        return self._mapping

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            # Cancelled or failed, the device may still be about to map it: it cannot be used again.
            self._staging.destroy()
            return
        try:
            self._mapping.release()
        except BaseException:
            self._staging.destroy()
            raise
        self._transfer._take_back(self._size, self._staging)


def _pieces(out: bytearray) -> Iterator[tuple[int, memoryview]]:
    """Views of ``out``, each with its first byte's position."""
    whole = memoryview(out)
    for start in range(0, whole.nbytes, _LARGEST_STAGING):
        yield start, whole[start : start + _LARGEST_STAGING]
