"""Where the first flag of a batch stands, so that the host reads two words instead of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..plans.reduction import FirstNonzero
from ..shader import declare, load
from .protocol import Capabilities, Config, Launch, Work

# Flags of a part: 256 rounds of a workgroup.
_SPAN = 1 << 16


@dataclass(frozen=True)
class FirstNonzeroKernel:
    """A workgroup for each part of the batch, then one for what they found."""

    name: str = "first_nonzero"
    operation: str = "first_nonzero"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: FirstNonzero, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: FirstNonzero, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 256}]

    def launches(self, plan: FirstNonzero, device: Capabilities, config: Config) -> Work:
        def launch(n: int, span: int, merged: bool, buffers: Mapping[str, str]) -> Launch:
            shader = load("first_nonzero", declare(WORKGROUP=config["workgroup"], MERGED=merged))
            return Launch(shader, max(-(-n // span), 1), {"n": n, "span": span}, buffers)

        n_parts = -(-plan.n // _SPAN)
        if n_parts <= 1:
            return Work([launch(plan.n, _SPAN, False, {})])
        found = launch(plan.n, _SPAN, False, {"status": "parts"})
        return Work([found, launch(2 * n_parts, 2 * n_parts, True, {"flags": "parts"})], {"parts": 8 * n_parts})
