"""Random numbers from Philox 4×32-10, a counter-based generator: block i needs no block before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..plan import Random
from ..shader import declare, load
from .protocol import Capabilities, Config, Launch, Work, too_large

# Numbers that one block of 128 random bits gives, by distribution and bits of the number.
PER_BLOCK = {
    ("uniform", 32): 4,
    ("uniform", 64): 2,
    ("standard_normal", 32): 2,
    ("standard_normal", 64): 2,
    ("integers", 32): 1,
    ("integers", 64): 1,
}

# The library of shaders/lib that turns random words into numbers, for both sizes.
_LIBRARY = {
    "uniform": ("uniform_f32", "uniform_f64"),
    "standard_normal": ("normal_f32", "normal_f64"),
    "integers": ("draw_u32", "draw_u64"),
}


def n_blocks(distribution: str, bits: int, n: int) -> int:
    """Blocks of the stream that ``n`` numbers of ``bits`` bits use up."""
    return -(-n // PER_BLOCK[distribution, bits])


@dataclass(frozen=True)
class PhiloxKernel:
    """Every distribution, one block per invocation. Configuration: ``workgroup`` invocations."""

    name: str = "philox"
    operation: str = "random"
    version: int = 1

    def why_not(self, plan: Random, device: Capabilities) -> str | None:
        nbytes = plan.specs[0].nbytes
        if nbytes > device.limits["max-storage-buffer-binding-size"]:
            return too_large(nbytes, plan, device)
        return None

    def configs(self, plan: Random, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64}]

    def launches(self, plan: Random, device: Capabilities, config: Config) -> Work:
        library = _LIBRARY[plan.distribution][plan.dtype.bits == 64]
        constants = {"WORKGROUP": config["workgroup"]}
        if plan.distribution == "integers":
            file = "philox_integers"
        else:
            file = "philox_floats"
            constants["OPERANDS"] = len(plan.specs)
        shader = load(file, f"// uses: {library}\n" + declare(**constants))
        groups = -(-n_blocks(plan.distribution, plan.dtype.bits, plan.n) // config["workgroup"])
        return Work([Launch(shader, groups, {"n": plan.n})])
