"""All that an author of kernels imports. Nothing else of this package is promised to stay as it is.

    from webgpu_array.extending import hookimpl, wgsl, Work, Launch

=================  ===========================================================================================
``API_VERSION``    the version of this interface; a kernel states the one that it was written for
``hookimpl``       marks a function of a plugin as the implementation of the hook of that name
``Kernel``         what a kernel has to offer, for type checkers; no base class
``Capabilities``   what a kernel may know of a device: name, kind, limits, features, subgroup_size
``Config``         one of a kernel's configurations: whole numbers by name
``Launch``         one dispatch: a shader, how many workgroups, its parameters
``Work``           launches in order, and the scratch memory that they share
``Inverse``        the plan of operation "inverse": dtype, n, batch, flags_only
``report_library`` the library with the function ``report`` that suits such a plan
``DType``          a data type; ``float32``, ``float64``, ``complex64``, ``complex128`` are some
``wgsl``           a shader from WGSL text of the plugin's own
``Shader``         what ``wgsl`` returns: the code, and the names of what it binds
``declare``        WGSL declarations of constants as text; ``wgsl`` does it by itself
=================  ===========================================================================================

docs/plugins explains the contract, and has a tutorial. ``webgpu_array.testing`` checks kernels.
"""

from __future__ import annotations

from .dtypes import DType, complex64, complex128, float32, float64
from .hookspecs import hookimpl
from .kernels.inverse_status import report_library
from .kernels.protocol import API_VERSION, Capabilities, Config, Kernel, Launch, Work
from .plans.linalg import Inverse
from .shader import Constant, Shader, assemble, declare

__all__ = [
    "API_VERSION",
    "Capabilities",
    "Config",
    "DType",
    "Inverse",
    "Kernel",
    "Launch",
    "Shader",
    "Work",
    "complex64",
    "complex128",
    "declare",
    "float32",
    "float64",
    "hookimpl",
    "report_library",
    "wgsl",
]


def wgsl(name: str, text: str, *libraries: str, **constants: Constant) -> Shader:
    """A shader from WGSL ``text``, whose free names ``libraries`` and ``constants`` bind.

    ``name`` is what messages call it, best the name of its file. ``libraries`` are used as if the text named
    them in a line ``// uses: grid, condition``; such lines bring in this package's libraries, never a plugin's.
    A constant that is a DType becomes an alias (``alias T = f32;``), a bool or an int a constant (``const N: u32 = 4u;``). The
    DType called T also says what ``*`` stands for in names of libraries such as ``float_bits_*``. Loops marked
    ``// unroll`` and arrays marked ``// scalars`` are written out.

    Storage bindings and the fields of ``struct Params`` are read from the text; the entry point is called ``main``.
    The same arguments give the same object, fast.

    Raises FileNotFoundError for a library that does not exist, ValueError for a text whose interface cannot be read.

    >>> wgsl("my_inverse.wgsl", TEXT, report_library(plan), T=plan.dtype, F=plan.dtype, N=plan.n)
    """
    uses = f"// uses: {', '.join(libraries)}\n" if libraries else ""
    return assemble(name, text, uses + declare(**constants))
