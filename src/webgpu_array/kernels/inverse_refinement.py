"""A step of Newton's iteration for inverses: X + X (I - A X), of which the residual is summed in twice the precision.

In one precision throughout, the step would add as much error as it takes away.

Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.5 (the iteration) and chapter 12
(refinement with a wider residual).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import float64, real_of
from ..plans.linalg import InverseRefinement
from ..shader import Constant, Shader, load
from .field import declare_field, declare_tiles
from .product import Tiles, product_tiles
from .protocol import Capabilities, Config, Launch, Work
from .teams import teams_of, why_no_team

_COLUMNS = 32
_PIECE = 4096
_WORKGROUP = 256
# Side of the square of invocations that shares a tile of the residual.
_SIDE = 16


@dataclass(frozen=True)
class NewtonStepSmall:
    """Small matrices, each that of one team of invocations. Configuration: that of ``teams``, and ``f64`` of newton_step."""

    name: str = "newton_step_small"
    operation: str = "inverse_refinement"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: InverseRefinement, device: Capabilities) -> str | None:
        return why_no_team(plan.n, _SIDE, self._nbytes(plan))

    def configs(self, plan: InverseRefinement, device: Capabilities) -> Sequence[Config]:
        teams = teams_of(plan.n, self._nbytes(plan), device)
        return [{**config, "f64": f64} for f64 in _widths(plan, device) for config in teams]

    def launches(self, plan: InverseRefinement, device: Capabilities, config: Config) -> Work:
        lanes, teams = config["lanes"], config["teams"]
        constants = {"N": plan.n, "LANES": lanes, "TEAMS": teams, "HERMITIAN": plan.hermitian}
        shader = _shader(plan, "step_small", _wide(plan, config), **constants)
        return Work([Launch(shader, -(-plan.batch // teams), {"batch": plan.batch})])

    def _nbytes(self, plan: InverseRefinement) -> int:
        return 3 * plan.n**2 * plan.dtype.storage_bytes + 16


@dataclass(frozen=True)
class NewtonStep:
    """Any order. Configuration: ``each`` by ``each`` residuals per invocation; ``f64``: whether sums of float32 are float64."""

    name: str = "newton_step"
    operation: str = "inverse_refinement"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: InverseRefinement, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: InverseRefinement, device: Capabilities) -> Sequence[Config]:
        each = 1 if plan.n <= _SIDE else 2 if plan.n <= 2 * _SIDE else 4
        return [{"each": each, "f64": f64} for f64 in _widths(plan, device)]

    def launches(self, plan: InverseRefinement, device: Capabilities, config: Config) -> Work:
        n, batch = plan.n, plan.batch
        size = batch * n**2 * plan.dtype.storage_bytes
        sizes = {"batch": batch, "n": n}
        tile = _SIDE * config["each"]
        depth = 64 // plan.dtype.storage_bytes
        sums = _shader(
            plan, "residual", _wide(plan, config), EACH=config["each"], DEPTH=depth, HERMITIAN=plan.hermitian
        )
        judge = _shader(plan, "step_judge", COLUMNS=_COLUMNS, WORKGROUP=_WORKGROUP)
        add = _shader(plan, "step_add", HERMITIAN=plan.hermitian, PIECE=_PIECE, WORKGROUP=_WORKGROUP)
        tiles = Tiles.of(product_tiles(plan.dtype, batch, n, n, device)[0])
        product = load("square_product", declare_tiles(plan.dtype, tiles, along_i=True))
        factors = {"out": "correction", "x1": "inverse", "x2": "rest"}
        return Work(
            [
                Launch(sums, batch * (-(-n // tile)) ** 2, sizes),
                Launch(product, tiles.count(batch, n, n), sizes, factors),
                Launch(judge, batch * -(-n // _COLUMNS), sizes),
                Launch(add, batch * -(-(n**2) // _PIECE), sizes),
            ],
            {"rest": size, "correction": size, "refused": 4 * batch * n},
        )


def _widths(plan: InverseRefinement, device: Capabilities) -> Sequence[int]:
    """Whether sums may be float64: of float32 where the device computes in it."""
    return (1, 0) if real_of(plan.dtype) is not float64 and float64.features <= device.features else (0,)


def _wide(plan: InverseRefinement, config: Config) -> str:
    """The libraries that sum widely."""
    return (
        f"// uses: wide_{'complex' if plan.dtype.is_complex else 'real'}, wide_{'f64' if config['f64'] else 'pair'}\n"
    )


def _shader(plan: InverseRefinement, step: str, libraries: str = "", **constants: Constant) -> Shader:
    return load(f"inverse_{step}", libraries + declare_field(plan.dtype, **constants))
