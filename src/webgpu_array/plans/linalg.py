"""Plans of linear algebra: products, factorizations, and what is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ..dtypes import DType, int32, real_of, uint32
from .protocol import Batched, Part, Spec, Whole, dense, halves


@dataclass(frozen=True, slots=True)
class MatMul:
    """``out[b] = x1[b] @ x2[b]``: (batch, m, k) by (batch, k, n), with steps (batch, row, column)."""

    operation: ClassVar[str] = "matmul"
    read_only: ClassVar[tuple[str, ...]] = ("x1", "x2")
    dtype: DType
    batch: int
    m: int
    n: int
    k: int
    out_steps: tuple[int, int, int]
    x1_steps: tuple[int, int, int]
    x2_steps: tuple[int, int, int]

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            Spec("out", self.dtype, (self.batch, self.m, self.n), self.out_steps),
            Spec("x1", self.dtype, (self.batch, self.m, self.k), self.x1_steps),
            Spec("x2", self.dtype, (self.batch, self.k, self.n), self.x2_steps),
        )

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the batch; or else the rows of x1, or the columns of x2, whichever is the larger operand."""
        _, x1, x2 = self.specs
        if self.batch > 1:
            yield from halves(self, "batch", self.out_steps[0], self.x1_steps[0], self.x2_steps[0])
        elif self.m > 1 and (self.n == 1 or x1.nbytes >= x2.nbytes):
            yield from halves(self, "m", self.out_steps[1], self.x1_steps[1], 0)
        elif self.n > 1:
            yield from halves(self, "n", self.out_steps[2], 0, self.x2_steps[2])


@dataclass(frozen=True, slots=True)
class Inverse(Batched):
    """Inverses of ``batch`` matrices of order ``n``, with info and rcond for each.

    ``info`` is 0, or the 1-based step at which elimination met a zero pivot; that matrix's
    inverse is then NaN and its rcond 0. ``rcond`` is 1 / (‖A‖₁ ‖A⁻¹‖₁), NaN for a matrix that
    holds NaN or Inf, whose inverse is NaN throughout. With ``flags_only`` there are instead three words for
    the batch, ``flagged``. Where some info is not 0 or some rcond is below the dtype's epsilon the first becomes 1; the
    others then are, of a batch of one, its info and the bits of its rcond as float32. Else they stay.
    """

    operation: ClassVar[str] = "inverse"
    read_only: ClassVar[tuple[str, ...]] = ("x",)
    dtype: DType
    n: int
    batch: int
    flags_only: bool = False

    def __str__(self) -> str:
        """As messages name it."""
        what = "a matrix" if self.batch == 1 else f"{self.batch:,} matrices"
        return f"the inverse of {what} of order {self.n:,}, {self.dtype.name},"

    @property
    def specs(self) -> tuple[Spec, ...]:
        each = (dense("info", int32, self.batch), dense("rcond", real_of(self.dtype), self.batch))
        return (
            dense("inverse", self.dtype, self.batch, self.n, self.n),
            *((dense("flagged", uint32, 1, 3),) if self.flags_only else each),
            dense("x", self.dtype, self.batch, self.n, self.n),
        )


@dataclass(frozen=True, slots=True)
class PositiveInverse(Batched):
    """``Inverse`` of Hermitian positive definite matrices, of which the lower triangle is read.

    ``info`` is 0, or the order of the first leading minor that is not positive. The rest is as there.
    """

    operation: ClassVar[str] = "positive_inverse"
    read_only: ClassVar[tuple[str, ...]] = ("x",)
    dtype: DType
    n: int
    batch: int
    flags_only: bool = False

    @property
    def specs(self) -> tuple[Spec, ...]:
        return Inverse(self.dtype, self.n, self.batch, self.flags_only).specs


@dataclass(frozen=True, slots=True)
class InverseRefinement(Batched):
    """``inverse[b] += inverse[b] (I - x[b] inverse[b])`` in place, the difference summed in twice the precision.

    An inverse stays as it is where the step is not small beside it, or is NaN. Of ``hermitian`` matrices only the lower triangle is
    read, and inverses that are exactly Hermitian remain so.
    """

    operation: ClassVar[str] = "inverse_refinement"
    read_only: ClassVar[tuple[str, ...]] = ("x",)
    dtype: DType
    n: int
    batch: int
    hermitian: bool = False

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            dense("inverse", self.dtype, self.batch, self.n, self.n),
            dense("x", self.dtype, self.batch, self.n, self.n),
        )


@dataclass(frozen=True, slots=True)
class InverseStatus(Whole):
    """The status record of a batch: what ``inv`` reads to raise or to warn.

    ``status`` is four words: index of the first singular matrix (all ones: none), its info,
    index of the matrix of the smallest rcond, and that rcond's bits as float32.
    """

    operation: ClassVar[str] = "inverse_status"
    read_only: ClassVar[tuple[str, ...]] = ("info", "rcond")
    dtype: DType
    batch: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            dense("status", int32, 4),
            dense("info", int32, self.batch),
            dense("rcond", real_of(self.dtype), self.batch),
        )


@dataclass(frozen=True, slots=True)
class Solve(Batched):
    """``out[b] = x1[b]⁻¹ x2[b]`` for x1 (batch, n, n), x2 (batch, n, n_rhs); ``info`` as in Inverse."""

    operation: ClassVar[str] = "solve"
    read_only: ClassVar[tuple[str, ...]] = ("x1", "x2")
    dtype: DType
    n: int
    n_rhs: int
    batch: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            dense("out", self.dtype, self.batch, self.n, self.n_rhs),
            dense("info", int32, self.batch),
            dense("x1", self.dtype, self.batch, self.n, self.n),
            dense("x2", self.dtype, self.batch, self.n, self.n_rhs),
        )


@dataclass(frozen=True, slots=True)
class Determinant(Batched):
    """Determinants of (batch, n, n): ``det``, and as ``sign`` and ``logabsdet``, which cannot overflow."""

    operation: ClassVar[str] = "determinant"
    read_only: ClassVar[tuple[str, ...]] = ("x",)
    dtype: DType
    n: int
    batch: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            dense("det", self.dtype, self.batch),
            dense("sign", self.dtype, self.batch),
            dense("logabsdet", real_of(self.dtype), self.batch),
            dense("x", self.dtype, self.batch, self.n, self.n),
        )


@dataclass(frozen=True, slots=True)
class Cholesky(Batched):
    """Triangular factors of ``batch`` Hermitian matrices of order ``n``, of which one triangle is read.

    ``info`` is 0, or the order of the first leading minor that is not positive.
    """

    operation: ClassVar[str] = "cholesky"
    read_only: ClassVar[tuple[str, ...]] = ("x",)
    dtype: DType
    n: int
    batch: int
    upper: bool

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            dense("out", self.dtype, self.batch, self.n, self.n),
            dense("info", int32, self.batch),
            dense("x", self.dtype, self.batch, self.n, self.n),
        )


@dataclass(frozen=True, slots=True)
class QR(Batched):
    """x (batch, m, n) as q of orthonormal columns times an upper triangular r.

    q is (batch, m, k) and r (batch, k, n) with k = min(m, n), or m where ``complete``.
    """

    operation: ClassVar[str] = "qr"
    read_only: ClassVar[tuple[str, ...]] = ("x",)
    dtype: DType
    m: int
    n: int
    batch: int
    complete: bool

    @property
    def k(self) -> int:
        """Columns of q, rows of r."""
        return self.m if self.complete else min(self.m, self.n)

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            dense("q", self.dtype, self.batch, self.m, self.k),
            dense("r", self.dtype, self.batch, self.k, self.n),
            dense("x", self.dtype, self.batch, self.m, self.n),
        )
