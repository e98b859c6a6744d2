"""Questions about data types.

Source: https://data-apis.org/array-api/2025.12/API_specification/data_type_functions.html
"""

from __future__ import annotations

from dataclasses import dataclass

from .. import dtypes
from ..dtypes import DType, Scalar
from ..tensor import Tensor
from .scalars import as_scalar

_KINDS = (
    "bool",
    "signed integer",
    "unsigned integer",
    "integral",
    "real floating",
    "complex floating",
    "numeric",
)


@dataclass(frozen=True)
class FInfo:
    """Limits of a floating type, as Python floats."""

    bits: int
    eps: float
    max: float
    min: float
    smallest_normal: float
    dtype: DType


@dataclass(frozen=True)
class IInfo:
    """Limits of an integer type."""

    bits: int
    max: int
    min: int
    dtype: DType


# Digits of the significand, largest exponent (IEEE 754-2019, table 3.5).
_FORMATS = {dtypes.float16: (11, 15), dtypes.float32: (24, 127), dtypes.float64: (53, 1023)}


def finfo(type: DType | Tensor, /) -> FInfo:
    """Limits of a floating type, or of the parts of a complex one, given it or a tensor. Raises TypeError for another."""
    given = _dtype_of(type)
    dtype = dtypes.real_of(given)
    if dtype not in _FORMATS:
        raise TypeError(f"finfo: {dtype.name} is not a floating type; use iinfo()")
    digits, exponent = _FORMATS[dtype]
    largest = (2 - 2.0 ** (1 - digits)) * 2.0**exponent
    return FInfo(dtype.bits, 2.0 ** (1 - digits), largest, -largest, 2.0 ** (1 - exponent), dtype)


def iinfo(type: DType | Tensor, /) -> IInfo:
    """Limits of an integer type, given it or a tensor. Raises TypeError for another."""
    dtype = _dtype_of(type)
    if not dtypes.is_kind(dtype, "integral"):
        raise TypeError(f"iinfo: {dtype.name} is not an integer type; use finfo()")
    low, high = dtypes.integer_range(dtype)
    return IInfo(dtype.bits, high, low, dtype)


def isdtype(dtype: DType, kind: DType | str | tuple[DType | str, ...]) -> bool:
    """Whether ``dtype`` is of a kind ("numeric", "integral", …), is a dtype, or is any of several.

    Raises ValueError for an unknown kind, TypeError for what is no dtype.
    """
    if isinstance(kind, tuple):
        return any(isdtype(dtype, k) for k in kind)
    found = dtypes.as_dtype(dtype)
    if isinstance(kind, str):
        if kind not in _KINDS:
            raise ValueError(f"isdtype: kind {kind!r} is unknown; use one of: {', '.join(_KINDS)}")
        return dtypes.is_kind(found, kind)
    return found is dtypes.as_dtype(kind)


def can_cast(from_: DType | Tensor, to: DType, /) -> bool:
    """Whether the standard's promotion leads from one type to the other, for a tensor on its device."""
    source, target = _dtype_of(from_), dtypes.as_dtype(to)
    if isinstance(from_, Tensor) and not from_.device.supports(target):
        return False
    try:
        return dtypes.promote(source, target) is target
    except TypeError:
        return False


def result_type(*arrays_and_dtypes: Tensor | DType | Scalar) -> DType:
    """The type that tensors, types and Python scalars promote to; beside a tensor, one that its device has.

    Raises TypeError where there is none, ValueError unless there is a tensor or a type.
    """
    scalars = [a for a in arrays_and_dtypes if _is_scalar(a)]
    found = [_dtype_of(a) for a in arrays_and_dtypes if not _is_scalar(a)]  # type: ignore[arg-type]
    if not found:
        raise ValueError("result_type: at least one argument must be a tensor or a dtype")
    try:
        promoted = found[0]
        for dtype in found[1:]:
            promoted = dtypes.promote(promoted, dtype)
        for scalar in scalars:
            promoted = dtypes.promote_scalar(type(as_scalar("result_type", scalar)), promoted)
    except TypeError as error:
        raise TypeError(f"result_type: {error}") from None
    device = next((a.device for a in arrays_and_dtypes if isinstance(a, Tensor)), None)
    return promoted if device is None else dtypes.narrowed(promoted, device)


def set_default_dtypes(*, floating: DType | str | None = None, integral: DType | str | None = None) -> None:
    """Chooses the types of tensors that are made without one, in every thread from now on.

    ``floating``: float32 (the package's own choice) or float64; the complex default follows.
    ``integral``: int32 or int64; the package's own choice is int64 where the device computes
    in it, int32 elsewhere. None goes back to the package's choice. On a device without float64 the
    default stays float32. Raises TypeError for another type.
    """
    real = None if floating is None else dtypes.as_dtype(floating)
    integer = None if integral is None else dtypes.as_dtype(integral)
    if real not in (None, dtypes.float32, dtypes.float64):
        raise TypeError(f"set_default_dtypes: floating must be float32 or float64, not {real.name}")
    if integer not in (None, dtypes.int32, dtypes.int64):
        raise TypeError(f"set_default_dtypes: integral must be int32 or int64, not {integer.name}")
    dtypes.choose_defaults(real, integer)


def _is_scalar(x: object) -> bool:
    """Whether ``x`` is a Python scalar, one of NumPy's, or its array without axes."""
    return not isinstance(x, Tensor) and (
        isinstance(x, Scalar) or (getattr(x, "ndim", None) == 0 and hasattr(x, "item"))
    )


def _dtype_of(x: DType | Tensor) -> DType:
    return x.dtype if isinstance(x, Tensor) else dtypes.as_dtype(x)
