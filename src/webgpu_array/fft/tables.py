"""Tables that transforms of one length share, kept per device: roots of unity, chirps and their spectra.

The host computes the roots in float64, because the device's sine and cosine are too inaccurate.
"""

from __future__ import annotations

import math
import struct
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from weakref import WeakKeyDictionary

from ..dtypes import DType
from ..execute import run
from ..gpu.device import Device
from ..gpu.memory import Buffer
from ..plans.fourier import Chirp, roots_layout
from ..tensor import Tensor, allocate

# The tables of a device that were used longest ago are forgotten when all take more bytes.
_MOST_BYTES = 1 << 28

# Buffers, not tensors: these would keep their device alive.
_kept: WeakKeyDictionary[Device, OrderedDict[Hashable, Buffer]] = WeakKeyDictionary()
_lock = threading.Lock()


def kept(key: Hashable, n: int, dtype: DType, device: Device, make: Callable[[], Tensor]) -> Tensor:
    """The table (n,) that was made for ``key`` on ``device``, or else that which ``make`` makes now."""
    with _lock:
        tables = _kept.setdefault(device, OrderedDict())
        buffer = tables.get(key)
        if buffer is not None:
            tables.move_to_end(key)
    if buffer is None:
        # Not under the lock, since one table may be made from another.
        buffer = make().buffer
        with _lock:
            tables[key] = buffer
            while len(tables) > 1 and sum(table.nbytes for table in tables.values()) > _MOST_BYTES:
                tables.popitem(last=False)
    return Tensor(buffer, (n,), (1,), 0, dtype, device)


def roots(n: int, dtype: DType, device: Device) -> Tensor:
    """The table that ``plans.fourier.roots_layout(dtype, n)`` describes."""
    size = roots_layout(dtype, n).size
    return kept(("roots", dtype, n), size, dtype, device, lambda: _uploaded_roots(n, dtype, device))


def chirp(n: int, count: int, dtype: DType, device: Device, *, rising: bool, mirrored: bool) -> Tensor:
    """exp(∓πi k² / n) for k < count, positive where ``rising``; see ``plans.fourier.Chirp``."""
    plan = Chirp(dtype, n, count, rising, mirrored)

    def make() -> Tensor:
        out = allocate((count,), dtype, device)
        run(plan, (out, roots(n, dtype, device)), device)
        return out

    return kept(plan, count, dtype, device, make)


def root(k: int, order: int) -> tuple[float, float]:
    """exp(-2πi k / order), both parts within an ulp: the angle is reduced to an eighth of a turn in integers."""
    octant, rest = divmod(8 * (k % order), order)
    if octant % 2:
        rest = order - rest
    angle = math.pi / 4 * (rest / order)
    cosine, sine = math.cos(angle), math.sin(angle)
    if octant in (1, 2, 5, 6):
        cosine, sine = sine, cosine
    return -cosine if octant in (2, 3, 4, 5) else cosine, sine if octant > 3 else -sine


def _uploaded_roots(n: int, dtype: DType, device: Device) -> Tensor:
    layout = roots_layout(dtype, n)
    parts: list[float] = []
    for length, _ in layout.own:
        for k in range(length):
            parts += root(k, length)
    for k in range(2**layout.shift):
        parts += root(k, 2 * n)
    for k in range(layout.size - layout.coarse):
        parts += root(k << layout.shift, 2 * n)
    data = struct.pack(f"<{len(parts)}{dtype.format[-1]}", *parts)
    buffer = device.transfer.upload(memoryview(data))
    return Tensor(buffer, (layout.size,), (1,), 0, dtype, device)
