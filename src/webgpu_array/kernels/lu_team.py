"""Linear systems and determinants of small matrices, real or complex: a team of invocations for each, in workgroup memory.

Source: Golub and Van Loan, Matrix Computations, 4th ed., algorithm 3.4.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..plans.linalg import Determinant, Solve
from ..shader import load
from .field import declare_field
from .protocol import Capabilities, Config, Launch, Work
from .teams import teams_of, why_no_team

# Rows that are used up are the bits of one word.
_LARGEST = 32


@dataclass(frozen=True)
class LUTeamSolve:
    """n ≤ 32, as many right-hand sides as fit workgroup memory. Configuration: ``lanes`` in a team, ``teams`` in a workgroup."""

    name: str = "lu_team_solve"
    operation: str = "solve"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Solve, device: Capabilities) -> str | None:
        return why_no_team(plan.n, _LARGEST, _nbytes(plan, plan.n_rhs))

    def configs(self, plan: Solve, device: Capabilities) -> Sequence[Config]:
        return teams_of(plan.n, _nbytes(plan, plan.n_rhs), device)

    def launches(self, plan: Solve, device: Capabilities, config: Config) -> Work:
        lanes, teams = config["lanes"], config["teams"]
        declared = declare_field(plan.dtype, N=plan.n, RIGHT=plan.n_rhs, LANES=lanes, TEAMS=teams)
        shader = load("lu_team_solve", declared)
        return Work([Launch(shader, -(-plan.batch // teams), {"batch": plan.batch, "zero": 0})])


@dataclass(frozen=True)
class LUTeamDeterminant:
    """1 ≤ n ≤ 32. Configuration: as LUTeamSolve's."""

    name: str = "lu_team_determinant"
    operation: str = "determinant"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Determinant, device: Capabilities) -> str | None:
        if plan.n == 0:
            return "there is nothing to factor"
        return why_no_team(plan.n, _LARGEST, _nbytes(plan, 0))

    def configs(self, plan: Determinant, device: Capabilities) -> Sequence[Config]:
        return teams_of(plan.n, _nbytes(plan, 0), device)

    def launches(self, plan: Determinant, device: Capabilities, config: Config) -> Work:
        lanes, teams = config["lanes"], config["teams"]
        declared = declare_field(plan.dtype, N=plan.n, RIGHT=0, LANES=lanes, TEAMS=teams, WORKGROUP=lanes * teams)
        shader = load("lu_team_determinant", declared)
        return Work([Launch(shader, -(-plan.batch // teams), {"batch": plan.batch, "zero": 0})])


def _nbytes(plan: Solve | Determinant, n_rhs: int) -> int:
    """Workgroup memory of a team: the matrix with its right-hand sides, where the pivots are, and room for a product."""
    element = plan.dtype.storage_bytes
    return plan.n * ((plan.n + n_rhs) | 1) * element + 12 * (plan.n + 3) + plan.n * (2 * element + 8)
