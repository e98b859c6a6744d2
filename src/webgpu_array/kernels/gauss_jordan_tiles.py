"""Inverses of middling order, by Gauss-Jordan elimination in the registers of a workgroup: gauss_jordan_tiles.wgsl.

Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import float32, real_of
from ..plans.linalg import Inverse
from .gauss_jordan import FEW, gauss_jordan_shader
from .inverse_status import report_library
from .protocol import Capabilities, Config, Launch, Work

# The rows that a pivot's key can name; and below this order most of a workgroup would do nothing.
_LARGEST, _SMALLEST = 128, 9

# Above it lavapipe took 93 ms for an order of 128, and 20 with gauss_jordan_blocked. Complex numbers have twice the registers.
_LARGEST_ON_SOFTWARE = 64
_LARGEST_COMPLEX_ON_SOFTWARE = 32

# Invocations that look for a pivot together, where a subgroup is none of these. Other sizes leave each of its
# invocations too many rows, or none.
_LANES = 32
_SUBGROUPS = (32, 64)

# On an H100, in float32, a group per 32 columns was the fastest, but for many matrices of orders up to this one: there it was one.
_COLUMNS, _ONE_GROUP = 32, 64

# What every device has of invocations in a workgroup.
_INVOCATIONS = 256

# 32-bit words of a matrix that an invocation holds. The more, the less it has to read for a product; above 128 compilers
# spill to memory, and not every GPU has that many.
_WORDS_WITH_SUBGROUPS, _WORDS = 128, 64


@dataclass(frozen=True)
class GaussJordanTiles:
    """9 ≤ n ≤ 128: a workgroup per matrix, a tile of it in the registers of each invocation."""

    name: str = "gauss_jordan_tiles"
    operation: str = "inverse"
    version: int = 2
    api_version: int = 1

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        if plan.n < _SMALLEST:
            return f"a matrix of order {plan.n} would be mostly padding"
        if device.kind == "software" and plan.n > (_LARGEST_COMPLEX_ON_SOFTWARE if plan.dtype.is_complex else _LARGEST_ON_SOFTWARE):
            return "software adapters keep registers in memory, where gauss_jordan_blocked is four times as fast"
        if plan.n > _LARGEST:
            return f"a matrix of order {plan.n} does not fit the registers of a workgroup"
        return None if self.configs(plan, device) else "what invocations tell each other does not fit workgroup memory"

    def why_slow(self, plan: Inverse, device: Capabilities) -> str | None:
        return "a barrier makes a processor save and restore everything" if device.kind == "software" else None

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        panels = -(-plan.n // 4)
        if device.kind == "software":
            # Registers are memory there, and every row of a tile is written out in the text: compiling takes longest.
            lanes = 1 << max(2, (plan.n - 1).bit_length())
            return [{"lanes": lanes, "groups": min(_INVOCATIONS // lanes, panels), "chunk": 4}]
        has_subgroups = device.subgroup_size in _SUBGROUPS
        lanes = device.subgroup_size if has_subgroups else _LANES
        words = -(-4 * panels // lanes) * 4 * panels * plan.dtype.storage_bytes // 4
        most = device.limits["max-compute-invocations-per-workgroup"] // lanes
        groups = min(-(-words // (_WORDS_WITH_SUBGROUPS if has_subgroups else _WORDS)), most)
        chunks = (16, 8) if plan.dtype == float32 and has_subgroups else (8, 4)
        fitting = [
            {"lanes": lanes, "groups": wider, "chunk": chunk}
            for wider in sorted({groups, min(groups + 1, panels, most), min(2 * groups, panels, most)})
            for chunk in chunks
            if _workgroup_bytes(plan, lanes, wider, chunk) <= device.limits["max-compute-workgroup-storage-size"]
        ]
        # Many matrices keep a device busy with fewer invocations each, as long as their registers hold a tile.
        wished = 1 if plan.n <= _ONE_GROUP and plan.batch > FEW else -(-plan.n // _COLUMNS)
        return sorted(fitting, key=lambda config: abs(config["groups"] - wished))

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        lanes = config["lanes"]
        shader = gauss_jordan_shader(
            "tiles",
            plan,
            report_library(plan),
            "pivot_of_subgroup" if lanes == device.subgroup_size else "pivot_of_workgroup",
            N=plan.n,
            LANES=lanes,
            GROUPS=config["groups"],
            CHUNK=config["chunk"],
        )
        return Work([Launch(shader, plan.batch, {"batch": plan.batch, "zero": 0})])


def _workgroup_bytes(plan: Inverse, lanes: int, groups: int, chunk: int) -> int:
    """Workgroup memory, with that of pivot_of_workgroup."""
    element, part = plan.dtype.storage_bytes, real_of(plan.dtype).storage_bytes
    panels = -(-plan.n // 4)
    rows = -(-4 * panels // lanes) * lanes
    pitch = -(-panels // groups) * groups | 1
    fours = chunk * pitch + rows + 4 + 2 * lanes
    return fours * 4 * element + rows * (element + 4) + 2 * lanes * (groups * part + 4) + 8
