"""Host data in and out: NumPy, the buffer protocol, Python lists. The only module that needs NumPy."""

from __future__ import annotations

from numbers import Integral, Number
from typing import Any

import numpy as np

from . import dtypes
from .dtypes import DType, Scalar
from .errors import CopyRequiredError
from .gpu.device import Device, as_device
from .ops.array_indexing import HostIndices
from .ops.elementwise import astype
from .ops.manipulation import concat, cut_axis, duplicate
from .shapes import contiguous_strides
from .tensor import Tensor, allocate

_HOST = {dtype: np.dtype(dtype.name) for dtype in dtypes.ALL}
_FROM_HOST = {host: dtype for dtype, host in _HOST.items()}
# What `np.dtype(xp.float32)` asks for, from NumPy 2.4 on.
DType.__numpy_dtype__ = property(_HOST.__getitem__)  # type: ignore[attr-defined]
# Elements as they lie in device memory.
_STORED = {
    dtype: np.dtype({"bool": "u4", "u32": "u4", "i32": "i4"}.get(dtype.storage if dtype.bits < 32 else "", dtype.name))
    for dtype in dtypes.ALL
}
# The device copies whole words.
_WORD = 4

# Python's own numbers, which have no dtype.
_NUMBERS = frozenset((bool, int, float, complex))

# DLPack's number of the CPU (dlpack.h, DLDeviceType).
_DLPACK_CPU = 1

# How NumPy abbreviates: arrays of more elements show this many at each end of an axis.
_PRINTED = 1000
_EDGE = 3


def asarray(
    obj: Any,
    /,
    *,
    dtype: DType | None = None,
    device: Device | str | None = None,
    copy: bool | None = None,
) -> Tensor:
    """A tensor from numbers, nested sequences, a NumPy array, a buffer, or another tensor.

    Without ``dtype``, host data keeps its own, Python numbers get the default dtype of their
    kind, also beside narrower tensors in a sequence; host float64 becomes float32 on a device without
    64-bit floats, complex128 complex64. With ``copy=False`` raises ValueError where host data would
    have to be copied, which is always. Raises OverflowError for an integer that does not fit,
    DTypeNotSupportedError for a type that the device lacks, TypeError for one that this namespace lacks,
    ValueError for sequences that differ in length. Waits for tensors in a sequence, otherwise does not.
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
    host = _host_of(obj)
    _check_numbers(host)
    if wanted is None:
        wanted = _default_of(obj, host, target)
    if host.dtype.kind == "c" and not (wanted.is_complex or wanted is dtypes.bool_):
        raise TypeError(f"asarray: complex numbers do not become {wanted.name}; take their real parts first")
    wanted = dtypes.available(wanted, target)
    if dtypes.is_kind(wanted, "integral") and host.size and not np.can_cast(host.dtype, _HOST[wanted], "safe"):
        _check_range(np.asarray(host.min()).item(), np.asarray(host.max()).item(), wanted)
    return from_numpy(host, wanted, target)


def from_dlpack(x: Any, /, *, device: Device | str | None = None, copy: bool | None = None) -> Tensor:
    """A tensor from another library's array that lies on the CPU, or from a tensor.

    Raises CopyRequiredError, a BufferError and a ValueError, for ``copy=False`` where the data would have to move,
    and BufferError where ``x`` cannot be read by the CPU. Does not wait, unless ``x`` does.
    """
    is_tensor = isinstance(x, Tensor)
    if copy is False and not (is_tensor and (device is None or as_device(device) is x.device)):
        raise CopyRequiredError(
            f"from_dlpack: a {type(x).__name__} must be copied to a WebGPU device; use copy=None or copy=True"
        )
    if is_tensor:
        return asarray(x, device=device, copy=copy)
    on_cpu = x.__dlpack_device__()[0] == _DLPACK_CPU
    try:
        host = np.from_dlpack(x) if on_cpu else np.from_dlpack(x, device="cpu")
    except RuntimeError as error:
        raise BufferError(f"from_dlpack: a {type(x).__name__} does not come to the CPU: {error}") from error
    return asarray(host, device=device)


def from_numpy(host: np.ndarray[Any, Any], dtype: DType, device: Device) -> Tensor:
    """Uploads a NumPy array, converted to ``dtype``, or as ``dtypes.available`` says where ``device`` lacks it.

    Does not wait.
    """
    dtype = dtypes.available(dtype, device)
    with np.errstate(over="ignore"):  # What exceeds a floating type becomes infinite, as on the device.
        converted = host.astype(_HOST[dtype], copy=False)
    data = np.ascontiguousarray(converted, dtype=_STORED[dtype]).reshape(-1)
    if not data.size:
        return allocate(host.shape, dtype, device)
    if data.nbytes % _WORD:
        data = np.append(data, data[:1])
    buffer = device.transfer.upload(data.view(np.uint8).data)
    return Tensor(buffer, host.shape, contiguous_strides(host.shape), 0, dtype, device)


def with_host_indices(key: Any, device: Device) -> Any:
    """The key of an indexing operation with its lists and NumPy arrays uploaded: masks, and integers with their range.

    Raises IndexError for an array of another kind, and for lists of different lengths. Does not wait.
    """
    if isinstance(key, tuple):
        return tuple(_uploaded(part, device) if _is_host_array(part) else part for part in key)
    return _uploaded(key, device) if _is_host_array(key) else key


def _is_host_array(part: Any) -> bool:
    return isinstance(part, list | tuple | range) or (isinstance(part, np.ndarray) and part.ndim > 0)


def _uploaded(part: Any, device: Device) -> Tensor | HostIndices:
    try:
        host = np.asarray(part)
    except ValueError as error:
        raise IndexError(f"__getitem__: {part!r} is no index array: {error}") from None
    if host.dtype == bool:
        return from_numpy(host, dtypes.bool_, device)
    if not host.size:
        host = host.astype(np.int32)  # an empty list has no integers to be recognised by
    if host.dtype.kind not in "iu":
        raise IndexError(f"__getitem__: an array of {host.dtype} is no index; use integers or bool")
    # Whatever 32 bits do not hold is out of range, which the range tells.
    least, most = (int(host.min()), int(host.max())) if host.size else (0, 0)
    return HostIndices(from_numpy(host.astype(np.int32), dtypes.int32, device), least, most)


def to_numpy(x: Tensor) -> np.ndarray[Any, Any]:
    """A writable NumPy copy. Waits for the device."""
    if not x.size:
        return np.empty(x.shape, _HOST[x.dtype])
    x, start, nbytes = _readable(x)
    return _host_array(x, x.device.transfer.read(x.buffer, start, nbytes))


async def to_numpy_async(x: Tensor) -> np.ndarray[Any, Any]:
    """``to_numpy`` that lets the event loop run until the device has done the work."""
    if not x.size:
        return np.empty(x.shape, _HOST[x.dtype])
    x, start, nbytes = _readable(x)
    return _host_array(x, await x.device.transfer.read_async(x.buffer, start, nbytes))


def to_scalar(x: Tensor, function: str) -> Scalar:
    """The one element of ``x``. Waits for the device. Raises TypeError, naming ``function``, for another size."""
    if x.size != 1:
        raise TypeError(f"{function}: x with shape {x.shape} has {x.size} elements; only one can become a Python scalar")
    return to_numpy(x).item()  # type: ignore[no-any-return]


def to_real(x: Tensor, function: str) -> float:
    """``to_scalar`` of a real ``x``. Raises TypeError for a complex one."""
    if x.dtype.is_complex:
        raise TypeError(f"{function}: {x.dtype.name} does not become real; take real(x), imag(x) or abs(x)")
    return to_scalar(x, function)  # type: ignore[return-value]


def to_text(x: Tensor, is_repr: bool) -> str:
    """What NumPy would print, for ``repr`` with dtype and device. Waits; of a large tensor, reads the corners."""
    is_short = x.size > _PRINTED
    host = to_numpy(_corners(x) if is_short else x)
    prefix = "Tensor(" if is_repr else ""
    text = np.array2string(
        host,
        separator=", " if is_repr else " ",
        prefix=prefix,
        threshold=0 if is_short else _PRINTED,
        edgeitems=_EDGE,
    )
    if not is_repr:
        return text
    shape = f"shape={x.shape}, " if is_short or not x.size else ""
    return f"{prefix}{text}, {shape}dtype={x.dtype.name}, device='{x.device}')"


def _corners(x: Tensor) -> Tensor:
    """``x`` with its long axes cut to both ends and one position between, for which NumPy prints dots."""
    for axis, n in enumerate(x.shape):
        if n > 2 * _EDGE + 1:
            x = concat((cut_axis(x, axis, 0, _EDGE + 1), cut_axis(x, axis, n - _EDGE, n)), axis=axis)
    return x


def _readable(x: Tensor) -> tuple[Tensor, int, int]:
    """``x`` contiguous, with the byte at which it begins in its buffer and its number of bytes in whole words."""
    if not x.is_contiguous or x.offset * x.dtype.storage_bytes % _WORD:
        x = duplicate(x)
    itemsize = x.dtype.storage_bytes
    return x, x.offset * itemsize, -(-x.size * itemsize // _WORD) * _WORD


def _host_array(x: Tensor, data: bytearray) -> np.ndarray[Any, Any]:
    return np.frombuffer(data, _STORED[x.dtype])[: x.size].reshape(x.shape).astype(_HOST[x.dtype], copy=False)


def _from_tensor(x: Tensor, dtype: DType | None, device: Device | str | None, copy_: bool | None) -> Tensor:
    target = x.device if device is None else as_device(device)
    wanted = dtypes.available(x.dtype if dtype is None else dtype, target)
    if target is x.device and wanted is x.dtype and not copy_:
        return x
    if copy_ is False:
        raise ValueError(f"asarray: a {x.dtype.name} tensor on {x.device} must be copied to be {wanted.name} on {target}")
    if target is not x.device and wanted is x.dtype:
        return from_numpy(to_numpy(x), wanted, target)
    return astype(x, wanted, device=target)


def _host_of(obj: Any) -> np.ndarray[Any, Any]:
    """``obj`` as a NumPy array. Integers that 64 bits do not hold, or int64 not together, are objects, and exact."""
    if isinstance(obj, bytes):
        obj = memoryview(obj)  # of which NumPy would make text
    try:
        host = np.asarray(obj)
    except ValueError as error:
        raise ValueError(f"asarray: sequences must be nested evenly: {error}") from None
    if hasattr(obj, "dtype") or host.dtype != np.float64 or not np.any(np.abs(host) >= 2.0**63):
        return host
    exact = np.asarray(obj, dtype=object)
    return exact if _are_integers(exact) else host


def _are_integers(host: np.ndarray[Any, Any]) -> bool:
    return host.dtype == object and host.size > 0 and all(isinstance(x, Integral) for x in host.flat)


def _default_of(obj: Any, host: np.ndarray[Any, Any], device: Device) -> DType:
    """The dtype of ``host``, or of Python's numbers in ``obj``, for which NumPy takes the widest, the default one."""
    if _are_integers(host):
        is_unsigned = host.min() >= 0 and 2**63 <= host.max() < 2**64
        return dtypes.uint64 if is_unsigned else dtypes.default_integer(device)
    default = {
        np.dtype(np.float64): dtypes.default_floating(device),
        np.dtype(np.complex128): dtypes.default_complex(device),
        np.dtype(np.int64): dtypes.default_integer(device),
    }.get(host.dtype)
    return _dtype_of(host, device) if default is None or _is_typed(obj, host.dtype) else default


def _is_typed(obj: Any, dtype: np.dtype[Any]) -> bool:
    """Whether ``obj``, or something in the sequences that it nests, has ``dtype`` of its own: an array or a buffer."""
    if type(obj) in _NUMBERS:
        return False
    if isinstance(obj, list | tuple):
        # Long lists are of numbers only, which is told ten times as fast by all their types at once.
        return not _NUMBERS.issuperset(map(type, obj)) and any(_is_typed(part, dtype) for part in obj)
    if hasattr(obj, "dtype"):
        return bool(getattr(obj.dtype, "name", dtype.name) == dtype.name)
    try:
        memoryview(obj)
    except TypeError:
        return False
    return True


def _dtype_of(host: np.ndarray[Any, Any], device: Device) -> DType:
    """The dtype of host data that has one."""
    found = _FROM_HOST.get(host.dtype.newbyteorder("="))
    if found is None:
        raise TypeError(
            f"asarray: host dtype {host.dtype} has no counterpart; convert it to one of: {', '.join(dtypes.BY_NAME)}"
        )
    return dtypes.narrowed(found, device)


def _check_numbers(host: np.ndarray[Any, Any]) -> None:
    """Raises TypeError for what NumPy would make a number of: text, dates, None."""
    if host.dtype.kind not in "biufcO" or (host.dtype.kind == "O" and not all(isinstance(x, Number) for x in host.flat)):
        raise TypeError(f"asarray: host dtype {host.dtype} holds something other than numbers; convert it first")


def _check_range(low: float, high: float, dtype: DType) -> None:
    """Raises OverflowError unless the numbers from ``low`` to ``high`` fit an integer ``dtype``, but for a fraction."""
    least, most = dtypes.integer_range(dtype)
    for value in (low, high):
        if not least <= value <= most:  # as NaN is not, either
            raise OverflowError(f"asarray: {value} does not fit {dtype.name}, which holds {least} to {most}")
