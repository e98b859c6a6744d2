"""A plugin of webgpu-array: Gauss-Jordan elimination of a whole matrix by one invocation, for orders 9 to 20."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from webgpu_array.extending import (
    API_VERSION,
    Capabilities,
    Config,
    Inverse,
    Kernel,
    Launch,
    Work,
    hookimpl,
    report_library,
    wgsl,
)

_SHADER = "gauss_jordan_whole.wgsl"

# Below, the built-in kernel gauss_jordan_thread does the same: on GPUs, and on software adapters, whose compilers it spares.
_SMALLEST, _SMALLEST_ON_CPU = 9, 17

# 32-bit words of a matrix that the registers of an invocation hold beside everything else: a GPU has 255 at the most.
_WORDS = 162

# A processor keeps what is too much for its registers in its cache. There the time to compile is the limit: 10 s at this
# order, 23 s at order 24.
_LARGEST_ON_CPU = 20


@dataclass(frozen=True)
class GaussJordanWhole:
    """Real matrices of order 17 to 20 on software adapters; on GPUs from 9 to 12, in float64 of order 9.

    Configuration: ``workgroup``, the matrices of a workgroup.
    """

    name: str = "gauss_jordan_whole"
    operation: str = "inverse"
    version: int = 2
    api_version: int = API_VERSION

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        if plan.dtype.is_complex:
            return "the elements are complex"
        smallest = _SMALLEST_ON_CPU if device.kind == "software" else _SMALLEST
        if plan.n < smallest:
            return f"n is below {smallest}: gauss_jordan_thread does the same there"
        if device.kind == "software":
            return f"n is above {_LARGEST_ON_CPU}: its shader takes too long to compile" if plan.n > _LARGEST_ON_CPU else None
        if plan.n * plan.n * plan.dtype.storage_bytes // 4 > _WORDS:
            return f"a {plan.dtype.name} matrix of order {plan.n} does not fit the registers of one invocation"
        return None

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        # On a CPU as many as its vectors have elements; half the candidates halve the time to compile.
        sizes = (8,) if device.kind == "software" else (32, 64)
        return [{"workgroup": size} for size in sizes]

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        dtype, workgroup = plan.dtype, config["workgroup"]
        shader = wgsl(
            _SHADER,
            _text(),
            report_library(plan),
            T=dtype,
            F=dtype,
            N=plan.n,
            WORKGROUP=workgroup,
            KEY_SHIFT=8 * dtype.storage_bytes - 32,
        )
        return Work([Launch(shader, -(-plan.batch // workgroup), {"batch": plan.batch, "zero": 0})])


@cache
def _text() -> str:
    return files(__package__).joinpath(_SHADER).read_text(encoding="utf-8")


@hookimpl
def webgpu_array_kernels() -> list[Kernel]:
    """The kernel of this package."""
    return [GaussJordanWhole()]
