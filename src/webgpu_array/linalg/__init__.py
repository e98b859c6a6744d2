"""Linear algebra, after the standard's extension ``linalg``."""

from __future__ import annotations

from .inverse import InverseResult, inv, inv_ex, kernel_for
from .products import matmul, matrix_transpose, outer, tensordot, vecdot
from .solve import SlogdetResult, det, slogdet, solve
from .spectra import pinv, svdvals

__all__ = [
    "InverseResult",
    "SlogdetResult",
    "det",
    "inv",
    "inv_ex",
    "kernel_for",
    "matmul",
    "matrix_transpose",
    "outer",
    "pinv",
    "slogdet",
    "solve",
    "svdvals",
    "tensordot",
    "vecdot",
]
