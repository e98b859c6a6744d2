"""Where extremes are: a matrix with any steps, searched along its rows.

Long rows are cut into chunks whose extremes are the candidates of the next launch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import uint32
from ..plans.reduction import ArgExtreme
from ..shader import as_u32, declare, load
from .protocol import Capabilities, Config, Launch, Work
from .sort_keys import index, keys

# Where the candidate of an earlier launch lies, by shader.
_PLACES = {
    "search_extreme_rows": "row * params.n_candidates + candidate",
    "search_extreme_columns": "candidate * params.n_rows + row",
}


@dataclass(frozen=True)
class ArgExtremeRows:
    """A workgroup per chunk of a row.

    Configuration: ``workgroup`` invocations (a power of two), ``items`` elements each.
    """

    name: str = "arg_extreme_rows"
    operation: str = "arg_extreme"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: ArgExtreme, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: ArgExtreme, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 256 if plan.n_cols > 256 else 64, "items": 16}]

    def launches(self, plan: ArgExtreme, device: Capabilities, config: Config) -> Work:
        workgroup = config["workgroup"]
        return _passes(plan, "search_extreme_rows", workgroup, workgroup * config["items"], per_group=1)


@dataclass(frozen=True)
class ArgExtremeColumns:
    """An invocation per chunk of a row; neighbours read neighbouring rows.

    Configuration: ``workgroup`` invocations, ``chunk`` elements each.
    """

    name: str = "arg_extreme_columns"
    operation: str = "arg_extreme"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: ArgExtreme, device: Capabilities) -> str | None:
        if plan.n_cols > 32 and (plan.n_rows < 32 or abs(plan.row_step) >= abs(plan.col_step)):
            return "neighbouring rows are not neighbours in memory"
        return None

    def configs(self, plan: ArgExtreme, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64, "chunk": 64}]

    def launches(self, plan: ArgExtreme, device: Capabilities, config: Config) -> Work:
        workgroup = config["workgroup"]
        return _passes(plan, "search_extreme_columns", workgroup, config["chunk"], per_group=workgroup)


def _passes(plan: ArgExtreme, file: str, workgroup: int, chunk: int, per_group: int) -> Work:
    """One launch per level of chunks, ``per_group`` of them per workgroup."""
    launches: list[Launch] = []
    scratch: dict[str, int] = {}
    source, n_candidates = "", plan.n_cols
    declared = declare(WORKGROUP=workgroup, CHUNK=chunk) + keys(plan.dtype, inverted=plan.op == "min")
    while True:
        n_chunks = -(-n_candidates // chunk)
        is_last = n_chunks == 1
        target = "out" if is_last else f"level_{len(launches)}"
        if not is_last:
            scratch[target] = plan.n_rows * n_chunks * uint32.storage_bytes
        declarations = (
            declared
            + declare(IS_LAST=is_last)
            + index(plan.index if is_last else uint32)
            + _column_of(_PLACES[file] if source else "")
        )
        params = {
            "n_rows": plan.n_rows,
            "n_candidates": n_candidates,
            "n_chunks": n_chunks,
            "row_step": as_u32(plan.row_step),
            "col_step": as_u32(plan.col_step),
        }
        groups = -(-plan.n_rows * n_chunks // per_group)
        launches.append(Launch(load(file, declarations), groups, params, {"out": target, "candidates": source}))
        if is_last:
            return Work(launches, scratch)
        source, n_candidates = target, n_chunks


def _column_of(place: str) -> str:
    """Declares ``column_of``: the candidate itself at first, then what an earlier launch has left at ``place``."""
    binding = "@group(0) @binding(2) var<storage, read> candidates: array<u32>;\n" if place else ""
    column = f"candidates[{place}]" if place else "candidate"
    return f"{binding}fn column_of(row: u32, candidate: u32) -> u32 {{ return {column}; }}\n"
