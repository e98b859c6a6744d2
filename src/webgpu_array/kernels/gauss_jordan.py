"""Inverses by Gauss-Jordan elimination with partial pivoting: one kernel per size of matrix.

Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..plans.linalg import Inverse
from ..shader import Constant, Shader, declare, load
from .inverse_status import report_library
from .protocol import Capabilities, Config, Launch, Work

# Invocations per workgroup where the algorithm does not fix them: what every device has.
_WORKGROUP = 64

# Elements of the panel that an invocation keeps in registers: beyond, compilers spill to memory.
_PANEL_REGISTERS = 64
_NARROWEST_PANEL, _WIDEST_PANEL = 4, 16

COMPLEX = "the elements are complex; use lu_inverse"


def gauss_jordan_shader(layout: str, plan: Inverse, *libraries: str, **constants: Constant) -> Shader:
    """The shader of one layout, with the libraries of the plan's dtype."""
    dtype = plan.dtype
    uses = ", ".join([f"float_bits_{dtype.wgsl}", f"reciprocal_{dtype.wgsl}", *libraries])
    return load(f"gauss_jordan_{layout}", f"// uses: {uses}\n" + declare(T=dtype, F=dtype, **constants))


@dataclass(frozen=True)
class GaussJordanBlocked:
    """Any order: panels of columns are eliminated, then the rest follows as matrix products.

    Scratch: one copy of the input, and twice ``panel`` rows per matrix.
    """

    name: str = "gauss_jordan_blocked"
    operation: str = "inverse"
    version: int = 1

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        return COMPLEX if plan.dtype.is_complex else None

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        workgroup = 64
        while workgroup < min(plan.n, device.limits["max-compute-invocations-per-workgroup"]):
            workgroup *= 2
        rows = -(-plan.n // workgroup)
        panel = max(_NARROWEST_PANEL, min(_WIDEST_PANEL, _PANEL_REGISTERS // rows))
        return [{"panel": panel, "workgroup": workgroup, "side": 16, "each": 4}]

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        n, batch, dtype = plan.n, plan.batch, plan.dtype
        workgroup, side, each = (config[key] for key in ("workgroup", "side", "each"))
        panel = min(config["panel"], n)
        tiles = -(-n // (side * each))
        per_column = -(-batch * n // _WORKGROUP)
        prepare = gauss_jordan_shader("blocked_prepare", plan, WORKGROUP=_WORKGROUP)
        eliminate = gauss_jordan_shader("blocked_panel", plan, PANEL=panel, ROWS=-(-n // workgroup), WORKGROUP=workgroup)
        forward = gauss_jordan_shader("blocked_forward", plan, PANEL=panel, WORKGROUP=_WORKGROUP)
        update = gauss_jordan_shader("blocked_update", plan, PANEL=panel, SIDE=side, EACH=each)
        finish = gauss_jordan_shader("blocked_finish", plan, WORKGROUP=_WORKGROUP)
        condition = gauss_jordan_shader("blocked_condition", plan, report_library(plan), WORKGROUP=_WORKGROUP)

        size = {"n": n, "batch": batch}
        launches = [Launch(prepare, per_column, size)]
        for first in range(0, n, panel):
            width = min(panel, n - first)
            columns = {**size, "first": first, "width": width}
            launches.append(Launch(eliminate, batch, columns))
            launches.append(Launch(forward, per_column, columns))
            launches.append(Launch(update, batch * tiles**2, columns))
        launches.append(Launch(finish, per_column, {**size, "zero": 0}))
        launches.append(Launch(condition, batch, {**size, "zero": 0}))
        element = dtype.storage_bytes
        scratch = {
            "work": batch * n * n * element,
            "factors": batch * n * panel * element,
            "pivot_rows": batch * panel * n * element,
            "scale": batch * n * element,
            "column_sum": batch * n * element,
            "column_max": batch * n * element,
            "inverse_sum": batch * n * element,
            "step_of": batch * n * 4,
            "pivot_of": batch * n * 4,
            "zero_pivot": batch * 4,
        }
        return Work(launches, scratch)
