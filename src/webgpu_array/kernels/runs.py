"""Runs of equal elements in sorted vectors: how many, and what is where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..plans.sorting import RUN_TILE, CountRuns, WriteRuns
from ..shader import declare, load
from .protocol import Capabilities, Config, Launch, Work
from .sort_keys import index, keys

# Output -> its elements, and the function of the shader that writes it, with the statement.
_OUTPUTS = {
    "values": ("S", "write_run", "values[run] = x[i];"),
    "starts": ("I", "write_run", "starts[run] = as_index(i);"),
    "indices": ("I", "write_run", "indices[run] = as_index(order[i]);"),
    "inverse": ("I", "write_member", "inverse[order[i]] = as_index(run);"),
}


@dataclass(frozen=True)
class CountRunsKernel:
    """Any plan to count runs. No configuration: the plan fixes the tiles."""

    name: str = "count_runs"
    operation: str = "count_runs"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: CountRuns, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: CountRuns, device: Capabilities) -> Sequence[Config]:
        return [{}]

    def launches(self, plan: CountRuns, device: Capabilities, config: Config) -> Work:
        shader = load("sort_count_runs", declare(TILE=RUN_TILE) + keys(plan.dtype))
        return Work([Launch(shader, plan.n_tiles, {"n": plan.n})])


@dataclass(frozen=True)
class WriteRunsKernel:
    """Any plan to write runs. No configuration: the plan fixes the tiles."""

    name: str = "write_runs"
    operation: str = "write_runs"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: WriteRuns, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: WriteRuns, device: Capabilities) -> Sequence[Config]:
        return [{}]

    def launches(self, plan: WriteRuns, device: Capabilities, config: Config) -> Work:
        declarations = declare(TILE=RUN_TILE) + keys(plan.dtype) + index(plan.index) + _outputs(plan)
        return Work([Launch(load("sort_write_runs", declarations), plan.n_tiles, {"n": plan.n})])


def _outputs(plan: WriteRuns) -> str:
    """Declares the outputs that the plan wants, and the functions that write them."""
    bindings = [("read_write", name, _OUTPUTS[name][0]) for name in plan.wants]
    if plan.has_order:
        bindings.append(("read", "order", "u32"))
    lines = [
        f"@group(0) @binding({number}) var<storage, {access}> {name}: array<{element}>;"
        for number, (access, name, element) in enumerate(bindings, start=2)
    ]
    for function in ("write_run", "write_member"):
        statements = " ".join(_OUTPUTS[name][2] for name in plan.wants if _OUTPUTS[name][1] == function)
        lines.append(f"fn {function}(run: u32, i: u32) {{ {statements} }}")
    end = "starts[n_runs] = as_index(n);" if "starts" in plan.wants else ""
    lines.append(f"fn write_end(n_runs: u32, n: u32) {{ {end} }}\n")
    return "\n".join(lines)
