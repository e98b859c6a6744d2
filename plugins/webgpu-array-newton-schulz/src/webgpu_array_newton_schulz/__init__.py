"""A plugin of webgpu-array: inverses by matrix products alone, the iteration of Newton and Schulz."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from webgpu_array.extending import (
    API_VERSION,
    Capabilities,
    Config,
    Inverse,
    Kernel,
    Launch,
    Work,
    float32,
    hookimpl,
    report_library,
    wgsl,
)

_SHADER = "newton_schulz.wgsl"

# Beyond, products should be spread over many workgroups. A software adapter also ends all loops of a shader after 65,535
# rounds together.
_LARGEST, _LARGEST_ON_CPU = 32, 24

# Up to this order a software adapter takes a matrix per element of its vectors, beyond it a column.
_ONE_LANE = 12

# Elements of a vector of a software adapter; invocations that run together on a GPU.
_VECTOR, _SUBGROUP = 8, 32

# By bytes of an element, how many steps are tried: 2 log₂ κ until R falls, up to a κ of 1 / epsilon, and some to become small.
_STEPS = {4: 60, 8: 112}

# By bytes of an element (IEEE 754): bits behind the point, and what is added to exponents.
_FRACTION, _BIAS = {4: 23, 8: 52}, {4: 127, 8: 1023}


@dataclass(frozen=True)
class NewtonSchulz:
    """Real matrices up to order 32 (24 on software adapters), if they are well-conditioned: others become NaN, with rcond 0.

    Configuration: ``lanes`` invocations of a team, ``teams`` of a workgroup with a matrix each.
    """

    name: str = "newton_schulz"
    operation: str = "inverse"
    version: int = 2
    api_version: int = API_VERSION

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        if plan.dtype.is_complex:
            return "the elements are complex"
        largest = _LARGEST_ON_CPU if device.kind == "software" else _LARGEST
        if plan.n > largest:
            return f"n is above {largest}"
        if not self.configs(plan, device):
            return f"four {plan.dtype.name} matrices of order {plan.n} do not fit the workgroup memory of {device.name}"
        return None

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        if device.kind == "software":
            widths = [1 if plan.n <= _ONE_LANE else _VECTOR]
        else:
            whole = 1 << (plan.n - 1).bit_length()
            widths = sorted({whole, max(whole // 2, 1)}, reverse=True)
        limit = device.limits["max-compute-workgroup-storage-size"]
        together = _VECTOR if device.kind == "software" else _SUBGROUP
        teams = {lanes: min(max(together // lanes, 1), limit // _team_nbytes(plan, lanes)) for lanes in widths}
        return [{"lanes": lanes, "teams": count} for lanes, count in teams.items() if count]

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        teams = config["teams"]
        in_f64 = plan.dtype == float32 and "shader-f64" in device.features
        shader = wgsl(
            _SHADER,
            _text(),
            report_library(plan),
            "wide_real",
            "wide_f64" if in_f64 else "wide_pair",
            T=plan.dtype,
            N=plan.n,
            LANES=config["lanes"],
            TEAMS=teams,
            STEPS=_STEPS[plan.dtype.storage_bytes],
            FRACTION=_FRACTION[plan.dtype.storage_bytes],
            EXPONENT_BIAS=_BIAS[plan.dtype.storage_bytes],
        )
        return Work([Launch(shader, -(-plan.batch // teams), {"batch": plan.batch, "zero": 0})])


def _team_nbytes(plan: Inverse, lanes: int) -> int:
    """Workgroup memory of a team, as the shader declares it; room for alignment included."""
    padded = -(-plan.n // 4) * 4
    return (4 * padded * padded + padded + lanes) * plan.dtype.storage_bytes + 96


@cache
def _text() -> str:
    return files(__package__).joinpath(_SHADER).read_text(encoding="utf-8")


@hookimpl
def webgpu_array_kernels() -> list[Kernel]:
    """The kernel of this package."""
    return [NewtonSchulz()]
