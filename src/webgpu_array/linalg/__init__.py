"""Linear algebra, after the standard's extension ``linalg``."""

from __future__ import annotations

from ..tuner.explanation import Explanation
from .choices import explain
from .eigen import EighResult, eigh, eigvalsh
from .factorizations import QRResult, cholesky, qr
from .inverse import InverseResult, inv, inv_ex, kernel_for
from .lapack import EigResult, eig, eigvals
from .norms import matrix_norm, vector_norm
from .products import (
    cross,
    diagonal,
    matmul,
    matrix_power,
    matrix_transpose,
    outer,
    tensordot,
    trace,
    vecdot,
)
from .singular import SVDResult, matrix_rank, pinv, svd, svdvals
from .solve import SlogdetResult, det, slogdet, solve

__all__ = [
    "EigResult",
    "EighResult",
    "Explanation",
    "InverseResult",
    "QRResult",
    "SVDResult",
    "SlogdetResult",
    "cholesky",
    "cross",
    "det",
    "diagonal",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "explain",
    "inv",
    "inv_ex",
    "kernel_for",
    "matmul",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "matrix_transpose",
    "outer",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "svd",
    "svdvals",
    "tensordot",
    "trace",
    "vecdot",
    "vector_norm",
]
