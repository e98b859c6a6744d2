"""What the kernels of inverses by Gauss-Jordan elimination share: there is one per size of matrix, in modules of their own."""

from __future__ import annotations

from ..dtypes import DType
from ..plans.linalg import Inverse
from ..shader import Constant, Shader, load
from .field import declare_field

# Up to so many small matrices do not keep a large GPU busy, as seen on an H100: more invocations should share each.
FEW = 1024


def gauss_jordan_shader(
    layout: str, plan: Inverse, *libraries: str, precise: bool = False, **constants: Constant
) -> Shader:
    """The shader of one layout, with the libraries of the plan's dtype; ``precise`` as in ``reciprocal_of``."""
    uses = ", ".join([reciprocal_of(plan.dtype, precise), *libraries])
    return load(f"gauss_jordan_{layout}", f"// uses: {uses}\n" + declare_field(plan.dtype, **constants))


def reciprocal_of(dtype: DType, precise: bool) -> str:
    """The library with the function ``reciprocal``: if ``precise`` the one that rounds best."""
    if dtype.is_complex:
        return "reciprocal_complex"
    return f"reciprocal_{dtype.wgsl}" if precise else "reciprocal_native"
