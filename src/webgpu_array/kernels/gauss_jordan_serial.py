"""Inverses on software adapters, by Gauss-Jordan elimination: gauss_jordan_serial.wgsl.

Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..plans.linalg import Inverse
from .gauss_jordan import COMPLEX, gauss_jordan_shader
from .inverse_status import report_library
from .protocol import Capabilities, Config, Launch, Work

# llvmpipe ends all loops of a shader after 65,535 rounds together; this order takes half of them.
_LARGEST = 128

# Elements of the vectors in which llvmpipe works.
_WORKGROUP = 8


@dataclass(frozen=True)
class GaussJordanSerial:
    """n ≤ 128 on a software adapter: an invocation per matrix.

    Scratch: a copy of the input and some vectors, for a whole number of workgroups.
    """

    name: str = "gauss_jordan_serial"
    operation: str = "inverse"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        if plan.dtype.is_complex:
            return COMPLEX
        if device.kind != "software":
            return f"{device.name} is not a software adapter"
        return None if plan.n <= _LARGEST else f"a matrix of order {plan.n} takes too many rounds of loops"

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        edge = 8 if plan.n > 64 or plan.n % 8 == 0 else 4
        return [{"workgroup": _WORKGROUP, "edge": edge}]

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        workgroup, edge = config["workgroup"], config["edge"]
        shader = gauss_jordan_shader(
            "serial", plan, report_library(plan), N=plan.n, WORKGROUP=workgroup, EDGE=edge
        )
        groups = -(-plan.batch // workgroup)
        padded = -(-plan.n // edge) * edge
        column = groups * workgroup * padded
        element = plan.dtype.storage_bytes
        scratch = {
            "work": column * (padded + 1) * element,
            "pivot_rows": column * 4 * element,
            "factors": column * 4 * element,
            "order": column * 2 * 4,
        }
        return Work([Launch(shader, groups, {"batch": plan.batch, "zero": 0})], scratch)
