"""A plugin of webgpu-array: inverses by LU factorization in workgroup memory, of real and of complex matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from webgpu_array.extending import (
    API_VERSION,
    Capabilities,
    Config,
    DType,
    Inverse,
    Kernel,
    Launch,
    Work,
    hookimpl,
    report_library,
    wgsl,
)

_SHADER = "lu_rows.wgsl"

# A software adapter ends all loops of a shader after 65,535 rounds together, which one invocation for a matrix of order 56
# would need. Elsewhere workgroup memory sets the limit.
_LARGEST_ON_CPU = 48

# Elements of a vector of a software adapter; invocations that run together on a GPU.
_VECTOR, _SUBGROUP = 8, 32


@dataclass(frozen=True)
class LURows:
    """Matrices that fit workgroup memory twice or nearly: to order 30 to 50 where there are 16 KiB, as browsers have.

    Configuration: ``lanes`` invocations of a team, ``teams`` of a workgroup with a matrix each, ``columns`` that an invocation
    updates at a time.
    """

    name: str = "lu_rows"
    operation: str = "inverse"
    version: int = 1
    api_version: int = API_VERSION

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        if device.kind == "software" and plan.n > _LARGEST_ON_CPU:
            return f"n is above {_LARGEST_ON_CPU}: loops would take more rounds than {device.name} grants"
        if not self.configs(plan, device):
            return f"a {plan.dtype.name} matrix of order {plan.n} does not fit the workgroup memory of {device.name}"
        return None

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        whole = 1 << (plan.n - 1).bit_length()
        if device.kind == "software":
            # A matrix per element of a vector, or a row where that does not fit.
            sizes = [(1, _VECTOR, 4), (_VECTOR, 1, 1)]
        else:
            widths = dict.fromkeys(min(max(lanes, 1), 64) for lanes in (whole, whole // 2, whole // 4))
            sizes = [(lanes, max(_SUBGROUP // lanes, 1), 1) for lanes in widths]
        limit = device.limits["max-compute-workgroup-storage-size"]
        fitting: list[Config] = []
        for lanes, teams, columns in sizes:
            teams = min(teams, limit // _team_nbytes(plan.n, plan.dtype, lanes, columns))
            # Fewer matrices than half the elements of a vector are a waste of it.
            if teams and not (lanes == 1 and teams < _VECTOR // 2):
                fitting.append({"lanes": lanes, "teams": teams, "columns": columns})
        return fitting

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        teams = config["teams"]
        shader = wgsl(
            _SHADER,
            _text(),
            "field_complex" if plan.dtype.is_complex else "field_real",
            f"reciprocal_{'complex' if plan.dtype.is_complex else plan.dtype.wgsl}",
            report_library(plan),
            T=plan.dtype,
            N=plan.n,
            LANES=config["lanes"],
            TEAMS=teams,
            COLUMNS=config["columns"],
        )
        return Work([Launch(shader, -(-plan.batch // teams), {"batch": plan.batch, "zero": 0})])


def _team_nbytes(n: int, dtype: DType, lanes: int, columns: int) -> int:
    """Workgroup memory of a team, as the shader declares it; room for alignment included."""
    pitch = n + max((columns - 1) * lanes, 3)
    elements = n * pitch + lanes * (n + 1 - n % 2) + (n + 3)
    return elements * dtype.storage_bytes + n * 4 + (n + lanes) * 8 + 96


@cache
def _text() -> str:
    return files(__package__).joinpath(_SHADER).read_text(encoding="utf-8")


@hookimpl
def webgpu_array_kernels() -> list[Kernel]:
    """The kernel of this package."""
    return [LURows()]
