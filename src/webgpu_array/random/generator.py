"""``Generator``: random numbers made on the device, the same bits on every device for one seed.

The bits come from Philox 4×32-10, keyed by the seed, and become floating-point numbers by
integer arithmetic alone, since WGSL leaves the last bits of floating arithmetic to the
device. A generator is a key and a position: the number of 128-bit blocks used so far.

Source: J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011),
https://doi.org/10.1145/2063384.2063405
"""

from __future__ import annotations

import math
import operator
import os
import struct
import threading
from collections.abc import Sequence
from functools import cache
from numbers import Real

from .. import dtypes
from ..dtypes import DType, float32, float64
from ..execute import run
from ..gpu.device import Device, as_device
from ..kernels.philox import n_blocks, per_block
from ..ops.elementwise import add, multiply
from ..plans.random import Random
from ..shapes import Shape
from ..tensor import Tensor, allocate
from . import normal_tables

Size = int | Sequence[int] | None

# One binding must hold a piece with its start rounded down to a legal offset.
_ALIGNMENT = 256
_WORD = 2**64


def default_rng(seed: int | Generator | None = None) -> Generator:
    """A generator for a seed; for None, one with a seed from the operating system.

    seed: an integer from 0 to 2**64 - 1, or a Generator, which is returned as it is. Raises
    ValueError for another integer, TypeError for another type.
    """
    if isinstance(seed, Generator):
        return seed
    if seed is None:
        return Generator(int.from_bytes(os.urandom(8), "little"))
    try:
        key = operator.index(seed)
    except TypeError:
        raise TypeError(
            f"default_rng: seed must be an integer, a Generator or None, not {seed!r} of type {type(seed).__name__}"
        ) from None
    return Generator(key)


class Generator:
    """A stream of random numbers. Make one with ``default_rng``.

    What a call consumes, in blocks of 128 bits: a float32 of ``random`` or ``uniform`` a
    quarter, a float64 or a number of ``normal`` a half, an integer a whole one; each call
    begins a new block. So two calls for 10 numbers need not give those of one call for 20.

    A generator pickles and copies with its state. Several threads may share one.
    """

    def __init__(self, key: int, position: int = 0) -> None:
        """key: the seed; position: blocks used so far; both from 0 to 2**64 - 1, or ValueError."""
        for name, word in (("seed", key), ("position", position)):
            if not 0 <= word < _WORD:
                raise ValueError(f"default_rng: {name} must be an integer from 0 to 2**64 - 1, not {word}")
        self._key = key
        self._position = position
        self._lock = threading.Lock()
        # Tables of the normal distribution on the devices where it was drawn.
        self._tables: dict[tuple[Device, DType], Tensor] = {}

    def __repr__(self) -> str:
        return f"Generator(key={self._key:#x}, position={self._position})"

    def __reduce__(self) -> tuple[type[Generator], tuple[int, int]]:
        return Generator, (self._key, self._position)

    @property
    def state(self) -> dict[str, int]:
        """``key`` and ``position``; assigning such a dictionary returns to it."""
        return {"key": self._key, "position": self._position}

    @state.setter
    def state(self, state: dict[str, int]) -> None:
        other = Generator(**state)
        with self._lock:
            self._key, self._position = other._key, other._position

    def random(self, size: Size = None, *, dtype: object = None, device: Device | str | None = None) -> Tensor:
        """Uniform numbers in [0, 1).

        size: int, tuple of ints, or None for a tensor without axes. dtype: float32 (default:
        multiples of 2**-24) or float64 (of 2**-53). Raises TypeError for another dtype, and
        as ``asarray`` does where the device lacks float64. Does not wait.
        """
        shape, target = _shape("random", size), as_device(device)
        return self._draw("uniform", shape, _floating("random", dtype, target), target)

    def standard_normal(self, size: Size = None, *, dtype: object = None, device: Device | str | None = None) -> Tensor:
        """Numbers of the normal distribution with mean 0 and standard deviation 1.

        Arguments and errors as for ``random``. Every number is made of 64 random bits: a sign
        and the tail probability p, an odd multiple of 2**-65, whose inverse |z| reaches 9.2.
        Before it is rounded to ``dtype``, the error of |z| is below 2**-29 max(|z|, 1/2) for
        float32 and 2**-60 max(|z|, 1/2) for float64; see make_normal_tables.py.
        """
        shape, target = _shape("standard_normal", size), as_device(device)
        return self._draw("standard_normal", shape, _floating("standard_normal", dtype, target), target)

    def normal(
        self,
        loc: float = 0.0,
        scale: float = 1.0,
        size: Size = None,
        *,
        dtype: object = None,
        device: Device | str | None = None,
    ) -> Tensor:
        """Numbers of the normal distribution with mean ``loc`` and standard deviation ``scale``.

        ``loc + scale * z`` in the device's arithmetic, for z of ``standard_normal``; other
        arguments and errors as there. Raises ValueError unless scale >= 0 and both are finite.
        """
        loc, scale = _finite("normal", "loc", loc), _finite("normal", "scale", scale)
        if scale < 0:
            raise ValueError(f"normal: scale must not be negative, got {scale}")
        return add(loc, multiply(scale, self.standard_normal(size, dtype=dtype, device=device)))

    def uniform(
        self,
        low: float = 0.0,
        high: float = 1.0,
        size: Size = None,
        *,
        dtype: object = None,
        device: Device | str | None = None,
    ) -> Tensor:
        """Uniform numbers from ``low`` to ``high``.

        ``low + (high - low) * u`` in the device's arithmetic, for u of ``random``, which may
        round to high; other arguments and errors as there. Raises ValueError unless
        low <= high and both are finite.
        """
        low, high = _finite("uniform", "low", low), _finite("uniform", "high", high)
        if low > high:
            raise ValueError(f"uniform: low must not exceed high, got low={low}, high={high}")
        width = _finite("uniform", "high - low", high - low)
        return add(low, multiply(width, self.random(size, dtype=dtype, device=device)))

    def integers(
        self,
        low: int,
        high: int | None = None,
        size: Size = None,
        *,
        dtype: object = None,
        endpoint: bool = False,
        device: Device | str | None = None,
    ) -> Tensor:
        """Integers from ``low`` to below ``high`` (to ``high`` with ``endpoint``), all equally likely.

        With one bound, from 0 to below it. dtype: an integer type; by default int64, or int32
        on a device without it. Raises ValueError for an empty range or one that dtype does
        not hold, TypeError for another dtype or bounds. Does not wait.
        """
        shape, target = _shape("integers", size), as_device(device)
        wanted = _integral(dtype, target)
        first, last = _bounds(low, high, endpoint)
        smallest, largest = dtypes.integer_range(wanted)
        if not smallest <= first <= last <= largest:
            raise ValueError(
                f"integers: the range {first} to {last} must not be empty and must fit {wanted.name}, "
                f"which holds {smallest} to {largest}"
            )
        span = last - first
        # A narrow integer takes a whole word, with its sign.
        scalars = first % 2 ** (8 * wanted.storage_bytes), span, 2 ** span.bit_length() - 1
        return self._draw("integers", shape, wanted, target, *scalars)

    def _draw(self, distribution: str, shape: Shape, dtype: DType, device: Device, *scalars: int) -> Tensor:
        """A tensor of ``shape``, made in pieces that one binding holds."""
        out = allocate(shape, dtype, device)
        start = self._advance(n_blocks(distribution, dtype, out.size))
        more: tuple[Tensor | int, ...] = scalars
        n_table = 0
        if distribution == "standard_normal" and out.size:
            table = self._table(dtype, device)
            more, n_table = (table,), table.size
        for first in range(0, out.size, step := _per_piece(dtype, device)):
            n = min(step, out.size - first)
            piece = out.view((n,), (1,), first)
            counter = (start + first // per_block(distribution, dtype)) % _WORD
            run(Random(distribution, n, dtype, n_table), (piece, self._key, counter, *more), device)
        return out

    def _advance(self, blocks: int) -> int:
        """Takes blocks from the stream; the position of the first."""
        with self._lock:
            start = self._position
            self._position = (start + blocks) % _WORD
            return start

    def _table(self, dtype: DType, device: Device) -> Tensor:
        found = self._tables.get((device, dtype))
        if found is None:
            data, word = _table_bytes(dtype)
            n = len(data) // word.storage_bytes
            buffer = device.transfer.upload(memoryview(data))
            found = self._tables[device, dtype] = Tensor(buffer, (n,), (1,), 0, word, device)
        return found


def _per_piece(dtype: DType, device: Device) -> int:
    """Elements that one binding holds; a multiple of what a block gives and of the alignment."""
    limit = device.limits["max-storage-buffer-binding-size"]
    return (limit // _ALIGNMENT - 1) * _ALIGNMENT // dtype.storage_bytes


@cache
def _table_bytes(dtype: DType) -> tuple[bytes, DType]:
    """The table of the normal distribution for ``dtype``, and the type of its words."""
    text, code, word = {
        float32: (normal_tables.FLOAT32, "I", dtypes.uint32),
        float64: (normal_tables.FLOAT64, "Q", dtypes.uint64),
    }[dtype]
    words = [int(digits, 16) for digits in text.split()]
    return struct.pack(f"<{len(words)}{code}", *words), word


def _shape(function: str, size: Size) -> Shape:
    if size is None:
        return ()
    try:
        shape = tuple(map(operator.index, size if isinstance(size, Sequence) else (size,)))
    except TypeError:
        raise TypeError(f"{function}: size must be an integer, a tuple of integers or None, not {size!r}") from None
    if any(length < 0 for length in shape):
        raise ValueError(f"{function}: size must not be negative, got {size}")
    return shape


def _floating(function: str, dtype: object, device: Device) -> DType:
    wanted = float32 if dtype is None else dtypes.as_dtype(dtype)
    if wanted not in (float32, float64):
        raise TypeError(f"{function}: dtype must be float32 or float64, not {wanted.name}; convert with astype()")
    return dtypes.available(wanted, device)


def _integral(dtype: object, device: Device) -> DType:
    if dtype is None:
        return dtypes.default_integer(device)
    wanted = dtypes.as_dtype(dtype)
    if not dtypes.is_kind(wanted, "integral"):
        raise TypeError(f"integers: dtype must be an integer type, not {wanted.name}; convert with astype()")
    return dtypes.available(wanted, device)


def _finite(function: str, name: str, value: float) -> float:
    if not isinstance(value, Real):
        raise TypeError(
            f"{function}: {name} must be a real number, not {type(value).__name__}; for arrays, scale and shift the result"
        )
    if not math.isfinite(value):
        raise ValueError(f"{function}: {name} must be finite, got {value}")
    return float(value)


def _bounds(low: int, high: int | None, endpoint: bool) -> tuple[int, int]:
    """First and last integer of the range."""
    try:
        first, last = (0, operator.index(low)) if high is None else (operator.index(low), operator.index(high))
    except TypeError:
        raise TypeError(f"integers: low and high must be integers, not {low!r} and {high!r}") from None
    return first, last if endpoint else last - 1
