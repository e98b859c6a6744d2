"""Inverses on software adapters, by Gauss-Jordan elimination: gauss_jordan_serial.wgsl.

Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import float32
from ..plans.linalg import Inverse
from .elimination import NARROWEST
from .gauss_jordan import gauss_jordan_shader
from .gauss_jordan_thread import largest_on_cpu
from .inverse_status import report_library
from .protocol import Capabilities, Config, Launch, Work

# A row has variables of its own: compiling this order takes llvmpipe ten seconds, once, since drivers keep what they compiled.
# Complex numbers take twice as long.
_LARGEST, _LARGEST_COMPLEX = 64, 32

# Elements of the vectors in which llvmpipe works.
_WORKGROUP = 8

# The most columns of a panel. Complex numbers take the variables of two.
_WIDEST, _WIDEST_COMPLEX = 16, 8


@dataclass(frozen=True)
class GaussJordanSerial:
    """16 < n ≤ 64 (complex 8 < n ≤ 32) on a software adapter: an invocation per matrix, a panel of it in registers.

    Configuration: ``workgroup`` matrices, in ``panels`` of equally many columns. Scratch: a copy of the input for a whole number of workgroups.
    """

    name: str = "gauss_jordan_serial"
    operation: str = "inverse"
    version: int = 3
    api_version: int = 1

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        if device.kind != "software":
            return f"{device.name} is not a software adapter"
        if plan.n <= largest_on_cpu(plan.dtype):
            return f"n is {largest_on_cpu(plan.dtype)} or less: gauss_jordan_thread holds all of a {plan.dtype.name} matrix in variables"
        if plan.n > (_LARGEST_COMPLEX if plan.dtype.is_complex else _LARGEST):
            return f"a panel of {plan.n} rows takes long to compile"
        least = _WORKGROUP * plan.n**2 * plan.dtype.storage_bytes
        most = device.limits["max-storage-buffer-binding-size"]
        return None if least <= most // 2 else f"{_WORKGROUP} matrices of order {plan.n} hardly fit one binding"

    def why_slow(self, plan: Inverse, device: Capabilities) -> str | None:
        if plan.dtype is float32 and plan.n > NARROWEST and plan.batch < _fewest(plan.n):
            return f"{plan.batch} matrices of order {plan.n} leave too much of a processor's vectors idle"
        return None

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        # As few as can be, two at least: for each of them everything is read and written once.
        widest = _WIDEST_COMPLEX if plan.dtype.is_complex else _WIDEST
        return [{"workgroup": _WORKGROUP, "panels": max(2, -(-plan.n // widest))}]

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        workgroup, width = config["workgroup"], -(-plan.n // config["panels"])
        shader = gauss_jordan_shader(
            "serial", plan, report_library(plan), N=plan.n, WORKGROUP=workgroup, PANEL=width
        )
        column = -(-plan.batch // workgroup) * workgroup * plan.n
        scratch = {"work": column * plan.n * plan.dtype.storage_bytes, "pivot_of": column * 4}
        return Work([Launch(shader, -(-plan.batch // workgroup), {"batch": plan.batch, "zero": 0})], scratch)


def _fewest(n: int) -> int:
    """Matrices of float32 from which on this is faster than gauss_jordan_blocked, whose vectors are full with a single one."""
    return n // 4 - 6
