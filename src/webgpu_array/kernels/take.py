"""Elements at positions that another operand holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import lowered
from ..plan import Take
from ..shader import ParamValue, as_u32, declare, load
from .protocol import Capabilities, Config, Launch, Work


@dataclass(frozen=True)
class TakeKernel:
    """Any take plan. Configuration: ``workgroup`` invocations, one element each."""

    name: str = "take"
    operation: str = "take"
    version: int = 1

    def why_not(self, plan: Take, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Take, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64}]

    def launches(self, plan: Take, device: Capabilities, config: Config) -> Work:
        count = plan.outer * plan.n * plan.inner
        declarations = declare(WORKGROUP=config["workgroup"]) + f"alias S = {lowered(plan.dtype, device).storage};\n"
        params: dict[str, ParamValue] = {
            "x_steps": (*map(as_u32, plan.x_steps), 0),
            "count": count,
            "length": plan.length,
            "inner": plan.inner,
            "n": plan.n,
        }
        return Work([Launch(load("take_axis", declarations), -(-count // config["workgroup"]), params)])
