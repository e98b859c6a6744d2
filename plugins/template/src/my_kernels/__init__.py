"""Kernels for webgpu-array. Say here where they win, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from webgpu_array.extending import Capabilities, Config, Inverse, Kernel, Launch, Work, hookimpl, report_library, wgsl

_TEXT = Path(__file__).with_name("my_inverse.wgsl").read_text(encoding="utf-8")

# The largest order that compiles and runs in reasonable time with a matrix per invocation.
_LARGEST = 8


@dataclass(frozen=True)
class MyInverse:
    """n ≤ 8: one invocation per matrix."""

    name: str = "my_inverse"
    operation: str = "inverse"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        if plan.dtype.is_complex:
            return "the elements are complex"
        return None if plan.n <= _LARGEST else f"a matrix of order {plan.n} is too large for one invocation"

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64}, {"workgroup": 32}]

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        size = config["workgroup"]
        shader = wgsl(
            "my_inverse.wgsl", _TEXT, report_library(plan), T=plan.dtype, F=plan.dtype, N=plan.n, WORKGROUP=size
        )
        return Work([Launch(shader, -(-plan.batch // size), {"batch": plan.batch, "zero": 0})])


@hookimpl
def webgpu_array_kernels() -> list[Kernel]:
    """The kernels of this package, preferred first."""
    return [MyInverse()]
