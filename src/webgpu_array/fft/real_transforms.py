"""Transforms between real numbers and the first half of their spectrum, whose second half mirrors it.

An even number of real elements is transformed as half as many complex ones. None of the functions waits.

Source: https://data-apis.org/array-api/2025.12/extensions/fourier_transform_functions.html
"""

from __future__ import annotations

from collections.abc import Sequence

from ..dtypes import real_of
from ..ops.creation import zeros
from ..ops.elementwise import astype, conj
from ..ops.manipulation import cut_axis
from ..plans.fourier import is_smooth
from ..tensor import Tensor, allocate
from .checks import check_floating, check_norm, checked_axes, checked_axis, checked_length, transform_dtype
from .complex_transforms import Norm, one_axis
from .lines import Job, scale_of, three_axes, transform

# The norm of the transform in the other direction that scales alike.
_OPPOSITE: dict[str, Norm] = {"backward": "forward", "ortho": "ortho", "forward": "backward"}


def rfft(x: Tensor, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Tensor:
    """The first n // 2 + 1 elements of ``fft`` of real numbers, from which the others follow.

    x: (..., M, ...) real floating, cut or filled up with zeros to ``n`` elements (None: M). Returns
    (..., n // 2 + 1, ...) of the complex type with x's precision.

    Raises TypeError for other dtypes, IndexError for an axis out of range, ValueError for n below 1 and another
    norm. Does not wait.
    """
    return _to_spectrum("rfft", x, n, axis, norm)


def irfft(x: Tensor, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Tensor:
    """The inverse of ``rfft``: ``n`` real numbers from the first n // 2 + 1 elements of their spectrum.

    x: (..., M, ...) floating-point, cut or filled up with zeros to n // 2 + 1 elements; for None n is 2 (M - 1).
    The imaginary parts of element 0, and of element n / 2, are ignored. Returns (..., n, ...) of the
    real type with x's precision. Errors as for ``rfft``. Does not wait.
    """
    return _from_spectrum("irfft", x, n, axis, norm)


def rfftn(
    x: Tensor, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Norm = "backward"
) -> Tensor:
    """``rfft`` along the last of ``axes`` (None: all), then ``fft`` along the others; ``s`` gives their lengths.

    Raises as ``fftn`` does, TypeError unless x is real floating, and ValueError where there is no axis. Does not wait.
    """
    check_floating("rfftn", x, "real floating")
    check_norm("rfftn", norm)
    *others, (last, n) = _at_least_one("rfftn", x, s, axes)
    out = _to_spectrum("rfftn", x, n, last, norm)
    for axis, length in others:
        out = one_axis("rfftn", out, length, axis, norm, inverse=False)
    return out


def irfftn(
    x: Tensor, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Norm = "backward"
) -> Tensor:
    """The inverse of ``rfftn``: ``ifft`` along all ``axes`` but the last, then ``irfft`` along that one.

    ``s`` gives the lengths of the result. Raises as ``rfftn`` does, for any floating-point x. Does not wait.
    """
    check_floating("irfftn", x)
    check_norm("irfftn", norm)
    *others, (last, n) = _at_least_one("irfftn", x, s, axes)
    out = x
    for axis, length in others:
        out = one_axis("irfftn", out, length, axis, norm, inverse=True)
    return _from_spectrum("irfftn", out, n, last, norm)


def hfft(x: Tensor, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Tensor:
    """``fft`` of a signal with Hermitian symmetry, whose spectrum is real.

    x: (..., M, ...) floating-point, the first n // 2 + 1 elements of the signal; for None n is 2 (M - 1). Returns
    (..., n, ...) of the real type with x's precision. Errors as for ``rfft``. Does not wait.
    """
    check_floating("hfft", x)
    check_norm("hfft", norm)
    return _from_spectrum("hfft", conj(x), n, axis, _OPPOSITE[norm])


def ihfft(x: Tensor, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Tensor:
    """The inverse of ``hfft``: the first n // 2 + 1 elements of the signal with the real spectrum ``x``.

    Arguments, result and errors as for ``rfft``.
    """
    check_norm("ihfft", norm)
    return conj(_to_spectrum("ihfft", x, n, axis, _OPPOSITE[norm]))


def _at_least_one(
    function: str, x: Tensor, s: Sequence[int] | None, axes: Sequence[int] | None
) -> list[tuple[int, int | None]]:
    found = checked_axes(function, x, s, axes)
    if not found:
        raise ValueError(f"{function}: there is no axis to transform: x has shape {x.shape}, axes is {axes}; use one or more")
    return found


def _to_spectrum(function: str, x: Tensor, n: int | None, axis: int, norm: str) -> Tensor:
    check_floating(function, x, "real floating")
    check_norm(function, norm)
    at = checked_axis(function, axis, x)
    length = checked_length(function, x.shape[at] if n is None else n)
    dtype = transform_dtype(x)
    shape = (*x.shape[:at], length // 2 + 1, *x.shape[at + 1 :])
    if x.size == 0:
        return zeros(shape, dtype=dtype, device=x.device)
    out = allocate(shape, dtype, x.device)
    trimmed = cut_axis(x, at, 0, min(x.shape[at], length))
    half = length // 2
    scale = scale_of(norm, length, inverse=False)
    if length % 2 == 0 and is_smooth(half):
        job = Job(dtype, half, inverse=False, reads="pairs", scale=scale, signal=half, writes="half_spectrum")
    else:
        job = Job(dtype, length, inverse=False, reads="real", scale=scale, signal=length)
    transform(three_axes(trimmed, at), three_axes(out, at), job)
    return out


def _from_spectrum(function: str, x: Tensor, n: int | None, axis: int, norm: str) -> Tensor:
    check_floating(function, x)
    check_norm(function, norm)
    at = checked_axis(function, axis, x)
    length = checked_length(function, 2 * (x.shape[at] - 1) if n is None else n)
    dtype = transform_dtype(x)
    shape = (*x.shape[:at], length, *x.shape[at + 1 :])
    if x.size == 0:
        return zeros(shape, dtype=real_of(dtype), device=x.device)
    out = allocate(shape, real_of(dtype), x.device)
    trimmed = cut_axis(astype(x, dtype, copy=False), at, 0, min(x.shape[at], length // 2 + 1))
    half = length // 2
    scale = scale_of(norm, length, inverse=True)
    if length % 2 == 0 and is_smooth(half):
        job = Job(dtype, half, inverse=True, reads="half_spectrum", scale=scale, signal=half, writes="pairs")
    else:
        job = Job(dtype, length, inverse=True, reads="hermitian", scale=scale, signal=length, writes="real")
    transform(three_axes(trimmed, at), three_axes(out, at), job)
    return out
