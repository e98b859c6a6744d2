"""The built-in kernels, registered through the hook that plugins use."""

from __future__ import annotations

from ..hookspecs import hookimpl
from .elementwise import ElementwiseKernel
from .gauss_jordan import GaussJordanBlocked, GaussJordanRows, GaussJordanThread, GaussJordanWorkgroup
from .inverse_status import InverseStatusKernel
from .protocol import Kernel


@hookimpl
def webgpu_array_kernels() -> list[Kernel]:
    """Every built-in kernel, the preferred one of an operation first."""
    return [
        ElementwiseKernel(),
        GaussJordanThread(),
        GaussJordanRows(),
        GaussJordanWorkgroup(),
        GaussJordanBlocked(),
        InverseStatusKernel(),
    ]
