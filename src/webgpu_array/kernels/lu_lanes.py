"""Linear systems and determinants of small real matrices: a group of invocations for each, with a row in the registers of each.

Source: Golub and Van Loan, Matrix Computations, 4th ed., algorithm 3.4.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..plans.linalg import Determinant, Solve
from ..shader import load
from .field import declare_field
from .protocol import Capabilities, Config, Launch, Work

# Rows that are used up are the bits of one word.
_LARGEST = 32

# Vectors of four that the registers of an invocation hold, right-hand sides included.
_MOST_FOURS = 16

# Invocations per workgroup: a subgroup of most devices, so that its barriers cost little.
_WORKGROUP = 32


def _why_not(plan: Solve | Determinant, n_rhs: int) -> str | None:
    if plan.dtype.is_complex:
        return "the elements are complex"
    if not 0 < plan.n <= _LARGEST:
        return f"n is not from 1 to {_LARGEST}"
    fours = -(-plan.n // 4) + -(-n_rhs // 4)
    return None if fours <= _MOST_FOURS else f"a row of {fours} vectors does not fit the registers of one invocation"


def _configs(n: int) -> Sequence[Config]:
    lanes = max(4, 1 << (n - 1).bit_length())
    return [{"lanes": lanes, "matrices": matrices * _WORKGROUP // lanes} for matrices in (1, 2)]


def _work(file: str, plan: Solve | Determinant, n_rhs: int, config: Config) -> Work:
    lanes, matrices = config["lanes"], config["matrices"]
    constants = {"N": plan.n, "RIGHT": n_rhs, "LANES": lanes, "MATRICES": matrices, "WORKGROUP": lanes * matrices}
    shader = load(file, declare_field(plan.dtype, **constants))
    return Work([Launch(shader, -(-plan.batch // matrices), {"batch": plan.batch, "zero": 0})])


@dataclass(frozen=True)
class LULanesSolve:
    """n ≤ 32, as many right-hand sides as fit registers. Configuration: ``lanes`` of a matrix, ``matrices`` of a workgroup."""

    name: str = "lu_lanes_solve"
    operation: str = "solve"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Solve, device: Capabilities) -> str | None:
        return _why_not(plan, plan.n_rhs)

    def configs(self, plan: Solve, device: Capabilities) -> Sequence[Config]:
        return _configs(plan.n)

    def launches(self, plan: Solve, device: Capabilities, config: Config) -> Work:
        return _work("lu_lanes_solve", plan, plan.n_rhs, config)


@dataclass(frozen=True)
class LULanesDeterminant:
    """1 ≤ n ≤ 32. Configuration: as LULanesSolve's."""

    name: str = "lu_lanes_determinant"
    operation: str = "determinant"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Determinant, device: Capabilities) -> str | None:
        return _why_not(plan, 0)

    def configs(self, plan: Determinant, device: Capabilities) -> Sequence[Config]:
        return _configs(plan.n)

    def launches(self, plan: Determinant, device: Capabilities, config: Config) -> Work:
        return _work("lu_lanes_determinant", plan, 0, config)
