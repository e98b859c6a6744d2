"""What every transform asks of its arguments."""

from __future__ import annotations

from collections.abc import Sequence

from .. import dtypes
from ..dtypes import DType
from ..ops.checks import check_tensor, checked_integer
from ..shapes import listed_axes, normalize_axis
from ..tensor import Tensor

_NORMS = ("backward", "ortho", "forward")


def check_floating(function: str, x: Tensor, kind: str = "floating-point") -> None:
    """Raises TypeError unless ``x`` is a tensor of a dtype of ``kind``."""
    check_tensor(function, x)
    if not dtypes.is_kind(x.dtype, kind):
        remedy = "take real(x)" if x.dtype.is_complex else "convert it with astype(x, float32)"
        raise TypeError(f"{function}: x must be {kind}, not {x.dtype.name}; {remedy}")


def check_norm(function: str, norm: str) -> None:
    """Raises ValueError for an unknown mode."""
    if norm not in _NORMS:
        raise ValueError(f"{function}: norm is {norm!r}; use 'backward', 'ortho' or 'forward'")


def checked_length(function: str, n: object) -> int:
    """``n`` as an integer. Raises TypeError for another type, ValueError below 1."""
    length = checked_integer(function, "n", n)
    if length < 1:
        raise ValueError(f"{function}: there are {length} elements to transform; use 1 or more")
    return length


def checked_axis(function: str, axis: int, x: Tensor) -> int:
    """``axis`` counted from the front. Raises IndexError naming the legal range."""
    return normalize_axis(function, axis, x.ndim, x.shape)


def checked_axes(
    function: str, x: Tensor, s: Sequence[int] | None, axes: Sequence[int] | None
) -> list[tuple[int, int | None]]:
    """Pairs of an axis, counted from the front, and its length in ``s``, None where that is to be taken from ``x``.

    Raises ValueError for ``s`` without ``axes``, for different lengths of them, and for an axis named twice,
    TypeError for what is no sequence.
    """
    lengths = None if s is None else _listed(function, "s", s)
    if axes is None:
        if lengths is not None:
            raise ValueError(f"{function}: s is {lengths} and axes is None; name the axes that s is for")
        return [(axis, None) for axis in range(x.ndim)]
    asked = _listed(function, "axes", axes)
    found = listed_axes(function, asked, x.shape)
    if lengths is None:
        return [(axis, None) for axis in found]
    if len(lengths) != len(found):
        raise ValueError(f"{function}: s {lengths} and axes {asked} have different lengths")
    return [(axis, None if n == -1 else n) for axis, n in zip(found, lengths, strict=True)]


def _listed(function: str, argument: str, value: Sequence[int]) -> tuple[int, ...]:
    try:
        return tuple(value)
    except TypeError:
        raise TypeError(f"{function}: {argument} must be a sequence of integers, not {value!r}") from None


def transform_dtype(x: Tensor) -> DType:
    """The complex type that ``x`` is transformed in."""
    return dtypes.complex_of(x.dtype)
