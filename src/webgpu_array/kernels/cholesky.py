"""Cholesky factorization in panels.

A diagonal block is factored by one workgroup per matrix; the rows below are solved with it, and the
rest of the matrix follows as a product. A matrix that is one block takes two launches.

Source: Golub and Van Loan, Matrix Computations, 4th ed., section 4.2.6 (block Cholesky).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..plans.linalg import Cholesky
from ..shader import Constant, Shader, load
from .field import declare_field
from .protocol import Capabilities, Config, Launch, Work
from .rank_update import Panel, block_of, rank_update

# Invocations per workgroup where the algorithm does not fix them: what every device has.
_WORKGROUP = 64


@dataclass(frozen=True)
class CholeskyBlocked:
    """Any order. Configuration: ``block`` columns a panel, ``workgroup`` invocations for a diagonal block."""

    name: str = "cholesky_blocked"
    operation: str = "cholesky"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Cholesky, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Cholesky, device: Capabilities) -> Sequence[Config]:
        block = min(block_of(plan.dtype), plan.n)
        return [{"block": block, "workgroup": 256 if block > 16 else 64}]

    def launches(self, plan: Cholesky, device: Capabilities, config: Config) -> Work:
        size = plan.batch * plan.n**2
        sizes = {"batch": plan.batch, "n": plan.n}
        load_triangle = _shader(plan, "load", WORKGROUP=_WORKGROUP)
        launches = [Launch(load_triangle, -(-size // _WORKGROUP), sizes)]
        for column in range(0, plan.n, config["block"]):
            launches += _panel(plan, config, column)
        return Work(launches, {"panel": plan.batch * config["block"] * plan.n * plan.dtype.storage_bytes})


def _shader(plan: Cholesky, step: str, **constants: Constant) -> Shader:
    return load(f"cholesky_{step}", declare_field(plan.dtype, UPPER=plan.upper, **constants))


def _panel(plan: Cholesky, config: Config, column: int) -> Iterator[Launch]:
    """Factors one panel, and brings the rest of the matrix up to date with it."""
    n, batch, block = plan.n, plan.batch, config["block"]
    width = min(block, n - column)
    at = {"batch": batch, "n": n, "column": column}
    diagonal = _shader(plan, "diagonal", BLOCK=block, WORKGROUP=config["workgroup"])
    yield Launch(diagonal, batch, {**at, "width": width})
    first = column + width
    if first < n:
        rows = _shader(plan, "rows", BLOCK=block, WORKGROUP=_WORKGROUP)
        yield Launch(rows, batch * -(-(n - first) // _WORKGROUP), at)
    steps = (n * n, 1, n) if plan.upper else (n * n, n, 1)
    panel = Panel("panel", block * n, 0, n)
    rest = (first, n)
    yield from rank_update(
        plan.dtype, block, batch, width, "out", steps, rest, rest, panel, panel, conjugated=True, triangle=True
    )
