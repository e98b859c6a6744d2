"""Host data in and out: NumPy, the buffer protocol, Python lists. The only module that needs NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import dtypes
from .dtypes import DType, bool_
from .errors import PrecisionWarning
from .execute import contiguous, copy
from .gpu.device import Device, as_device
from .shapes import contiguous_strides
from .tensor import Tensor, allocate

_HOST = {dtype: np.dtype(dtype.name) for dtype in dtypes.ALL}
_FROM_HOST = {host: dtype for dtype, host in _HOST.items()}


def asarray(
    obj: Any,
    /,
    *,
    dtype: DType | None = None,
    device: Device | str | None = None,
    copy: bool | None = None,
) -> Tensor:
    """A tensor from numbers, nested sequences, a NumPy array, a buffer, or another tensor.

    Without ``dtype``, host data keeps its own, Python floats become float32, Python integers
    int64 where the device has it and int32 elsewhere; host float64 becomes float32 on a
    device without 64-bit floats. With ``copy=False`` raises ValueError where host data would
    have to be copied, which is always. Raises DTypeNotSupportedError for a type that the
    device or this namespace lacks. Does not wait.
    """
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    if isinstance(obj, Tensor):
        return _from_tensor(obj, wanted, device, copy)
    if copy is False:
        raise ValueError(
            f"asarray: a {type(obj).__name__} lives on the host and must be copied to the device; "
            "use copy=None or copy=True"
        )
    target = as_device(device)
    host = np.asarray(_without_tensors(obj))
    if wanted is None:
        wanted = _dtype_of(obj, host, target)
    return from_numpy(host, dtypes.available(wanted, target), target)


def from_numpy(host: np.ndarray[Any, Any], dtype: DType, device: Device) -> Tensor:
    """Uploads a NumPy array, converted to ``dtype``. Does not wait."""
    storage = np.uint32 if dtype is bool_ else _HOST[dtype]
    values = host.astype(bool) if dtype is bool_ else host
    data = np.ascontiguousarray(values, dtype=storage)
    if not data.size:
        return allocate(host.shape, dtype, device)
    buffer = device.transfer.upload(memoryview(data.reshape(-1)).cast("B"))
    return Tensor(buffer, host.shape, contiguous_strides(host.shape), 0, dtype, device)


def to_numpy(x: Tensor) -> np.ndarray[Any, Any]:
    """A writable NumPy copy. Waits for the device."""
    if not x.size:
        return np.empty(x.shape, _HOST[x.dtype])
    x = contiguous(x)
    itemsize = x.dtype.storage_bytes
    return _host_array(x, x.device.transfer.read(x.buffer, x.offset * itemsize, x.size * itemsize))


async def to_numpy_async(x: Tensor) -> np.ndarray[Any, Any]:
    """``to_numpy`` that lets the event loop run until the device has done the work."""
    if not x.size:
        return np.empty(x.shape, _HOST[x.dtype])
    x = contiguous(x)
    itemsize = x.dtype.storage_bytes
    return _host_array(x, await x.device.transfer.read_async(x.buffer, x.offset * itemsize, x.size * itemsize))


def _host_array(x: Tensor, data: bytearray) -> np.ndarray[Any, Any]:
    storage = np.dtype(np.uint32) if x.dtype is bool_ else _HOST[x.dtype]
    return np.frombuffer(data, storage).reshape(x.shape).astype(_HOST[x.dtype], copy=False)


def _from_tensor(x: Tensor, dtype: DType | None, device: Device | str | None, copy_: bool | None) -> Tensor:
    target = x.device if device is None else as_device(device)
    wanted = x.dtype if dtype is None else dtypes.available(dtype, target)
    if target is x.device and wanted is x.dtype and not copy_:
        return x
    if copy_ is False:
        raise ValueError(f"asarray: a {x.dtype.name} tensor on {x.device} must be copied to be {wanted.name} on {target}")
    if target is not x.device:
        return from_numpy(to_numpy(x), wanted, target)
    out = allocate(x.shape, wanted, target)
    if out.size:
        copy(x, out)
    return out


def _dtype_of(obj: Any, host: np.ndarray[Any, Any], device: Device) -> DType:
    """The dtype that host data gets when none is asked for."""
    from_python = not hasattr(obj, "dtype") and not isinstance(obj, memoryview | bytearray | array_type)
    if from_python and host.dtype == np.float64:
        return dtypes.float32
    if from_python and host.dtype == np.int64 and not device.supports(dtypes.int64):
        return dtypes.int32
    found = _FROM_HOST.get(host.dtype)
    if found is None:
        raise TypeError(
            f"asarray: host dtype {host.dtype} has no counterpart; convert it to one of: {', '.join(dtypes.BY_NAME)}"
        )
    if found is dtypes.float64 and not device.supports(found):
        return dtypes.float32
    return found
