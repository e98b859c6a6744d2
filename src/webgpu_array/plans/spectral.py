"""Plans of what is computed by Jacobi rotations: singular values and vectors, eigenvalues and eigenvectors.

The plans of one decomposition share the operand ``columns``: (batch, n, height), a matrix of m rows by
columns, each followed, where vectors are wanted, by its column of the n x n matrix of all rotations so
far. ``JacobiLoad`` makes it, sweeps rotate it in place, and the others read the results out of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..dtypes import DType, int32, real_of
from .protocol import Batched, Spec, dense


@dataclass(frozen=True, slots=True)
class JacobiLoad(Batched):
    """Matrices as rotations take them: by columns, and scaled by the power of two in ``scale``.

    Of a Hermitian matrix the triangle below and on the diagonal stands for the whole. Matrices that are
    not finite become zero, and their scale NaN.
    """

    operation: ClassVar[str] = "jacobi_load"
    read_only: ClassVar[tuple[str, ...]] = ("x",)
    dtype: DType
    m: int
    n: int
    batch: int
    hermitian: bool
    vectors: bool

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            _columns(self.dtype, self.batch, self.m, self.n, self.vectors),
            dense("scale", real_of(self.dtype), self.batch),
            dense("x", self.dtype, self.batch, self.m, self.n),
        )


@dataclass(frozen=True, slots=True)
class JacobiSweeps(Batched):
    """Makes every two columns orthogonal, ``sweeps`` times.

    ``rotated`` is 0 for a matrix whose columns are orthogonal: it is left alone. It begins as 1.
    """

    operation: ClassVar[str] = "jacobi_sweeps"
    read_only: ClassVar[tuple[str, ...]] = ()
    dtype: DType
    m: int
    n: int
    batch: int
    vectors: bool
    sweeps: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            _columns(self.dtype, self.batch, self.m, self.n, self.vectors),
            dense("rotated", int32, self.batch),
        )


@dataclass(frozen=True, slots=True)
class HermitianSweeps(Batched):
    """Makes every element beside the diagonal of Hermitian matrices zero, ``sweeps`` times; ``rotated`` as above."""

    operation: ClassVar[str] = "hermitian_sweeps"
    read_only: ClassVar[tuple[str, ...]] = ()
    dtype: DType
    n: int
    batch: int
    vectors: bool
    sweeps: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            _columns(self.dtype, self.batch, self.n, self.n, self.vectors),
            dense("rotated", int32, self.batch),
        )


@dataclass(frozen=True, slots=True)
class SingularValues(Batched):
    """Singular values from orthogonal columns, the largest first."""

    operation: ClassVar[str] = "singular_values"
    read_only: ClassVar[tuple[str, ...]] = ("columns", "scale")
    dtype: DType
    m: int
    n: int
    batch: int
    vectors: bool

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            dense("values", real_of(self.dtype), self.batch, self.n),
            _columns(self.dtype, self.batch, self.m, self.n, self.vectors),
            dense("scale", real_of(self.dtype), self.batch),
        )


@dataclass(frozen=True, slots=True)
class SingularVectors(Batched):
    """Singular values and vectors from orthogonal columns: ``left`` has columns of U in its rows, ``right`` is Vh."""

    operation: ClassVar[str] = "singular_vectors"
    read_only: ClassVar[tuple[str, ...]] = ("columns", "scale")
    dtype: DType
    m: int
    n: int
    batch: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            dense("left", self.dtype, self.batch, self.n, self.m),
            dense("values", real_of(self.dtype), self.batch, self.n),
            dense("right", self.dtype, self.batch, self.n, self.n),
            _columns(self.dtype, self.batch, self.m, self.n, True),
            dense("scale", real_of(self.dtype), self.batch),
        )


@dataclass(frozen=True, slots=True)
class PseudoInverse(Batched):
    """Pseudoinverses from orthogonal columns."""

    operation: ClassVar[str] = "pseudoinverse"
    read_only: ClassVar[tuple[str, ...]] = ("columns", "scale", "rtol")
    dtype: DType
    m: int
    n: int
    batch: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        real = real_of(self.dtype)
        return (
            dense("out", self.dtype, self.batch, self.n, self.m),
            _columns(self.dtype, self.batch, self.m, self.n, True),
            dense("scale", real, self.batch),
            dense("rtol", real, self.batch),
        )


@dataclass(frozen=True, slots=True)
class HermitianValues(Batched):
    """Eigenvalues from diagonal matrices, the smallest first."""

    operation: ClassVar[str] = "hermitian_values"
    read_only: ClassVar[tuple[str, ...]] = ("columns", "scale")
    dtype: DType
    n: int
    batch: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            dense("values", real_of(self.dtype), self.batch, self.n),
            _columns(self.dtype, self.batch, self.n, self.n, False),
            dense("scale", real_of(self.dtype), self.batch),
        )


@dataclass(frozen=True, slots=True)
class HermitianVectors(Batched):
    """Eigenvalues from diagonal matrices, the smallest first, and the eigenvector of each in a row of ``vectors``."""

    operation: ClassVar[str] = "hermitian_vectors"
    read_only: ClassVar[tuple[str, ...]] = ("columns", "scale")
    dtype: DType
    n: int
    batch: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return (
            dense("values", real_of(self.dtype), self.batch, self.n),
            dense("vectors", self.dtype, self.batch, self.n, self.n),
            _columns(self.dtype, self.batch, self.n, self.n, True),
            dense("scale", real_of(self.dtype), self.batch),
        )


def height(m: int, n: int, vectors: bool) -> int:
    """Elements of a column: of the matrix, and of the rotations below it."""
    return m + n if vectors else m


def _columns(dtype: DType, batch: int, m: int, n: int, vectors: bool) -> Spec:
    return dense("columns", dtype, batch, n, height(m, n, vectors))
