"""Where the first flag of a batch stands, so that the host reads two words instead of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..plans.reduction import FirstNonzero
from ..shader import declare, load
from .protocol import Capabilities, Config, Launch, Work


@dataclass(frozen=True)
class FirstNonzeroKernel:
    """One workgroup over the whole batch."""

    name: str = "first_nonzero"
    operation: str = "first_nonzero"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: FirstNonzero, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: FirstNonzero, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 256}]

    def launches(self, plan: FirstNonzero, device: Capabilities, config: Config) -> Work:
        return Work([Launch(load("first_nonzero", declare(WORKGROUP=config["workgroup"])), 1, {"n": plan.n})])
