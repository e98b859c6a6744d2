"""Progressions: elements computed from their position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import lowered, uint32
from ..plans.elementwise import Progression
from ..shader import declare, load
from .elements import conversion_libraries, converted, scalar_bits, storable
from .protocol import Capabilities, Config, Launch, Work


@dataclass(frozen=True)
class ProgressionKernel:
    """Any progression. Configuration: ``workgroup`` invocations, one element each."""

    name: str = "progression"
    operation: str = "progression"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Progression, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Progression, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64}]

    def launches(self, plan: Progression, device: Capabilities, config: Config) -> Work:
        dtype = lowered(plan.dtype, device)
        uses = [f"number_{dtype.number}", *conversion_libraries((uint32, dtype))]
        lines = [f"// uses: {name}" for name in uses]
        lines += [
            f"fn {spec.name}() -> T {{ return {scalar_bits(dtype, f'params.operands[{i}]')}; }}"
            for i, spec in enumerate(plan.specs)
            if spec.name in ("start", "step", "stop")
        ]
        lines += [
            f"alias S = {dtype.storage};",
            f"fn number(i: u32) -> T {{ return {converted('i', uint32, dtype)}; }}",
            f"fn element(i: u32, n: u32, start: T, step: T, stop: T) -> S {{ return {storable(dtype, plan.expression)}; }}",
        ]
        declarations = declare(T=dtype, WORKGROUP=config["workgroup"]) + "\n".join(lines) + "\n"
        shader = load("progression_dense", declarations)
        return Work([Launch(shader, -(-plan.n // config["workgroup"]), {"count": plan.n})])
