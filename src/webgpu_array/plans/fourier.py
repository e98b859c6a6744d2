"""Plans of discrete Fourier transforms, and how a length is factorized into passes and stages.

A transform of length n = n₁ n₂ … takes one pass over the data per factor; within a pass a workgroup holds whole
lines of length nᵢ and transforms each in stages of radix 2, 3, 4, 5 or 8. Both levels are Stockham's: what is
written is in order, and no step only permutes.

Source: C. Van Loan, "Computational Frameworks for the Fast Fourier Transform", SIAM (1992), sections 1.7 and 3.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from ..dtypes import DType, complex64, complex128, real_of
from .protocol import Part, Spec, Whole, dense, halves

Steps = tuple[int, int, int]

# Numbers that a workgroup holds: two copies of them fill the 16 KiB that every device has.
ELEMENTS = {complex64: 1024, complex128: 512}

# The longest line of several passes. Four such lines lie side by side in a workgroup, so that the
# elements of neighbouring lines, which are neighbours in memory, are read together.
_LONGEST_OF_MANY = {dtype: elements // 4 for dtype, elements in ELEMENTS.items()}


@cache
def prime_factors(n: int) -> tuple[int, ...]:
    """The prime factors of ``n``, each as often as it divides, the largest first."""
    found = []
    divisor = 2
    while divisor * divisor <= n:
        while n % divisor == 0:
            found.append(divisor)
            n //= divisor
        divisor += 1
    if n > 1:
        found.append(n)
    return tuple(reversed(found))


def is_smooth(n: int) -> bool:
    """Whether a transform of length ``n`` needs no other radices than 2, 3 and 5."""
    return all(prime <= 5 for prime in prime_factors(n))


@cache
def passes(dtype: DType, n: int) -> tuple[int, ...]:
    """The lengths of the lines of each pass over the data: as few and as equal as possible. Their product is ``n``."""
    if n <= ELEMENTS[dtype]:
        return (n,)
    count = 2
    while True:
        lengths = [1] * count
        for prime in prime_factors(n):
            lengths[lengths.index(min(lengths))] *= prime
        if max(lengths) <= _LONGEST_OF_MANY[dtype]:
            return tuple(sorted(lengths, reverse=True))
        count += 1


def stages(length: int) -> tuple[int, ...]:
    """The radices, 2 to 8, whose product is ``length``: powers of two as few and as equal as possible."""
    twos = prime_factors(length).count(2)
    count = -(-twos // 3)
    exponents = [twos // count + (i < twos % count) for i in range(count)] if count else []
    return (*(2**exponent for exponent in exponents), *(prime for prime in prime_factors(length) if prime > 2))


@dataclass(frozen=True, slots=True)
class RootsLayout:
    """Where the table of roots of unity for length n has what.

    The roots of order 2n are products of one among 2**shift neighbours, from ``fine`` on, and one of every
    2**shift-th, from ``coarse`` on: a few thousand numbers for millions of roots, at the price of one
    rounding. ``own`` is where the roots of each length of ``passes`` begin, which are all there.
    """

    own: tuple[tuple[int, int], ...]
    fine: int
    coarse: int
    shift: int
    size: int


@cache
def roots_layout(dtype: DType, n: int) -> RootsLayout:
    """The layout of the table for transforms of length ``n``, and for chirps of any length."""
    own: dict[int, int] = {}
    start = 0
    for length in passes(dtype, n) if is_smooth(n) else ():
        if length not in own:
            own[length] = start
            start += length
    shift = (2 * n).bit_length() // 2
    n_coarse = -(-2 * n >> shift)
    coarse = start + 2**shift
    return RootsLayout(tuple(own.items()), start, coarse, shift, coarse + n_coarse)


@dataclass(frozen=True, slots=True)
class FourierTransform:
    """``out[o, j, i] = scale · after[j] · Σₖ exp(∓2πi jk / n) · before[k] · x[o, k, i]``, for k, j < n.

    The exponent is positive where ``inverse``. x (outer, length, inner) is zero beyond its end, and out
    (outer, out_length, inner) is cut at its own. ``before`` (signal) and ``after`` (out_length) are left out where
    their flags say so. What x holds is said by ``reads``:

    - "complex" and "real" elements, of ``x_dtype``;
    - "pairs": real elements, of which 2k and 2k + 1 make one complex number;
    - "hermitian": the first elements of ``signal`` ones, of which the last mirror the first, conjugated;
    - "half_spectrum": n + 1 elements of such 2n ones, read so that the inverse transform makes pairs.

    ``writes`` is "complex", "real" (only real parts), or "pairs" (real elements 2j and 2j + 1).
    """

    operation: ClassVar[str] = "fourier_transform"
    read_only: ClassVar[tuple[str, ...]] = ("x", "roots", "before", "after")
    dtype: DType
    n: int
    inverse: bool
    reads: str
    writes: str
    x_dtype: DType
    signal: int
    length: int
    out_length: int
    outer: int
    inner: int
    x_steps: Steps
    out_steps: Steps
    before: bool = False
    after: bool = False

    @property
    def specs(self) -> tuple[Spec, ...]:
        out_dtype = self.dtype if self.writes == "complex" else real_of(self.dtype)
        factors = []
        if self.before:
            factors.append(dense("before", self.dtype, self.signal))
        if self.after:
            factors.append(dense("after", self.dtype, self.out_length))
        return (
            Spec("out", out_dtype, (self.outer, self.out_length, self.inner), self.out_steps),
            Spec("x", self.x_dtype, (self.outer, self.length, self.inner), self.x_steps),
            Spec("scale", real_of(self.dtype), (), None),
            dense("roots", self.dtype, roots_layout(self.dtype, self.n).size),
            *factors,
        )

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the outer axis, or else the inner one."""
        others = (0,) * (len(self.specs) - 2)
        if self.outer > 1:
            yield from halves(self, "outer", self.out_steps[0], self.x_steps[0], *others)
        elif self.inner > 1:
            yield from halves(self, "inner", self.out_steps[2], self.x_steps[2], *others)


@dataclass(frozen=True, slots=True)
class RealSpectrum:
    """The first n + 1 elements of the transform of 2n real numbers, from that of n pairs of them.

    With z = x[o, :, i] and w = exp(-πi / n): ``out[o, k, i] = scale/2 · (z[k] + z*[n-k] - i wᵏ (z[k] - z*[n-k]))``
    for k = 0 … n, where z[n] is z[0]. x: (outer, n, inner), contiguous.
    """

    operation: ClassVar[str] = "real_spectrum"
    read_only: ClassVar[tuple[str, ...]] = ("x", "roots")
    dtype: DType
    n: int
    outer: int
    inner: int
    out_steps: Steps

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            Spec("out", self.dtype, (self.outer, self.n + 1, self.inner), self.out_steps),
            dense("x", self.dtype, self.outer, self.n, self.inner),
            Spec("scale", real_of(self.dtype), (), None),
            dense("roots", self.dtype, roots_layout(self.dtype, self.n).size),
        )

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the outer axis."""
        if self.outer > 1:
            yield from halves(self, "outer", self.out_steps[0], self.n * self.inner, 0, 0)


@dataclass(frozen=True, slots=True)
class Chirp(Whole):
    """``out[k] = exp(∓πi k² / n)`` for k < count, positive where ``rising``.

    Where ``mirrored``, out is periodic and even: element count - k is element k, and those of k ≥ n are zero.
    """

    operation: ClassVar[str] = "chirp"
    read_only: ClassVar[tuple[str, ...]] = ("roots",)
    dtype: DType
    n: int
    count: int
    rising: bool
    mirrored: bool

    @property
    def specs(self) -> tuple[Spec, ...]:
        return dense("out", self.dtype, self.count), dense("roots", self.dtype, roots_layout(self.dtype, self.n).size)


def padded_length(n: int) -> int:
    """The length of the cyclic convolutions that make a transform of any length ``n``: a power of two ≥ 2n - 1."""
    return 1 << (2 * n - 2).bit_length()
