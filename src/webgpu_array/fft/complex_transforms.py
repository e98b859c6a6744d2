"""Transforms between complex numbers. Real arguments count as complex ones with imaginary parts 0.

Relative errors in the 2-norm, of up to a million normally distributed elements: in float32 below 2.5e-7 where
the length is 2ᵃ3ᵇ5ᶜ, and below 5e-7 where it is not; in float64 below 6e-16 and 1.5e-15.

Source: https://data-apis.org/array-api/2025.12/extensions/fourier_transform_functions.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ..ops.creation import zeros
from ..ops.elementwise import astype
from ..ops.manipulation import cut_axis
from ..tensor import Tensor, allocate
from .checks import check_floating, check_norm, checked_axes, checked_axis, checked_length, transform_dtype
from .lines import Job, scale_of, three_axes, transform

Norm = Literal["backward", "ortho", "forward"]


def fft(x: Tensor, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Tensor:
    """The discrete Fourier transform along ``axis``: out[j] = Σₖ x[k] exp(-2πi jk / n).

    x: (..., M, ...) floating-point, cut or filled up with zeros to ``n`` elements (None: M). Returns (..., n, ...)
    of the complex type with x's precision. ``norm`` "forward" divides by n, "ortho" by √n.

    Raises TypeError for other dtypes, IndexError for an axis out of range, ValueError for n below 1 and another
    norm. Does not wait.
    """
    return one_axis("fft", x, n, axis, norm, inverse=False)


def ifft(x: Tensor, /, *, n: int | None = None, axis: int = -1, norm: Norm = "backward") -> Tensor:
    """The inverse of ``fft``: out[k] = 1/n Σⱼ x[j] exp(2πi jk / n).

    Arguments, result and errors as for ``fft``; it is ``norm`` "backward" that divides by n here.
    """
    return one_axis("ifft", x, n, axis, norm, inverse=True)


def fftn(
    x: Tensor, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Norm = "backward"
) -> Tensor:
    """``fft`` along each of ``axes`` (None: all), which ``s`` gives lengths; -1 among them takes that of ``x``.

    Raises as ``fft`` does, and ValueError for ``s`` without ``axes`` and for an axis named twice. Does not wait.
    """
    return several_axes("fftn", x, s, axes, norm, inverse=False)


def ifftn(
    x: Tensor, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: Norm = "backward"
) -> Tensor:
    """``ifft`` along each of ``axes`` (None: all). Arguments and errors as for ``fftn``. Does not wait."""
    return several_axes("ifftn", x, s, axes, norm, inverse=True)


def several_axes(
    function: str, x: Tensor, s: Sequence[int] | None, axes: Sequence[int] | None, norm: str, *, inverse: bool
) -> Tensor:
    """Transforms along one axis after the other."""
    check_floating(function, x)
    check_norm(function, norm)
    out = x
    for axis, n in checked_axes(function, x, s, axes):
        out = one_axis(function, out, n, axis, norm, inverse=inverse)
    return astype(out, transform_dtype(x)) if out is x else out


def one_axis(function: str, x: Tensor, n: int | None, axis: int, norm: str, *, inverse: bool) -> Tensor:
    """The transform of ``n`` elements along ``axis``."""
    check_floating(function, x)
    check_norm(function, norm)
    at = checked_axis(function, axis, x)
    length = checked_length(function, x.shape[at] if n is None else n)
    dtype = transform_dtype(x)
    shape = (*x.shape[:at], length, *x.shape[at + 1 :])
    if x.size == 0:
        return zeros(shape, dtype=dtype, device=x.device)
    out = allocate(shape, dtype, x.device)
    trimmed = cut_axis(x, at, 0, min(x.shape[at], length))
    reads = "complex" if x.dtype.is_complex else "real"
    job = Job(dtype, length, inverse, reads, scale_of(norm, length, inverse=inverse), signal=length)
    transform(three_axes(trimmed, at), three_axes(out, at), job)
    return out
