"""What functions ask of their tensors, one helper per question: axes, devices, dtypes."""

from __future__ import annotations

import operator

from .. import dtypes
from ..dtypes import DType
from ..tensor import Tensor


def check_tensor(function: str, x: object, argument: str = "x") -> None:
    """Raises TypeError unless ``x`` is a tensor."""
    if not isinstance(x, Tensor):
        raise TypeError(f"{function}: {argument} must be a tensor, not {type(x).__name__}; convert it with asarray()")


def check_two_axes(function: str, x: Tensor, argument: str = "x", axes: str = "M, N") -> None:
    """Raises ValueError, naming the last two ``axes``, unless ``x`` has them."""
    if x.ndim < 2:
        raise ValueError(f"{function}: {argument} must have shape (..., {axes}), not {x.shape}")


def checked_integer(function: str, argument: str, value: object) -> int:
    """``value`` as a Python integer. Raises TypeError for another type."""
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{function}: {argument} must be an integer, not {value!r}") from None


def check_same_device(function: str, first: Tensor, *others: Tensor) -> None:
    """Raises ValueError unless all lie on one device."""
    for x in others:
        if x.device is not first.device:
            raise ValueError(f"{function}: arguments are on {first.device} and {x.device}; move one with to_device()")


def common_dtype(function: str, first: Tensor, *others: Tensor) -> DType:
    """The dtype that all promote to. Raises TypeError where there is none."""
    dtype = first.dtype
    try:
        for x in others:
            dtype = dtypes.promote(dtype, x.dtype)
    except TypeError as error:
        raise TypeError(f"{function}: {error}") from None
    return dtype
