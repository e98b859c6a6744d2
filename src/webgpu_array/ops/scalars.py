"""Python scalars, NumPy scalars and arrays without axes, where a function takes a number: checked, and as bits."""

from __future__ import annotations

import math
import struct
import sys

from .. import dtypes
from ..dtypes import DType, Scalar, bool_

# Largest value that rounds to a finite one.
_LARGEST = {
    dtypes.float16: 65520.0 - 2.0**-20,
    dtypes.float32: (2 - 2**-24 - 2**-52) * 2.0**127,
    dtypes.float64: sys.float_info.max,
}


def as_real_scalar(function: str, x: object) -> int | float:
    """``as_scalar`` that raises TypeError for a complex number."""
    value = as_scalar(function, x)
    if isinstance(value, complex):
        raise TypeError(f"{function}: {value} is complex; use a real number")
    return value


def as_scalar(function: str, x: object) -> Scalar:
    """A Python scalar for itself, a NumPy scalar, or an array without axes; a tensor waits. Raises TypeError."""
    if isinstance(x, int | float | complex):
        return x
    if getattr(x, "ndim", None) == 0 and hasattr(x, "item"):
        return as_scalar(function, x.item())
    raise TypeError(
        f"{function}: argument of type {type(x).__name__} is neither a tensor nor a Python scalar; "
        "convert it with asarray()"
    )


def scalar_word(function: str, value: Scalar, dtype: DType) -> int:
    """The bits of a Python scalar as the shader receives them. Raises OverflowError."""
    if dtype is bool_:
        return int(bool(value))
    if dtype.is_complex:
        part = dtypes.real_of(dtype)
        return _bits(dtype, _rounded(value.real, part), _rounded(value.imag, part))
    if isinstance(value, complex):
        raise TypeError(f"{function}: {value} does not fit {dtype.name}; use a complex type")
    if dtypes.is_kind(dtype, "integral"):
        low, high = dtypes.integer_range(dtype)
        if not low <= value <= high:
            raise OverflowError(f"{function}: {value} does not fit {dtype.name}, which holds {low} to {high}")
        # A narrow integer takes a whole word, with its sign.
        mask: int = 2 ** (8 * dtype.storage_bytes) - 1
        return int(value) & mask
    return _bits(dtype, _rounded(value, dtype))


def _bits(dtype: DType, *parts: float) -> int:
    return int.from_bytes(struct.pack("<" + dtype.format, *parts), "little")


def _rounded(value: float, dtype: DType) -> float:
    """``value``, or infinity where it exceeds what ``dtype`` holds, as when a float64 is converted."""
    if abs(value) > _LARGEST[dtype]:
        return math.inf if value > 0 else -math.inf
    return value
