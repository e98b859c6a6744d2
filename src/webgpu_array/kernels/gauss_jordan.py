"""What the kernels of inverses by Gauss-Jordan elimination share: there is one per size of matrix, in modules of their own."""

from __future__ import annotations

from ..dtypes import DType
from ..plans.linalg import Inverse
from ..shader import Constant, Shader, load
from .field import declare_field

COMPLEX = "the elements are complex; use lu_inverse"


def gauss_jordan_shader(
    layout: str, plan: Inverse, *libraries: str, reciprocal: str = "", **constants: Constant
) -> Shader:
    """The shader of one layout, with the libraries of the plan's dtype; ``reciprocal`` is another one than ``reciprocal_of``."""
    uses = ", ".join([reciprocal or reciprocal_of(plan.dtype), *libraries])
    return load(f"gauss_jordan_{layout}", f"// uses: {uses}\n" + declare_field(plan.dtype, **constants))


def reciprocal_of(dtype: DType) -> str:
    """The library with the function ``reciprocal`` that rounds best."""
    return "reciprocal_complex" if dtype.is_complex else f"reciprocal_{dtype.wgsl}"
