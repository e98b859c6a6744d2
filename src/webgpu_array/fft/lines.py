"""Transforms along one axis: of lengths 2ᵃ3ᵇ5ᶜ as they are, of any other as a convolution.

A tensor is seen with three axes here: (outer, along, inner), where ``along`` is transformed.

Source of the convolution: L. Bluestein, "A linear filtering approach to the computation of discrete Fourier
transform", IEEE Trans. Audio Electroacoust. 18 (1970), https://doi.org/10.1109/TAU.1970.1162132
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..dtypes import DType, real_of
from ..execute import copy, run
from ..ops.manipulation import cut_axis, duplicate
from ..ops.scalars import scalar_word
from ..plans.fourier import FourierTransform, RealSpectrum, is_smooth, padded_length
from ..shapes import collapse, extent
from ..tensor import Tensor, allocate
from . import tables

# One binding must hold the numbers and the bytes before them, down to a legal offset.
_ALIGNMENT = 256


@dataclass(frozen=True, slots=True)
class Job:
    """A transform of ``n`` complex numbers, with fields as in ``plans.fourier.FourierTransform``.

    Of a ``reads`` "pairs", ``writes`` may also be "half_spectrum": n + 1 elements of that of the real numbers.
    """

    dtype: DType
    n: int
    inverse: bool
    reads: str
    scale: float
    signal: int
    writes: str = "complex"


def three_axes(x: Tensor, axis: int) -> Tensor:
    """``x`` as (outer, along, inner): a view where its strides allow one, or else a contiguous copy."""
    before, (outer_steps,) = collapse(x.shape[:axis], x.strides[:axis])
    after, (inner_steps,) = collapse(x.shape[axis + 1 :], x.strides[axis + 1 :])
    if max(len(before), len(after)) > 1:
        return three_axes(duplicate(x), axis)
    outer, outer_step = (before[0], outer_steps[0]) if before else (1, 0)
    inner, inner_step = (after[0], inner_steps[0]) if after else (1, 0)
    return x.view((outer, x.shape[axis], inner), (outer_step, x.strides[axis], inner_step))


def transform(x: Tensor, out: Tensor, job: Job) -> None:
    """Carries out ``job`` along the middle axes of ``x`` and ``out``, in parts where one binding cannot hold them."""
    outer, _, inner = out.shape
    length = job.n if is_smooth(job.n) else padded_length(job.n)
    limit = out.device.limits["max-storage-buffer-binding-size"] - _ALIGNMENT
    if outer * inner > 1 and outer * inner * length * job.dtype.storage_bytes > limit:
        axis = 0 if outer > 1 else 2
        middle, end = out.shape[axis] // 2, out.shape[axis]
        for start, stop in ((0, middle), (middle, end)):
            transform(cut_axis(x, axis, start, stop), cut_axis(out, axis, start, stop), job)
        return
    if _reach(x) > limit:
        x = duplicate(x)
    gathered = out if _reach(out) <= limit else allocate(out.shape, out.dtype, out.device)
    if job.writes == "half_spectrum":
        _pair_up(x, gathered, job)
    elif is_smooth(job.n):
        _launch(x, gathered, job)
    else:
        _convolve(x, gathered, job)
    if gathered is not out:
        copy(gathered, out)


def _reach(x: Tensor) -> int:
    """Bytes from the first element of ``x`` to the last, whatever is between."""
    low, high = extent(x.shape, x.strides)
    return (high - low + 1) * x.dtype.storage_bytes


def _pair_up(x: Tensor, out: Tensor, job: Job) -> None:
    """The spectrum of 2n real numbers from the transform of n complex ones."""
    outer, _, inner = out.shape
    pairs = allocate((outer, job.n, inner), job.dtype, out.device)
    _launch(x, pairs, replace(job, writes="complex", scale=1.0))
    word = scalar_word("rfft", job.scale, real_of(job.dtype))
    table = tables.roots(job.n, job.dtype, out.device)
    run(RealSpectrum(job.dtype, job.n, outer, inner, _steps(out)), (out, pairs, word, table), out.device)


def _convolve(x: Tensor, out: Tensor, job: Job) -> None:
    """A transform of any length n: with jk = (j² + k² - (j - k)²) / 2 it is a convolution with a chirp.

    The convolution is cyclic, of a length m ≥ 2n - 1 whose transforms are easy: one of ``x`` times the chirp,
    and the inverse one of its product with the filter's spectrum, again times the chirp.
    """
    n, m = job.n, padded_length(job.n)
    outer, _, inner = out.shape
    chirp = tables.chirp(n, n, job.dtype, out.device, rising=job.inverse, mirrored=False)
    between = allocate((outer, m, inner), job.dtype, out.device)
    forward = replace(job, n=m, inverse=False, scale=1.0, writes="complex")
    _launch(x, between, forward, before=chirp, after=_filter_spectrum(job, m, out))
    back = replace(job, n=m, inverse=True, reads="complex", scale=job.scale / m, signal=m)
    _launch(between, out, back, after=chirp)


def _filter_spectrum(job: Job, m: int, out: Tensor) -> Tensor:
    """The transform of the chirp that a transform of length ``job.n`` is convolved with."""

    def make() -> Tensor:
        chirp = tables.chirp(job.n, m, job.dtype, out.device, rising=not job.inverse, mirrored=True)
        spectrum = allocate((m,), job.dtype, out.device)
        forward = Job(job.dtype, m, inverse=False, reads="complex", scale=1.0, signal=m)
        transform(three_axes(chirp, 0), three_axes(spectrum, 0), forward)
        return spectrum

    return tables.kept(("filter", job.dtype, job.n, job.inverse), m, job.dtype, out.device, make)


def _launch(x: Tensor, out: Tensor, job: Job, before: Tensor | None = None, after: Tensor | None = None) -> None:
    """Runs one plan, with the factors that its elements are multiplied by on the way in and out."""
    outer, out_length, inner = out.shape
    plan = FourierTransform(
        dtype=job.dtype,
        n=job.n,
        inverse=job.inverse,
        reads=job.reads,
        writes=job.writes,
        x_dtype=x.dtype,
        signal=job.signal,
        length=x.shape[1],
        out_length=out_length,
        outer=outer,
        inner=inner,
        x_steps=_steps(x),
        out_steps=_steps(out),
        before=before is not None,
        after=after is not None,
    )
    word = scalar_word("fft", job.scale, real_of(job.dtype))
    factors = [factor for factor in (before, after) if factor is not None]
    run(plan, (out, x, word, tables.roots(job.n, job.dtype, out.device), *factors), out.device)


def _steps(x: Tensor) -> tuple[int, int, int]:
    outer, along, inner = x.strides
    return outer, along, inner


def scale_of(norm: str, n: int, *, inverse: bool) -> float:
    """What the sum over ``n`` elements is multiplied by."""
    if norm == "ortho":
        return 1 / math.sqrt(n)
    return 1 / n if (norm == "forward") != inverse else 1.0
