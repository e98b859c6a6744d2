"""Progressions: elements computed from their position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..plan import Progression
from ..shader import declare, load
from .elementwise import scalar_bits
from .protocol import Capabilities, Config, Launch, Work


@dataclass(frozen=True)
class ProgressionKernel:
    """Any progression. Configuration: ``workgroup`` invocations, one element each."""

    name: str = "progression"
    operation: str = "progression"
    version: int = 1

    def why_not(self, plan: Progression, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Progression, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64}]

    def launches(self, plan: Progression, device: Capabilities, config: Config) -> Work:
        scalars = "".join(
            f"fn {spec.name}() -> T {{ return {scalar_bits(plan.dtype, f'params.operands[{i}]')}; }}\n"
            for i, spec in enumerate(plan.specs)
            if spec.name in ("start", "step", "stop")
        )
        expression = (
            f"fn element(i: u32, n: u32, start: T, step: T, stop: T) -> T {{ return {plan.expression}; }}\n"
        )
        shader = load("progression_dense", declare(T=plan.dtype, WORKGROUP=config["workgroup"]) + scalars + expression)
        return Work([Launch(shader, -(-plan.n // config["workgroup"]), {"count": plan.n})])
