"""What is said of a batch of inverses: the library in which kernels say it, and the status record of a whole batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..plans.linalg import Inverse, InverseStatus, PositiveInverse
from ..shader import declare, load
from .protocol import Capabilities, Config, Launch, Work

_RECORD_BYTES = 16


def report_library(plan: Inverse | PositiveInverse) -> str:
    """The library with the function ``report`` that writes what ``plan`` wants to know of each matrix."""
    return "inverse_report_any" if plan.flags_only else "inverse_report_each"


@dataclass(frozen=True)
class InverseStatusKernel:
    """Any batch: at most one workgroup per invocation of the merging workgroup."""

    name: str = "inverse_status"
    operation: str = "inverse_status"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: InverseStatus, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: InverseStatus, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 256}]

    def launches(self, plan: InverseStatus, device: Capabilities, config: Config) -> Work:
        size = config["workgroup"]
        workgroups = min(-(-plan.batch // size), size)
        collect = load("inverse_status", declare(T=plan.dtype, WORKGROUP=size))
        merge = load("inverse_status_merge", declare(WORKGROUP=size))
        return Work(
            [
                Launch(collect, workgroups, {"batch": plan.batch, "workgroups": workgroups}),
                Launch(merge, 1, {"workgroups": workgroups}),
            ],
            {"records": workgroups * _RECORD_BYTES},
        )
