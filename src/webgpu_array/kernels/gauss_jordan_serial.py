"""Inverses on software adapters, by Gauss-Jordan elimination: gauss_jordan_serial.wgsl.

Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..plans.linalg import Inverse
from .gauss_jordan import gauss_jordan_shader
from .inverse_status import report_library
from .protocol import Capabilities, Config, Launch, Work

# A row has variables of its own: compiling this order takes llvmpipe five seconds, once, since drivers keep what they compiled.
# Complex numbers take twice as long.
_LARGEST, _LARGEST_COMPLEX = 64, 32

# Elements of the vectors in which llvmpipe works.
_WORKGROUP = 8

# Of order 64, panels of 16 columns take three quarters of the time, and twice as long to compile.
_PANEL, _PANEL_COMPLEX = 8, 4


@dataclass(frozen=True)
class GaussJordanSerial:
    """n ≤ 64 (complex 32) on a software adapter: an invocation per matrix, a panel of it in registers.

    Configuration: ``workgroup`` matrices, ``panel`` columns. Scratch: a copy of the input for a whole number of workgroups.
    """

    name: str = "gauss_jordan_serial"
    operation: str = "inverse"
    version: int = 2
    api_version: int = 1

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        if device.kind != "software":
            return f"{device.name} is not a software adapter"
        if plan.n > (_LARGEST_COMPLEX if plan.dtype.is_complex else _LARGEST):
            return f"a panel of {plan.n} rows takes long to compile"
        least = _WORKGROUP * plan.n**2 * plan.dtype.storage_bytes
        most = device.limits["max-storage-buffer-binding-size"]
        return None if least <= most // 2 else f"{_WORKGROUP} matrices of order {plan.n} hardly fit one binding"

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        narrow = _PANEL_COMPLEX if plan.dtype.is_complex else _PANEL
        return [{"workgroup": _WORKGROUP, "panel": panel} for panel in (narrow, 2 * narrow)]

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        workgroup = config["workgroup"]
        shader = gauss_jordan_shader(
            "serial", plan, report_library(plan), N=plan.n, WORKGROUP=workgroup, PANEL=config["panel"]
        )
        column = -(-plan.batch // workgroup) * workgroup * plan.n
        scratch = {"work": column * plan.n * plan.dtype.storage_bytes, "pivot_of": column * 4}
        return Work([Launch(shader, -(-plan.batch // workgroup), {"batch": plan.batch, "zero": 0})], scratch)
