"""Inverses of matrices up to order 32 by Gauss-Jordan elimination: a group of invocations per matrix, some rows in each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..dtypes import float32
from ..plans.linalg import Inverse
from .gauss_jordan import FEW
from .gauss_jordan_thread import piece_elements, piece_of, small_gauss_jordan_shader
from .protocol import Capabilities, Config, Launch, Work

# Row numbers take five bits of the key of a pivot search.
_LARGEST = 32

# Invocations per workgroup: a subgroup of most devices, so that its barriers cost little.
_WORKGROUP = 32

# On an H100 two barriers were the faster exchange for 8 lanes, and for 16 up to this order; otherwise subgroup operations.
_BY_BARRIERS, _BY_BARRIERS_UP_TO = 8, 28

# Above this order gauss_jordan_tiles is faster for few matrices.
_SMALL = 16


@dataclass(frozen=True)
class GaussJordanLanes:
    """n ≤ 32: a group of ``lanes`` invocations per matrix.

    ``matrices``: groups of a workgroup. ``subgroup``: how many invocations a subgroup has, 0 where groups exchange
    through workgroup memory. ``chunk``: rows that are brought in order at a time.
    """

    name: str = "gauss_jordan_lanes"
    operation: str = "inverse"
    version: int = 2
    api_version: int = 1

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        return (
            None if plan.n <= _LARGEST else f"a row of {plan.n} elements does not fit the registers of one invocation"
        )

    def why_slow(self, plan: Inverse, device: Capabilities) -> str | None:
        if device.kind != "software" and plan.dtype is float32 and plan.n > _SMALL and plan.batch <= FEW:
            return f"{plan.batch} matrices of order {plan.n} do not keep a GPU busy with so few invocations each"
        return None

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        fewest = _lanes(plan, device)
        # A row of complex numbers takes the registers of two.
        choices = (fewest, 2 * fewest) if plan.dtype.is_complex and device.kind != "software" else (fewest,)
        # Whole rows of the result take more workgroup memory than the pivot rows do.
        chunk = min(plan.n, 2 if plan.n <= 8 else 4 if plan.n <= 16 else 8)
        return [
            {"lanes": lanes, "matrices": _WORKGROUP // lanes, "subgroup": subgroup, "chunk": chunk}
            for lanes in choices
            for subgroup in _exchanges(plan.n, lanes, device)
        ]

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        lanes, matrices, subgroup, chunk = (config[key] for key in ("lanes", "matrices", "subgroup", "chunk"))
        elements = piece_elements(plan.dtype)
        in_pieces = plan.n % elements == 0 and plan.n // elements <= lanes
        shader = small_gauss_jordan_shader(
            "lanes",
            plan,
            "lanes_subgroup" if subgroup else "lanes_workgroup",
            "lanes_store_pieces" if in_pieces else "lanes_store_columns",
            piece_of(plan.dtype, in_pieces),
            LANES=lanes,
            ROWS=-(-plan.n // lanes),
            MATRICES=matrices,
            CHUNK=chunk,
            **({"SUBGROUP": subgroup} if subgroup else {}),
        )
        return Work([Launch(shader, -(-plan.batch // matrices), {"batch": plan.batch, "zero": 0})])


def _exchanges(n: int, lanes: int, device: Capabilities) -> Iterable[int]:
    """Ways to exchange, as ``subgroup`` says them, the best guess first."""
    by_subgroup = device.subgroup_size if lanes <= device.subgroup_size else 0
    if device.kind == "software":
        return (by_subgroup,)  # a barrier makes a processor save and restore everything
    barriers_first = lanes == _BY_BARRIERS or (lanes > _BY_BARRIERS and n <= _BY_BARRIERS_UP_TO)
    return dict.fromkeys((0, by_subgroup) if barriers_first else (by_subgroup, 0))


def _lanes(plan: Inverse, device: Capabilities) -> int:
    """Invocations per matrix: more rows in each mean fewer exchanges, as long as registers hold them."""
    if device.kind == "software":
        return 4 if plan.n <= 16 else 8
    if plan.n <= 8:
        return 4
    return 8 if plan.n <= 24 else 16
