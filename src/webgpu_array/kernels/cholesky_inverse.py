"""Inverses of Hermitian positive definite matrices: swept, which is Gauss-Jordan elimination of one triangle.

Steps are those of a Cholesky factorization (cholesky.py), but that they go on to the rows above, where the inverse grows.

Source: A. P. Dempster, Elements of Continuous Multivariate Analysis, 1969, section 4.3.2 (the sweep operator); stability:
G. Peters and J. H. Wilkinson, On the stability of Gauss-Jordan elimination with pivoting, Commun. ACM 18 (1975).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import real_of
from ..plans.linalg import PositiveInverse
from ..shader import load
from .cholesky import Blocks, blocks_of, declare_squares, teams_of_squares, why_not_in_registers
from .field import declare_field
from .inverse_status import report_library
from .protocol import Capabilities, Config, Launch, Work

_COLUMNS = 32
_CONDITION_WORKGROUP = 256


@dataclass(frozen=True)
class SymmetricSweep:
    """n ≤ 128. Configuration: that of ``teams_of_squares``."""

    name: str = "symmetric_sweep"
    operation: str = "positive_inverse"
    version: int = 2
    api_version: int = 1

    def why_not(self, plan: PositiveInverse, device: Capabilities) -> str | None:
        return why_not_in_registers(plan, device, 1)

    def configs(self, plan: PositiveInverse, device: Capabilities) -> Sequence[Config]:
        return teams_of_squares(plan, device)

    def launches(self, plan: PositiveInverse, device: Capabilities, config: Config) -> Work:
        rows = "rows_in_elements" if plan.n % 4 else "rows_in_fours"
        libraries = f"// uses: {report_library(plan)}, {rows}\n"
        shader = load("symmetric_sweep", libraries + declare_squares(plan, config, swept=True))
        return Work([Launch(shader, -(-plan.batch // config["members"]), {"batch": plan.batch, "zero": 0})])


@dataclass(frozen=True)
class SymmetricSweepBlocked:
    """Any order. Configuration: that of ``Blocks``."""

    name: str = "symmetric_sweep_blocked"
    operation: str = "positive_inverse"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: PositiveInverse, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: PositiveInverse, device: Capabilities) -> Sequence[Config]:
        return blocks_of(plan, device)

    def launches(self, plan: PositiveInverse, device: Capabilities, config: Config) -> Work:
        dtype, n, batch = plan.dtype, plan.n, plan.batch
        blocks = Blocks(plan, config, device, swept=True)
        squares = -(-n // blocks.side)
        norms = load("hermitian_norms", declare_field(dtype, COLUMNS=_COLUMNS, WORKGROUP=_CONDITION_WORKGROUP))
        report = f"// uses: {report_library(plan)}\n"
        condition = load("hermitian_condition", report + declare_field(dtype, WORKGROUP=_CONDITION_WORKGROUP))
        real = real_of(dtype).storage_bytes
        return Work(
            [
                *blocks.launches(upper=False, info="minor"),
                blocks.squares("hermitian_finish", n),
                Launch(norms, batch * -(-n // _COLUMNS), {"batch": batch, "n": n, "squares": squares}),
                Launch(condition, batch, {"batch": batch, "n": n, "zero": 0}),
            ],
            {
                **blocks.scratch(),
                "minor": 4 * batch,
                "matrix_shares": batch * squares * n * real,
                "inverse_shares": batch * squares * n * real,
                "column_sums": batch * n * real,
                "inverse_sums": batch * n * real,
            },
        )
