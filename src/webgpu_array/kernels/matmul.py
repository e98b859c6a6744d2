"""Matrix products of operands with any steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import DType, float32, float64, lowered
from ..plans.linalg import MatMul
from ..shader import as_u32, declare, load
from ..shapes import is_contiguous
from .elements import loaded, storable
from .protocol import Capabilities, Config, Launch, Work

# Large tiles that fill a large device: with fewer, smaller tiles keep more of it busy.
_FEWEST_TILES = 128


@dataclass(frozen=True)
class MatMulDot:
    """A workgroup per element of the result: for few elements and long sums.

    Configuration: ``workgroup`` invocations, a power of two.
    """

    name: str = "matmul_dot"
    operation: str = "matmul"
    version: int = 1

    def why_not(self, plan: MatMul, device: Capabilities) -> str | None:
        if plan.k < 32:
            return "the sums are short"
        if min(plan.m, plan.n) > 1 and plan.m * plan.n > 256:
            return "each operand would be read many times"
        return None

    def configs(self, plan: MatMul, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 256 if plan.k > 512 else 64}]

    def launches(self, plan: MatMul, device: Capabilities, config: Config) -> Work:
        shader = load("matmul_dot", _arithmetic(plan.dtype, device) + declare(WORKGROUP=config["workgroup"]))
        return Work([Launch(shader, plan.batch * plan.m * plan.n, _sizes(plan))])


@dataclass(frozen=True)
class MatMulSmall:
    """A tile of 16 by 16 results per workgroup, one per invocation."""

    name: str = "matmul_small"
    operation: str = "matmul"
    version: int = 1

    def why_not(self, plan: MatMul, device: Capabilities) -> str | None:
        if plan.m > 48 and plan.n > 48:
            return "larger tiles read each operand fewer times"
        return None

    def configs(self, plan: MatMul, device: Capabilities) -> Sequence[Config]:
        return [{"tile": 16}]

    def launches(self, plan: MatMul, device: Capabilities, config: Config) -> Work:
        return _tiled(plan, "matmul_small", _arithmetic(plan.dtype, device), config["tile"], {"TILE": config["tile"]})


@dataclass(frozen=True)
class MatMulTiled:
    """A tile of 64 by 64 results per workgroup, 4 by 4 in the registers of each invocation."""

    name: str = "matmul_tiled"
    operation: str = "matmul"
    version: int = 1

    def why_not(self, plan: MatMul, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: MatMul, device: Capabilities) -> Sequence[Config]:
        # 128 elements per unit of depth, in the 16 KiB of workgroup memory that every device has.
        return [{"depth": 8 if plan.dtype.bits == 128 else 16}]

    def launches(self, plan: MatMul, device: Capabilities, config: Config) -> Work:
        return _tiled(plan, "matmul_tiled", _arithmetic(plan.dtype, device), 64, {"DEPTH": config["depth"]})


@dataclass(frozen=True)
class MatMulLarge:
    """A tile of 128 by 128 results per workgroup, 8 by 8 in the registers of each invocation.

    Configuration: ``stripe`` tiles side by side whose workgroups follow each other.
    """

    name: str = "matmul_large"
    operation: str = "matmul"
    version: int = 1

    def why_not(self, plan: MatMul, device: Capabilities) -> str | None:
        if plan.dtype not in (float32, float64):
            return "WGSL has no vectors of four of this type that it multiplies"
        if plan.n % 4 or plan.k % 4:
            return "rows are not whole vectors of four elements"
        if not all(is_contiguous(spec.shape, spec.strides or ()) for spec in plan.specs):
            return "an operand is not contiguous"
        if plan.k < 64 or plan.batch * (plan.m // 128) * (plan.n // 128) < _FEWEST_TILES:
            return "the tiles are too few to fill a device"
        if 4096 * plan.dtype.storage_bytes > device.limits["max-compute-workgroup-storage-size"]:
            return "workgroup memory holds no pair of tiles"
        return None

    def configs(self, plan: MatMul, device: Capabilities) -> Sequence[Config]:
        return [{"stripe": 8}]

    def launches(self, plan: MatMul, device: Capabilities, config: Config) -> Work:
        constants = declare(T=plan.dtype, STRIPE=config["stripe"])
        groups = plan.batch * -(-plan.m // 128) * -(-plan.n // 128)
        sizes = {"batch": plan.batch, "m": plan.m, "n": plan.n, "k": plan.k}
        return Work([Launch(load("matmul_large", constants), groups, sizes)])


def _arithmetic(dtype: DType, device: Capabilities) -> str:
    """Types in memory and in arithmetic, how one becomes the other, and the libraries that compute."""
    computed = lowered(dtype, device)
    four = "native" if computed.number == "native" else "scalar"
    return (
        f"// uses: number_{computed.number}, four_{four}\n{declare(T=computed)}alias S = {computed.storage};\n"
        f"fn load(element: S) -> T {{ return {loaded(computed, 'element')}; }}\n"
        f"fn store(value: T) -> S {{ return {storable(computed, 'value')}; }}\n"
    )


def _tiled(plan: MatMul, file: str, arithmetic: str, tile: int, constants: dict[str, int]) -> Work:
    # Lanes follow the axis along which an operand is contiguous.
    fast = {
        "X1_ALONG_K": abs(plan.x1_steps[2]) <= abs(plan.x1_steps[1]),
        "X2_ALONG_N": abs(plan.x2_steps[2]) <= abs(plan.x2_steps[1]),
    }
    shader = load(file, arithmetic + declare(**constants, **fast))
    groups = plan.batch * -(-plan.m // tile) * -(-plan.n // tile)
    return Work([Launch(shader, groups, _sizes(plan))])


def _sizes(plan: MatMul) -> dict[str, int | tuple[int, ...]]:
    def steps(three: tuple[int, int, int]) -> tuple[int, ...]:
        return (*map(as_u32, three), 0)

    return {
        "out_steps": steps(plan.out_steps),
        "x1_steps": steps(plan.x1_steps),
        "x2_steps": steps(plan.x2_steps),
        "batch": plan.batch,
        "m": plan.m,
        "n": plan.n,
        "k": plan.k,
    }
