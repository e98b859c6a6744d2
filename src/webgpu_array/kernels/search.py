"""Bisection of sorted elements, for positions and for membership."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..plans.sorting import Search
from ..shader import declare, load
from .protocol import Capabilities, Config, Launch, Work
from .sort_keys import index, keys

_FOUND = "position < params.m && !differs(value, element_at(min(position, params.m - 1u)))"
_ANSWERS = {
    "left": "as_index(position)",
    "right": "as_index(position)",
    "in": f"select(0u, 1u, {_FOUND})",
    "not in": f"select(1u, 0u, {_FOUND})",
}


@dataclass(frozen=True)
class SearchKernel:
    """Any search plan. Configuration: ``workgroup`` invocations, one value each."""

    name: str = "search"
    operation: str = "search"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Search, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Search, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64}]

    def launches(self, plan: Search, device: Capabilities, config: Config) -> Work:
        declarations = "\n".join(
            [
                declare(WORKGROUP=config["workgroup"]) + keys(plan.dtype) + index(plan.index),
                "alias R = u32;" if plan.op in ("in", "not in") else "alias R = I;",
                "@group(0) @binding(3) var<storage, read> sorter: array<u32>;" if plan.has_sorter else "",
                f"fn element_at(i: u32) -> S {{ return x[{'sorter[i]' if plan.has_sorter else 'i'}]; }}",
                # To the right of equal elements, or else to the left.
                f"fn is_passed(element: S, value: S) -> bool {{ return {_passed(plan.op)}; }}",
                f"fn answer(position: u32, value: S) -> R {{ return {_ANSWERS[plan.op]}; }}\n",
            ]
        )
        groups = -(-plan.n // config["workgroup"])
        return Work([Launch(load("search_sorted", declarations), groups, {"m": plan.m, "n": plan.n})])


def _passed(op: str) -> str:
    return "!comes_before(value, element)" if op == "right" else "comes_before(element, value)"
