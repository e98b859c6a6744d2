"""The built-in kernels, registered through the hook that plugins use."""

from __future__ import annotations

from ..hookspecs import hookimpl
from .arg_extreme import ArgExtremeColumns, ArgExtremeRows
from .cholesky import CholeskyBlocked, CholeskySmall
from .cholesky_inverse import SymmetricSweep, SymmetricSweepBlocked
from .compact import CompactKernel, CountFlagsKernel
from .elementwise import ElementwiseKernel
from .fft import ChirpKernel, RealSpectrumKernel, StockhamKernel
from .first_nonzero import FirstNonzeroKernel
from .gauss_jordan_blocked import GaussJordanBlocked
from .gauss_jordan_lanes import GaussJordanLanes
from .gauss_jordan_serial import GaussJordanSerial
from .gauss_jordan_thread import GaussJordanThread
from .gauss_jordan_tiles import GaussJordanTiles
from .indexing import GatherKernel, LastWritesKernel, MaskedCopyKernel, RepeatPositionsKernel, ScatterKernel
from .inverse_refinement import NewtonStep, NewtonStepSmall
from .inverse_status import InverseStatusKernel
from .jacobi import (
    HermitianSweepsKernel,
    HermitianValuesKernel,
    HermitianVectorsKernel,
    JacobiLoadKernel,
    JacobiSweepsKernel,
    PseudoInverseKernel,
    SingularValuesKernel,
    SingularVectorsKernel,
)
from .lu import LUDeterminant, LUInverse, LUSolve
from .lu_blocked import LUBlockedDeterminant, LUBlockedSolve
from .lu_lanes import LULanesDeterminant, LULanesSolve
from .lu_team import LUTeamDeterminant, LUTeamSolve
from .matmul import MatMulDot, MatMulLarge, MatMulSmall, MatMulTiled
from .philox import PhiloxKernel
from .progression import ProgressionKernel
from .protocol import Kernel
from .qr import QRBlocked
from .qr_tall import QRTall
from .radix_sort import RadixSort
from .reduce import ReduceColumns, ReduceRows
from .runs import CountRunsKernel, WriteRunsKernel
from .scan import ScanColumns, ScanRows
from .search import SearchKernel
from .sort_rows import SortRows


@hookimpl
def webgpu_array_kernels() -> list[Kernel]:
    """Every built-in kernel, the preferred one of an operation first."""
    return [
        ElementwiseKernel(),
        ProgressionKernel(),
        GatherKernel(),
        ScatterKernel(),
        MaskedCopyKernel(),
        LastWritesKernel(),
        RepeatPositionsKernel(),
        CountFlagsKernel(),
        CompactKernel(),
        ScanColumns(),
        ScanRows(),
        ReduceColumns(),
        ReduceRows(),
        MatMulDot(),
        MatMulSmall(),
        MatMulLarge(),
        MatMulTiled(),
        GaussJordanThread(),
        GaussJordanSerial(),  # of software adapters only
        GaussJordanLanes(),
        GaussJordanTiles(),
        GaussJordanBlocked(),
        InverseStatusKernel(),
        SymmetricSweep(),
        SymmetricSweepBlocked(),
        NewtonStepSmall(),
        NewtonStep(),
        LUInverse(),
        LULanesSolve(),
        LUTeamSolve(),
        LUBlockedSolve(),
        LUSolve(),
        LULanesDeterminant(),
        LUTeamDeterminant(),
        LUBlockedDeterminant(),
        LUDeterminant(),
        CholeskySmall(),
        CholeskyBlocked(),
        QRTall(),
        QRBlocked(),
        FirstNonzeroKernel(),
        PhiloxKernel(),
        JacobiLoadKernel(),
        JacobiSweepsKernel(),
        PseudoInverseKernel(),
        SingularValuesKernel(),
        SingularVectorsKernel(),
        HermitianSweepsKernel(),
        HermitianValuesKernel(),
        HermitianVectorsKernel(),
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
