"""The built-in kernels, registered through the hook that plugins use."""

from __future__ import annotations

from ..hookspecs import hookimpl
from .elementwise import ElementwiseKernel
from .first_nonzero import FirstNonzeroKernel
from .gauss_jordan import GaussJordanBlocked, GaussJordanRows, GaussJordanThread, GaussJordanWorkgroup
from .inverse_status import InverseStatusKernel
from .jacobi import JacobiLoadKernel, JacobiSweepKernel, PseudoInverseKernel, SingularValuesKernel
from .lu import LUDeterminant, LUSolve
from .matmul import MatMulDot, MatMulSmall, MatMulTiled
from .philox import PhiloxKernel
from .progression import ProgressionKernel
from .protocol import Kernel
from .reduce import ReduceColumns, ReduceRows
from .take import TakeKernel


@hookimpl
def webgpu_array_kernels() -> list[Kernel]:
    """Every built-in kernel, the preferred one of an operation first."""
    return [
        ElementwiseKernel(),
        ProgressionKernel(),
        TakeKernel(),
        ReduceColumns(),
        ReduceRows(),
        MatMulDot(),
        MatMulSmall(),
        MatMulTiled(),
        GaussJordanThread(),
        GaussJordanRows(),
        GaussJordanWorkgroup(),
        GaussJordanBlocked(),
        InverseStatusKernel(),
        LUSolve(),
        LUDeterminant(),
        FirstNonzeroKernel(),
        PhiloxKernel(),
        JacobiLoadKernel(),
        JacobiSweepKernel(),
        PseudoInverseKernel(),
        SingularValuesKernel(),
    ]
