"""Reading and writing at positions that another operand holds, or that a mask selects."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import lowered
from ..plans.indexing import Gather, LastWrites, MaskedCopy, RepeatPositions, Scatter
from ..shader import ParamValue, as_u32, declare, load
from ..shapes import Strides
from .protocol import Capabilities, Config, Launch, Work

_WORKGROUP = 64


@dataclass(frozen=True)
class GatherKernel:
    """Any gather plan. Configuration: ``workgroup`` invocations, one element each."""

    name: str = "gather"
    operation: str = "gather"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Gather, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Gather, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": _WORKGROUP}]

    def launches(self, plan: Gather, device: Capabilities, config: Config) -> Work:
        steps = (plan.out_steps, plan.x_steps, plan.offset_steps)
        return _strided("gather_elements", plan, steps, device, config, declare(IS_WINDOW=plan.window is not None))


@dataclass(frozen=True)
class ScatterKernel:
    """Any scatter plan. Configuration: ``workgroup`` invocations, one element each."""

    name: str = "scatter"
    operation: str = "scatter"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Scatter, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Scatter, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": _WORKGROUP}]

    def launches(self, plan: Scatter, device: Capabilities, config: Config) -> Work:
        steps = (plan.x_steps, plan.value_steps, plan.offset_steps, plan.offset_steps)
        declarations = declare(IS_WINDOW=plan.window is not None)
        choice = "fn is_chosen(at: u32) -> bool { return true; }\n"
        if plan.chosen:
            choice = (
                "@group(0) @binding(3) var<storage, read> chosen: array<u32>;\n"
                "fn is_chosen(at: u32) -> bool { return chosen[at] != 0u; }\n"
            )
        return _strided("scatter_elements", plan, steps, device, config, declarations + choice)


@dataclass(frozen=True)
class MaskedCopyKernel:
    """Any masked copy. Configuration: ``workgroup`` invocations, one element each."""

    name: str = "masked_copy"
    operation: str = "masked_copy"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: MaskedCopy, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: MaskedCopy, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": _WORKGROUP}]

    def launches(self, plan: MaskedCopy, device: Capabilities, config: Config) -> Work:
        steps = (plan.x_steps, plan.value_steps, plan.mask_steps)
        return _strided("scatter_masked", plan, steps, device, config)


def _strided(
    file: str,
    plan: Gather | Scatter | MaskedCopy,
    columns: Sequence[Strides],
    device: Capabilities,
    config: Config,
    declarations: str = "",
) -> Work:
    """One launch of an invocation per element of the plan's shape; ``columns`` are the steps of up to four operands."""
    # A shader's arrays have at least one element.
    shape, columns = (plan.shape, columns) if plan.shape else ((1,), [(0,)] * len(columns))
    columns = [*columns, *[(0,) * len(shape)] * (4 - len(columns))]
    n = math.prod(shape)
    params: dict[str, ParamValue] = {
        "n": n,
        "lengths": tuple(word for length in shape for word in (length, 0, 0, 0)),
        "steps": tuple(as_u32(step) for axis in zip(*columns, strict=True) for step in axis),
    }
    if not isinstance(plan, MaskedCopy):
        first, length = plan.window or (0, 0)
        params |= {"window_first": as_u32(first), "window_length": length}
    declarations += declare(WORKGROUP=config["workgroup"], AXES=len(shape))
    declarations += f"alias S = {lowered(plan.dtype, device).storage};\n"
    return Work([Launch(load(file, declarations), -(-n // config["workgroup"]), params)])


@dataclass(frozen=True)
class LastWritesKernel:
    """A record of each cell's last writer, kept with atomics, for as many cells at a time as one binding holds.

    Configuration: ``workgroup`` invocations.
    """

    name: str = "last_writes"
    operation: str = "last_writes"
    version: int = 2
    api_version: int = 1

    def why_not(self, plan: LastWrites, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: LastWrites, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": _WORKGROUP}]

    def launches(self, plan: LastWrites, device: Capabilities, config: Config) -> Work:
        workgroup = config["workgroup"]
        declarations = declare(WORKGROUP=workgroup)
        groups = -(-plan.n // workgroup)
        # Half a binding, in words.
        per_window = min(plan.n_cells, device.limits["max-storage-buffer-binding-size"] // 8)
        launches: list[Launch] = []
        for first in range(0, plan.n_cells, per_window):
            n_cells = min(per_window, plan.n_cells - first)
            window = {"n": plan.n, "first": first, "n_cells": n_cells}
            launches += [
                Launch(load("scatter_forget", declarations), -(-n_cells // workgroup), {"n_cells": n_cells}),
                Launch(load("scatter_record", declarations), groups, window),
                Launch(load("scatter_choose", declarations), groups, window),
            ]
        return Work(launches, {"winners": 4 * per_window})


@dataclass(frozen=True)
class RepeatPositionsKernel:
    """An invocation per position. Configuration: ``workgroup`` invocations."""

    name: str = "repeat_positions"
    operation: str = "repeat_positions"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: RepeatPositions, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: RepeatPositions, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": _WORKGROUP}]

    def launches(self, plan: RepeatPositions, device: Capabilities, config: Config) -> Work:
        shader = load("repeat_positions", declare(WORKGROUP=config["workgroup"]))
        groups = -(-plan.n // config["workgroup"])
        return Work([Launch(shader, groups, {"n": plan.n, "n_ends": plan.n_ends})])
