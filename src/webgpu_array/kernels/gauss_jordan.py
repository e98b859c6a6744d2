"""What the kernels of inverses by Gauss-Jordan elimination share: there is one per size of matrix, in modules of their own."""

from __future__ import annotations

from ..plans.linalg import Inverse
from ..shader import Constant, Shader, declare, load

COMPLEX = "the elements are complex; use lu_inverse"


def gauss_jordan_shader(
    layout: str, plan: Inverse, *libraries: str, declarations: str = "", **constants: Constant
) -> Shader:
    """The shader of one layout, with the libraries of the plan's dtype."""
    dtype = plan.dtype
    uses = ", ".join([f"float_bits_{dtype.wgsl}", f"reciprocal_{dtype.wgsl}", *libraries])
    return load(f"gauss_jordan_{layout}", f"// uses: {uses}\n{declarations}" + declare(T=dtype, F=dtype, **constants))
