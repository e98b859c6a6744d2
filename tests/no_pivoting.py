"""A kernel that is wrong on purpose: elimination without pivoting, written as a plugin would be.

It inverts most random matrices well enough to be believed. The accuracy gate has to catch it, and to say why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from webgpu_array.extending import Capabilities, Config, Inverse, Launch, Work, report_library, wgsl

TEXT = Path(__file__).with_suffix(".wgsl").read_text(encoding="utf-8")


@dataclass(frozen=True)
class NoPivoting:
    name: str = "no_pivoting"
    operation: str = "inverse"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        if plan.dtype.is_complex:
            return "the elements are complex"
        return None if plan.n <= 8 else f"a matrix of order {plan.n} is too large for one invocation"

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64}]

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        size = config["workgroup"]
        shader = wgsl(
            "no_pivoting.wgsl", TEXT, report_library(plan), T=plan.dtype, F=plan.dtype, N=plan.n, WORKGROUP=size
        )
        return Work([Launch(shader, -(-plan.batch // size), {"batch": plan.batch, "zero": 0})])
