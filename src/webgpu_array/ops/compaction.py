"""Where the elements of a mask are true, as positions on the device."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ..dtypes import bool_, uint32
from ..execute import contiguous, fill, run
from ..plans.indexing import Compact, CountFlags
from ..tensor import Tensor, allocate
from .cumulative import scan
from .manipulation import cut_axis, reshape


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a mask that one binding holds: where it begins, its flags, and how many are set before each chunk."""

    start: int
    flags: Tensor
    offsets: Tensor


def true_positions(mask: Tensor) -> Tensor:
    """The row-major positions of the true elements of ``mask``, in order: (n,) uint32. Waits for their number."""
    flags = reshape(mask, (mask.size,))
    per_piece = mask.device.limits["max-storage-buffer-binding-size"] // 2 // bool_.storage_bytes
    pieces = [
        _counted(start, cut_axis(flags, 0, start, min(start + per_piece, mask.size)))
        for start in range(0, mask.size, per_piece)
    ]
    totals = [last_word(piece.offsets) for piece in pieces]
    positions = allocate((sum(totals),), uint32, mask.device)
    begin = 0
    for piece, total in zip(pieces, totals, strict=True):
        if total:
            plan = Compact(piece.flags.size, total)
            offsets = cut_axis(piece.offsets, 0, 0, piece.offsets.size - 1)
            target = cut_axis(positions, 0, begin, begin + total)
            run(plan, (target, piece.flags, offsets, piece.start), mask.device)
        begin += total
    return positions


def last_word(x: Tensor) -> int:
    """The last element of a contiguous uint32 tensor. Waits for the device."""
    data = x.device.transfer.read(x.buffer, 4 * (x.offset + x.size - 1), 4)
    return int(struct.unpack("<I", data)[0])


def _counted(start: int, flags: Tensor) -> _Piece:
    """Counts the flags before each chunk, and all of them, as the last of the offsets."""
    flags = contiguous(flags)
    plan = CountFlags(flags.size)
    counts = allocate((plan.n_chunks,), uint32, flags.device)
    run(plan, (counts, flags), flags.device)
    offsets = allocate((plan.n_chunks + 1,), uint32, flags.device)
    fill(cut_axis(offsets, 0, 0, 1), 0)
    scan("sum", counts, cut_axis(offsets, 0, 1, plan.n_chunks + 1), 0)
    return _Piece(start, flags, offsets)
