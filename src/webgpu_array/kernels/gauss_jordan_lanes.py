"""Inverses of matrices up to order 32 by Gauss-Jordan elimination: a group of invocations per matrix, some rows in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..plans.linalg import Inverse
from .gauss_jordan import COMPLEX
from .gauss_jordan_thread import small_gauss_jordan_shader
from .protocol import Capabilities, Config, Launch, Work

# Row numbers take five bits of the key of a pivot search.
_LARGEST = 32

# Invocations per workgroup: a subgroup of most devices, so that its barriers cost little.
_WORKGROUP = 32

# With this many lanes two barriers were the faster exchange on an H100, with 4 or 16 subgroup operations.
_BY_BARRIERS = 8


@dataclass(frozen=True)
class GaussJordanLanes:
    """n ≤ 32: a group of ``lanes`` invocations per matrix.

    ``matrices``: groups of a workgroup. ``subgroup``: how many invocations a subgroup has, 0 where groups exchange
    through workgroup memory. ``chunk``: rows that are brought in order at a time.
    """

    name: str = "gauss_jordan_lanes"
    operation: str = "inverse"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        if plan.dtype.is_complex:
            return COMPLEX
        return (
            None if plan.n <= _LARGEST else f"a row of {plan.n} elements does not fit the registers of one invocation"
        )

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        lanes = _lanes(plan, device)
        # Whole rows of the result take more workgroup memory than the pivot rows do.
        chunk = min(plan.n, 2 if plan.n <= 8 else 4 if plan.n <= 16 else 8)
        by_subgroup = device.subgroup_size if lanes <= device.subgroup_size else 0
        exchanges = (0, by_subgroup) if lanes == _BY_BARRIERS else (by_subgroup, 0)
        return [
            {"lanes": lanes, "matrices": _WORKGROUP // lanes, "subgroup": subgroup, "chunk": chunk}
            for subgroup in dict.fromkeys(exchanges)
        ]

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        lanes, matrices, subgroup, chunk = (config[key] for key in ("lanes", "matrices", "subgroup", "chunk"))
        in_fours = plan.n % 4 == 0 and plan.n // 4 <= lanes
        shader = small_gauss_jordan_shader(
            "lanes",
            plan,
            "lanes_subgroup" if subgroup else "lanes_workgroup",
            *(("lanes_store_pieces", "piece_four") if in_fours else ("lanes_store_columns", "piece_one")),
            LANES=lanes,
            ROWS=-(-plan.n // lanes),
            MATRICES=matrices,
            CHUNK=chunk,
            **({"SUBGROUP": subgroup} if subgroup else {}),
        )
        return Work([Launch(shader, -(-plan.batch // matrices), {"batch": plan.batch, "zero": 0})])


def _lanes(plan: Inverse, device: Capabilities) -> int:
    """Invocations per matrix: more rows in each mean fewer exchanges, as long as registers hold them."""
    if device.kind == "software":
        return 4 if plan.n <= 16 else 8
    if plan.n <= 8:
        return 4
    return 8 if plan.n <= 24 else 16
