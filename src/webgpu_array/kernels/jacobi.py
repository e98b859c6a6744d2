"""Singular values by one-sided Jacobi rotations, and pseudoinverses from them.

The columns of W = A V are rotated in pairs until all are orthogonal; their lengths are then
the singular values. The plans of one decomposition share W and V: load, sweeps until a sweep
rotates nothing, and what is wanted of the result. Matrices lie by columns, so that a pair of
them is two contiguous pieces.

Source: Hestenes, J. SIAM 6 (1958) 51-90; Demmel and Veselic, SIAM J. Matrix Anal. Appl. 13 (1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..dtypes import DType
from ..linalg_plans import JacobiLoad, JacobiSweep, PseudoInverse, SingularValues
from ..shader import Constant, Shader, declare, load
from .protocol import Capabilities, Config, Launch, Work

# Invocations per workgroup where one of them does one element.
_WORKGROUP = 64

# By bits of the type: the exponents of its epsilon, and of the length below which a column is zero.
_EXPONENTS = {32: (23, 60), 64: (52, 500)}


def _shader(step: str, dtype: DType, **constants: Constant) -> Shader:
    """The shader of one step, with the bit tests of ``dtype``."""
    libraries = f"// uses: float_bits_{dtype.wgsl}, significand_{dtype.wgsl}\n"
    return load(f"jacobi_{step}", libraries + declare(T=dtype, **constants))


def _norms(plan: PseudoInverse | SingularValues, config: Config) -> Launch:
    shader = _shader("norms", plan.dtype, WORKGROUP=config["workgroup"])
    columns = plan.batch * plan.n
    return Launch(shader, columns, {"columns": columns, "m": plan.m})


@dataclass(frozen=True)
class _JacobiKernel:
    """What the steps have in common. Configuration: ``workgroup`` invocations for a column or a pair."""

    name: str
    operation: str
    version: int = 1

    def why_not(self, plan: Any, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Any, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 32 if plan.m <= 32 else 64}]


@dataclass(frozen=True)
class JacobiLoadKernel(_JacobiKernel):
    """Scales, and lays the columns out."""

    name: str = "jacobi_load"
    operation: str = "jacobi_load"

    def launches(self, plan: JacobiLoad, device: Capabilities, config: Config) -> Work:
        size = plan.m * plan.n
        scale = _shader("scale", plan.dtype, WORKGROUP=config["workgroup"])
        columns = _shader("load", plan.dtype, TRANSPOSED=plan.transposed, WORKGROUP=_WORKGROUP)
        return Work(
            [
                Launch(scale, plan.batch, {"batch": plan.batch, "size": size, "zero": 0}),
                Launch(columns, -(-plan.batch * size // _WORKGROUP), {"batch": plan.batch, "m": plan.m, "n": plan.n}),
            ]
        )


@dataclass(frozen=True)
class JacobiSweepKernel(_JacobiKernel):
    """A dispatch per round of a tournament in which every column meets every other."""

    name: str = "jacobi_sweep"
    operation: str = "jacobi_sweep"

    def launches(self, plan: JacobiSweep, device: Capabilities, config: Config) -> Work:
        epsilon, floor = _EXPONENTS[plan.dtype.bits]
        begin = load("jacobi_begin", declare(WORKGROUP=_WORKGROUP))
        meet = _shader(
            "round", plan.dtype, WORKGROUP=config["workgroup"], EPSILON_EXPONENT=epsilon, FLOOR_EXPONENT=floor
        )
        players = plan.n + plan.n % 2
        size = {"batch": plan.batch, "m": plan.m, "n": plan.n, "players": players}
        launches = [Launch(begin, -(-plan.batch // _WORKGROUP), {"batch": plan.batch})]
        for number in range(players - 1):
            launches.append(Launch(meet, plan.batch * (players // 2), {**size, "round": number}))
        return Work(launches)


@dataclass(frozen=True)
class PseudoInverseKernel(_JacobiKernel):
    """Pseudoinverses, once the columns are orthogonal."""

    name: str = "jacobi_pseudoinverse"
    operation: str = "pseudoinverse"

    def launches(self, plan: PseudoInverse, device: Capabilities, config: Config) -> Work:
        shader = _shader("pseudoinverse", plan.dtype, TRANSPOSED=plan.transposed, WORKGROUP=_WORKGROUP)
        groups = -(-plan.batch * plan.m * plan.n // _WORKGROUP)
        product = Launch(shader, groups, {"batch": plan.batch, "m": plan.m, "n": plan.n})
        return Work([_norms(plan, config), product], {"sigma": plan.batch * plan.n * plan.dtype.storage_bytes})


@dataclass(frozen=True)
class SingularValuesKernel(_JacobiKernel):
    """Singular values, once the columns are orthogonal."""

    name: str = "jacobi_values"
    operation: str = "singular_values"

    def launches(self, plan: SingularValues, device: Capabilities, config: Config) -> Work:
        shader = _shader("values", plan.dtype, WORKGROUP=_WORKGROUP)
        order = Launch(shader, -(-plan.batch * plan.n // _WORKGROUP), {"batch": plan.batch, "n": plan.n})
        return Work([_norms(plan, config), order], {"sigma": plan.batch * plan.n * plan.dtype.storage_bytes})
