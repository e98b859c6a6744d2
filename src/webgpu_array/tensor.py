"""``Tensor``: an array that lives on a device.

Only data and what follows from it is here. Operators and methods are written in
``operators.py`` on top of the function table, and bound to this class when the package is
imported.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .shapes import Shape, Strides, contiguous_strides, is_contiguous

if TYPE_CHECKING:
    from .dtypes import DType
    from .gpu.device import Device
    from .gpu.memory import Buffer
    from .operators import Methods as _Base
else:
    _Base = object


class Tensor(_Base):
    """A view of a device buffer: ``offset`` and ``strides`` count elements.

    The elements may not have been computed yet: the device runs what was recorded in order,
    so every later use sees them. Make one with ``asarray``, not with this constructor.
    """

    __slots__ = ("__weakref__", "buffer", "device", "dtype", "offset", "shape", "strides")

    def __init__(
        self,
        buffer: Buffer,
        shape: Shape,
        strides: Strides,
        offset: int,
        dtype: DType,
        device: Device,
    ) -> None:
        self.buffer = buffer
        self.shape = shape
        self.strides = strides
        self.offset = offset
        self.dtype = dtype
        self.device = device

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """Bytes of the elements on the device (bool takes four)."""
        return self.size * self.dtype.storage_bytes

    @property
    def is_contiguous(self) -> bool:
        """Whether the elements lie row-major without gaps."""
        return is_contiguous(self.shape, self.strides)

    def view(self, shape: Shape, strides: Strides, offset: int | None = None) -> Tensor:
        """The same buffer, seen with other axes."""
        return Tensor(self.buffer, shape, strides, self.offset if offset is None else offset, self.dtype, self.device)


def allocate(shape: Shape, dtype: DType, device: Device) -> Tensor:
    """A contiguous tensor with undefined elements. Raises DeviceMemoryError."""
    nbytes = math.prod(shape) * dtype.storage_bytes
    with device.recorder.lock:
        buffer = device.pool.allocate(nbytes)
    return Tensor(buffer, shape, contiguous_strides(shape), 0, dtype, device)
