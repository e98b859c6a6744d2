"""Random numbers from Philox 4×32-10, a counter-based generator: block i needs no block before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import DType, float32, float64, lowered
from ..plans.random import Random
from ..shader import declare, load
from .elements import type_name
from .protocol import Capabilities, Config, Launch, Work, too_large

# Numbers that one block of 128 random bits gives, by distribution and type.
_PER_BLOCK = {("uniform", float32): 4, ("uniform", float64): 2, ("standard_normal", float32): 2, ("standard_normal", float64): 2}

# The library of shaders/lib that turns random words into floating-point numbers.
_LIBRARY = {"uniform": "uniform_*", "standard_normal": "normal_*"}


def per_block(distribution: str, dtype: DType) -> int:
    """Numbers that one block of the stream gives: of integers a single one."""
    return _PER_BLOCK.get((distribution, dtype), 1)


def n_blocks(distribution: str, dtype: DType, n: int) -> int:
    """Blocks of the stream that ``n`` numbers use up."""
    return -(-n // per_block(distribution, dtype))


@dataclass(frozen=True)
class PhiloxKernel:
    """Every distribution, one block per invocation. Configuration: ``workgroup`` invocations."""

    name: str = "philox"
    operation: str = "random"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Random, device: Capabilities) -> str | None:
        nbytes = plan.specs[0].nbytes
        if nbytes > device.limits["max-storage-buffer-binding-size"]:
            return too_large(nbytes, plan, device)
        return None

    def configs(self, plan: Random, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64}]

    def launches(self, plan: Random, device: Capabilities, config: Config) -> Work:
        if plan.distribution == "integers":
            word = lowered(plan.word, device)
            uses = f"// uses: number_{word.number}, draw_{type_name(word)}\n"
            shader = load("philox_integers", uses + declare(T=word, WORKGROUP=config["workgroup"]))
        else:
            constants = declare(T=plan.dtype, WORKGROUP=config["workgroup"], OPERANDS=len(plan.specs))
            shader = load("philox_floats", f"// uses: {_LIBRARY[plan.distribution]}\n" + constants)
        groups = -(-n_blocks(plan.distribution, plan.dtype, plan.n) // config["workgroup"])
        return Work([Launch(shader, groups, {"n": plan.n})])
