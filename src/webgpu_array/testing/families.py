"""Matrices on which inverses go wrong, as named families.

A family makes one matrix of a given order and says what must become of it. ``stack`` puts
one matrix of every family (and several of the random ones) into a single batch, so that
singular and non-finite matrices are the neighbours of regular ones.

Sources: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., ch. 9, 14
and 28 (growth, Kahan, randsvd, Hilbert, Vandermonde); L. N. Trefethen and D. Bau,
Numerical Linear Algebra, lecture 22 (the matrix named here after Wilkinson).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from .reference import Reference, reference

Array = NDArray[Any]
Make = Callable[[int, Generator], Array]

# Around every border between kernels, two larger ones, and the orders of the families of fixed order.
_BORDERS = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 34, 63, 64, 65, 66, 127, 128, 129, 130, 255, 256, 257, 258)
SIZES: tuple[int, ...] = tuple(sorted({*_BORDERS, 300, 513, *(10, 24)}))

# Around the limit of workgroups per dimension, and the orders that are inverted so often.
CROWDS = (1, 65_535, 65_536, 100_000)
CROWD_SIZES = (1, 2, 3, 4, 5)

# Up to this order a batch holds several draws of every family.
_SMALL = 34
_DRAWS = 4

# For orders that take a slow device long: what each of these shows, no other does.
_TELLING = ("randn", "NaN", "zero column", "randsvd 1e5", "graded rows", "near permutation", "RBF + 1e-5")


class Expect(Enum):
    """What must become of a matrix."""

    INVERSE = "its inverse; beyond n u κ₁ = 1 finite, or flagged"
    NEVER_SINGULAR = "its inverse, and info 0 however small rcond is"
    INVERSE_OR_FLAG = "its inverse, or flagged: subnormal numbers may be flushed to zero"
    FINITE_OR_FLAG = "finite, or flagged: elimination with partial pivoting fails"
    ZERO_PIVOT = "info is the step of the first zero pivot; NaN throughout, rcond 0"
    RANK_DEFICIENT = "a zero pivot, or an rcond of the size of a rounding error"
    NOT_FINITE = "NaN throughout, info 0, rcond NaN"


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """``make(n, rng)`` gives one float64 matrix of order ``n``.

    ``zero_pivot(n)`` is the step that ZERO_PIVOT expects. ``power_of_ten`` scales the matrix,
    per dtype. A family with ``sizes`` exists for these orders only.
    """

    name: str
    make: Make
    expect: Expect = Expect.INVERSE
    zero_pivot: Callable[[int], int] | None = None
    power_of_ten: Mapping[str, int] | None = None
    smallest: int = 1
    sizes: tuple[int, ...] | None = None

    @property
    def has_inverse(self) -> bool:
        """Whether the matrix is regular in exact arithmetic."""
        return self.expect not in (Expect.ZERO_PIVOT, Expect.RANK_DEFICIENT, Expect.NOT_FINITE)

    def exists(self, n: int) -> bool:
        """Whether there is a matrix of order ``n``."""
        return n >= self.smallest and (self.sizes is None or n in self.sizes)

    def matrix(self, n: int, dtype: Any, draw: int = 0) -> Array:
        """The matrix that a device gets: rounded to ``dtype``. The same one on every call."""
        dtype = np.dtype(dtype)
        a = self.make(n, np.random.default_rng([n, draw, *self.name.encode()]))
        if self.power_of_ten is not None:
            a = a * 10.0 ** self.power_of_ten[dtype.name]
        return a.astype(dtype)


@dataclass(frozen=True, eq=False)
class Batch:
    """``matrices``: (b, n, n); ``families``: the b families that they are from."""

    matrices: Array
    families: tuple[Family, ...]

    @property
    def n(self) -> int:
        return int(self.matrices.shape[-1])

    @cached_property
    def reference(self) -> Reference:
        """The inverses to compare with, computed on first use."""
        return reference(self.matrices, np.array([not family.has_inverse for family in self.families]))


@lru_cache(maxsize=4)
def stack(n: int, dtype_name: str, few: bool = False) -> Batch:
    """One batch of all families that exist for order ``n``, small ones in several draws; or of a telling few."""
    chosen = [family for family in FAMILIES if family.exists(n) and (not few or family.name in _TELLING)]
    draws = _DRAWS if n <= _SMALL else 1
    matrices = [family.matrix(n, dtype_name, draw) for draw in range(draws) for family in chosen]
    return Batch(np.stack(matrices), tuple(chosen) * draws)


@lru_cache(maxsize=1)
def crowd(n_matrices: int, n: int, dtype_name: str) -> Batch:
    """A batch of very many different matrices, a few singular or not finite ones among them."""
    rng = np.random.default_rng([n_matrices, n])
    matrices = rng.standard_normal((n_matrices, n, n)).astype(dtype_name)
    families = [_RANDN] * n_matrices
    for first, family in ((500, _ZERO_COLUMN), (501, _NAN)):
        # 1009 is prime: over the batch, these come to stand at every place of a workgroup.
        for i in range(first, n_matrices, 1009):
            matrices[i] = family.matrix(n, dtype_name)
            families[i] = family
    return Batch(matrices, tuple(families))


def randn(n: int, rng: Generator) -> Array:
    """Independent normal entries."""
    return rng.standard_normal((n, n))


def orthogonal(n: int, rng: Generator) -> Array:
    """The orthogonal factor of a normal matrix."""
    return np.linalg.qr(randn(n, rng))[0]


def toeplitz(n: int, rng: Generator) -> Array:
    """Constant along diagonals, with normal entries."""
    entries = rng.standard_normal(2 * n - 1)
    return np.asarray(entries[np.subtract.outer(np.arange(n), np.arange(n)) + n - 1])


def tridiagonal(n: int, rng: Generator) -> Array:
    """The second difference: 2 on the diagonal, -1 beside it."""
    return 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)


def randsvd(condition: float) -> Make:
    """Random singular vectors, singular values falling geometrically from 1 to 1/condition."""

    def make(n: int, rng: Generator) -> Array:
        values = condition ** -np.linspace(0, 1, n)
        return orthogonal(n, rng) * values @ orthogonal(n, rng)

    return make


def kahan(n: int, rng: Generator) -> Array:
    """Kahan's triangular matrix, its angle such that the condition is 10⁴ to 10⁵ at every order above 32."""
    c = min(0.36, 9 / n)
    s = np.sqrt(1 - c * c)
    return np.asarray(s ** np.arange(n)[:, None] * (np.eye(n) - c * np.triu(np.ones((n, n)), 1)))


def upper_triangular(n: int, rng: Generator) -> Array:
    """Random, with a diagonal in 1…2."""
    return np.asarray(np.triu(randn(n, rng), 1) / np.sqrt(n) + np.diag(rng.uniform(1, 2, n)))


def lower_triangular(n: int, rng: Generator) -> Array:
    """The transpose of ``upper_triangular``."""
    return upper_triangular(n, rng).T


def graded_rows(n: int, rng: Generator) -> Array:
    """Rows of falling size, 1 to 10⁻²⁰."""
    return 10 ** -np.linspace(0, 20, n)[:, None] * randn(n, rng)


def graded_columns(n: int, rng: Generator) -> Array:
    """Columns of falling size, 1 to 10⁻²⁰."""
    return 10 ** -np.linspace(0, 20, n) * randn(n, rng)


def near_permutation(n: int, rng: Generator) -> Array:
    """A random permutation, plus 10⁻⁶ times normal entries: every pivot lies off the diagonal."""
    return np.asarray(np.eye(n)[rng.permutation(n)] + 1e-6 * randn(n, rng))


def rbf(jitter: float) -> Make:
    """Gaussian kernel matrix of random points of the unit square, ``jitter`` added to the diagonal."""

    def make(n: int, rng: Generator) -> Array:
        points = rng.uniform(size=(n, 2))
        squares = ((points[:, None] - points) ** 2).sum(axis=-1)
        return np.asarray(np.exp(-squares / 0.5) + jitter * np.eye(n))

    return make


def covariance(samples_per_feature: float) -> Make:
    """Sample covariance of correlated features whose scales span two decades."""

    def make(n: int, rng: Generator) -> Array:
        n_samples = int(samples_per_feature * n) + 2
        scales = 10 ** np.linspace(0, 2, n)
        x = rng.standard_normal((n_samples, n)) * scales + rng.standard_normal((n_samples, 1))
        x -= x.mean(axis=0)
        return np.asarray(x.T @ x / (n_samples - 1))

    return make


def hilbert(n: int, rng: Generator) -> Array:
    """1 / (i + j - 1)."""
    i = np.arange(1, n + 1)
    return 1 / (i[:, None] + i - 1)


def vandermonde(n: int, rng: Generator) -> Array:
    """Powers of points spaced evenly in 0…1."""
    return np.vander(np.linspace(0, 1, n))


def wilkinson(n: int, rng: Generator) -> Array:
    """Partial pivoting doubles the last column at every step: exact in float32 up to order 24."""
    a = np.eye(n) - np.tril(np.ones((n, n)), -1)
    a[:, -1] = 1
    return a


def zero_leading_pivot(n: int, rng: Generator) -> Array:
    """Normal entries but for a zero at the top left."""
    a = randn(n, rng)
    a[0, 0] = 0
    return a


def ones(n: int, rng: Generator) -> Array:
    """Rank one: the second pivot is zero, without a rounding error on the way."""
    return np.ones((n, n))


def duplicated_row(n: int, rng: Generator) -> Array:
    """Normal entries, the last row equal to the first. Elimination may leave a rounding error there."""
    a = randn(n, rng)
    a[-1] = a[0]
    return a


def zero_column(n: int, rng: Generator) -> Array:
    """Normal entries, the middle column zero."""
    a = randn(n, rng)
    a[:, n // 2] = 0
    return a


def holding(value: float) -> Make:
    """Normal entries, one of them replaced by ``value``."""

    def make(n: int, rng: Generator) -> Array:
        a = randn(n, rng)
        a[rng.integers(n), rng.integers(n)] = value
        return a

    return make


def nan_corner(n: int, rng: Generator) -> Array:
    """NaN in the last element only, which elimination reaches last."""
    a = randn(n, rng)
    a[-1, -1] = np.nan
    return a


_RANDN = Family("randn", randn)
_NAN = Family("NaN", holding(np.nan), Expect.NOT_FINITE)
_ZERO_COLUMN = Family("zero column", zero_column, Expect.ZERO_PIVOT, zero_pivot=lambda n: n // 2 + 1)

# Matrices that elimination cannot finish stand between ordinary ones on purpose.
FAMILIES: tuple[Family, ...] = (
    _RANDN,
    _NAN,
    Family("orthogonal", orthogonal),
    _ZERO_COLUMN,
    Family("Toeplitz", toeplitz),
    Family("Inf", holding(np.inf), Expect.NOT_FINITE),
    Family("tridiagonal", tridiagonal),
    Family("ones", ones, Expect.ZERO_PIVOT, zero_pivot=lambda n: 2, smallest=2),
    Family("randsvd 1e3", randsvd(1e3)),
    Family("duplicated row", duplicated_row, Expect.RANK_DEFICIENT, smallest=2),
    Family("randsvd 1e5", randsvd(1e5)),
    Family("-Inf", holding(-np.inf), Expect.NOT_FINITE),
    Family("randsvd 1e6", randsvd(1e6)),
    Family("NaN in the corner", nan_corner, Expect.NOT_FINITE),
    Family("Kahan", kahan),
    Family("upper triangular", upper_triangular),
    Family("lower triangular", lower_triangular),
    Family("graded rows", graded_rows, Expect.NEVER_SINGULAR),
    Family("graded columns", graded_columns, Expect.NEVER_SINGULAR),
    Family("near permutation", near_permutation),
    Family("RBF + 1e-3", rbf(1e-3)),
    Family("RBF + 1e-5", rbf(1e-5)),
    Family("covariance", covariance(4)),
    Family("covariance of few samples", covariance(1.1)),
    Family("near overflow", randn, power_of_ten={"float32": 30, "float64": 280}),
    Family("near underflow", randn, power_of_ten={"float32": -30, "float64": -280}),
    Family("subnormal", randn, Expect.INVERSE_OR_FLAG, power_of_ten={"float32": -39, "float64": -309}),
    Family("zero leading pivot", zero_leading_pivot, smallest=2),
    Family("Hilbert", hilbert, sizes=(8,)),
    Family("Vandermonde", vandermonde, sizes=(10,)),
    Family("Wilkinson 24", wilkinson, sizes=(24,)),
    Family("Wilkinson 128", wilkinson, Expect.FINITE_OR_FLAG, sizes=(128,)),
)
