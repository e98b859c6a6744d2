"""Discrete Fourier transforms, after the standard's extension ``fft``."""

from __future__ import annotations

from .complex_transforms import fft, fftn, ifft, ifftn
from .frequencies import fftfreq, fftshift, ifftshift, rfftfreq
from .real_transforms import hfft, ihfft, irfft, irfftn, rfft, rfftn

__all__ = [
    "fft",
    "fftfreq",
    "fftn",
    "fftshift",
    "hfft",
    "ifft",
    "ifftn",
    "ifftshift",
    "ihfft",
    "irfft",
    "irfftn",
    "rfft",
    "rfftfreq",
    "rfftn",
]
