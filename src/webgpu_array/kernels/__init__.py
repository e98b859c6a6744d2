"""The built-in kernels, registered through the hook that plugins use."""

from __future__ import annotations

from ..hookspecs import hookimpl
from .arg_extreme import ArgExtremeColumns, ArgExtremeRows
from .elementwise import ElementwiseKernel
from .fft import ChirpKernel, RealSpectrumKernel, StockhamKernel
from .first_nonzero import FirstNonzeroKernel
from .gauss_jordan import GaussJordanBlocked, GaussJordanRows, GaussJordanThread, GaussJordanWorkgroup
from .inverse_status import InverseStatusKernel
from .jacobi import JacobiLoadKernel, JacobiSweepKernel, PseudoInverseKernel, SingularValuesKernel
from .lu import LUDeterminant, LUInverse, LUSolve
from .matmul import MatMulDot, MatMulLarge, MatMulSmall, MatMulTiled
from .philox import PhiloxKernel
from .progression import ProgressionKernel
from .protocol import Kernel
from .radix_sort import RadixSort
from .reduce import ReduceColumns, ReduceRows
from .runs import CountRunsKernel, WriteRunsKernel
from .search import SearchKernel
from .sort_rows import SortRows
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
        MatMulLarge(),
        MatMulTiled(),
        GaussJordanThread(),
        GaussJordanRows(),
        GaussJordanWorkgroup(),
        GaussJordanBlocked(),
        InverseStatusKernel(),
        LUInverse(),
        LUSolve(),
        LUDeterminant(),
        FirstNonzeroKernel(),
        PhiloxKernel(),
        JacobiLoadKernel(),
        JacobiSweepKernel(),
        PseudoInverseKernel(),
        SingularValuesKernel(),
        StockhamKernel(),
        RealSpectrumKernel(),
        ChirpKernel(),
        SortRows(),
        RadixSort(),
        ArgExtremeColumns(),
        ArgExtremeRows(),
        SearchKernel(),
        CountRunsKernel(),
        WriteRunsKernel(),
    ]
