"""Inverses of any order by Gauss-Jordan elimination in blocks, which ``elimination`` carries out.

Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import real_of
from ..plans.linalg import Inverse
from ..shader import declare
from .elimination import Elimination, configs_of, elimination_shader, why_no_elimination
from .inverse_status import report_library
from .protocol import Capabilities, Config, Launch, Work

# Columns of a workgroup, and the most parts that a column's sums come in, of the passes at both ends.
_COLUMNS, _MOST_TILES, _FEWEST_ROWS = 256, 64, 32

# Columns that gauss_jordan_blocked_norms.wgsl gives to a workgroup.
_SUMMED = 64

# Elements that a workgroup of gauss_jordan_blocked_condition.wgsl makes NaN where a matrix is singular.
_SHARE = 1 << 16


@dataclass(frozen=True)
class GaussJordanBlocked:
    """n > 32. Scratch: one padded copy of the input, and three times ``block`` rows per matrix.

    Configuration: as Elimination's.
    """

    name: str = "gauss_jordan_blocked"
    operation: str = "inverse"
    version: int = 3
    api_version: int = 1

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        return why_no_elimination(plan.n, plan.batch, plan.dtype, device)

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        return configs_of(plan.n, plan.batch, plan.dtype, device)

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        return _InPlace(plan, Elimination(plan.dtype, plan.n, plan.batch, config, device)).work()


@dataclass(frozen=True)
class _InPlace:
    """What comes before and after the elimination of an inverse."""

    plan: Inverse
    elimination: Elimination

    @property
    def tile_rows(self) -> int:
        """Rows over which the first and the last pass sum."""
        return max(_FEWEST_ROWS, -(-self.elimination.ld // _MOST_TILES))

    @property
    def tiles(self) -> int:
        return -(-self.elimination.ld // self.tile_rows)

    @property
    def norms(self) -> int:
        """Parts of a matrix whose columns are summed together."""
        return -(-self.plan.n // _SUMMED)

    def work(self) -> Work:
        plan, ld = self.plan, self.elimination.ld
        sizes = {"batch": plan.batch, "n": plan.n, "ld": ld, "tiles": self.tiles}
        report = f"// uses: {report_library(plan)}\n" + declare(WORKGROUP=_COLUMNS)
        shares = -(-(plan.n**2) // _SHARE)
        parts = {"batch": plan.batch, "n": plan.n, "parts": self.norms, "shares": shares, "zero": 0}
        return Work(
            [
                self._per_column("load", ld, sizes),
                *self.elimination.launches(),
                self._per_column("finish", plan.n, sizes),
                Launch(elimination_shader("gauss_jordan_blocked_norms", plan.dtype), plan.batch * self.norms, sizes),
                Launch(
                    elimination_shader("gauss_jordan_blocked_condition", plan.dtype, report), plan.batch * shares, parts
                ),
            ],
            self.elimination.scratch | self._sums,
        )

    @property
    def _sums(self) -> dict[str, int]:
        real = real_of(self.plan.dtype).storage_bytes
        per_tile = self.plan.batch * self.tiles * self.elimination.ld * real
        return {
            "column_sum": per_tile,
            "column_max": per_tile,
            "inverse_sum": per_tile,
            "norms": self.plan.batch * self.norms * 3 * real,
        }

    def _per_column(self, layout: str, n_columns: int, params: dict[str, int]) -> Launch:
        groups = self.plan.batch * self.tiles * -(-n_columns // _COLUMNS)
        shader = elimination_shader(f"gauss_jordan_blocked_{layout}", self.plan.dtype, declare(COLUMNS=_COLUMNS))
        return Launch(shader, groups, {**params, "tile_rows": self.tile_rows})
