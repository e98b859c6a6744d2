"""Random numbers, after ``numpy.random``: ``default_rng(seed)`` gives a ``Generator``."""

from __future__ import annotations

from .generator import Generator, default_rng

__all__ = ["Generator", "default_rng"]
