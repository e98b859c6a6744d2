"""Matrix products of operands with any steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import DType, lowered
from ..plans.linalg import MatMul
from ..shader import as_u32, declare, load
from ..shapes import is_contiguous
from .elements import loaded, storable
from .product import Tiles, product_tiles, width_of
from .protocol import Capabilities, Config, Launch, Work


@dataclass(frozen=True)
class MatMulDot:
    """A workgroup per element of the result: for few elements and long sums.

    Configuration: ``workgroup`` invocations, a power of two.
    """

    name: str = "matmul_dot"
    operation: str = "matmul"
    version: int = 1
    api_version: int = 1

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
    api_version: int = 1

    def why_not(self, plan: MatMul, device: Capabilities) -> str | None:
        if plan.m > 48 and plan.n > 48:
            return "larger tiles read each operand fewer times"
        return None

    def configs(self, plan: MatMul, device: Capabilities) -> Sequence[Config]:
        return [{"tile": 16}]

    def launches(self, plan: MatMul, device: Capabilities, config: Config) -> Work:
        tile = config["tile"]
        along1, along2 = _along_i(plan)
        constants = declare(TILE=tile, X1_ALONG_K=along1, X2_ALONG_N=not along2)
        groups = plan.batch * -(-plan.m // tile) * -(-plan.n // tile)
        return Work([Launch(load("matmul_small", _arithmetic(plan.dtype, device) + constants), groups, _sizes(plan))])


@dataclass(frozen=True)
class MatMulTiled:
    """Tiles of results per workgroup, parts of them in the registers of each invocation; operands with any steps.

    Configuration: the fields of ``product.Tiles``.
    """

    name: str = "matmul_tiled"
    operation: str = "matmul"
    version: int = 2
    api_version: int = 1

    def why_not(self, plan: MatMul, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: MatMul, device: Capabilities) -> Sequence[Config]:
        return product_tiles(lowered(plan.dtype, device), plan.batch, plan.m, plan.n, device)

    def launches(self, plan: MatMul, device: Capabilities, config: Config) -> Work:
        tiles = Tiles.of(config)
        computed = lowered(plan.dtype, device)
        along = tiles.declarations(computed, computed.number == "native", _along_i(plan))
        shader = load("matmul_tiled", _arithmetic(plan.dtype, device) + along)
        return Work([Launch(shader, tiles.count(plan.batch, plan.m, plan.n), _sizes(plan))])


@dataclass(frozen=True)
class MatMulLarge:
    """The same for contiguous numbers whose rows are whole vectors of 16 bytes.

    Configuration: the fields of ``product.Tiles``.
    """

    name: str = "matmul_large"
    operation: str = "matmul"
    version: int = 2
    api_version: int = 1

    def why_not(self, plan: MatMul, device: Capabilities) -> str | None:
        computed = lowered(plan.dtype, device)
        if computed.number != "native" or not loaded(computed, "x") == storable(computed, "x") == "x":
            return "WGSL has no vectors of this type that it multiplies as they are stored"
        width = width_of(plan.dtype)
        if plan.n % width or plan.k % width:
            return f"n and k are not multiples of {width}"
        if not all(is_contiguous(spec.shape, spec.strides or ()) for spec in plan.specs):
            return "an operand is not contiguous"
        if plan.m <= 48 or plan.n <= 48:
            return "the tiles are larger than the result"
        return None

    def configs(self, plan: MatMul, device: Capabilities) -> Sequence[Config]:
        return product_tiles(plan.dtype, plan.batch, plan.m, plan.n, device)

    def launches(self, plan: MatMul, device: Capabilities, config: Config) -> Work:
        tiles = Tiles.of(config)
        declared = declare(T=lowered(plan.dtype, device), WHOLE=plan.k % tiles.depth == 0)
        shader = load("matmul_large", declared + tiles.declarations(plan.dtype, True, (True, False)))
        sizes = {"batch": plan.batch, "m": plan.m, "n": plan.n, "k": plan.k}
        return Work([Launch(shader, tiles.count(plan.batch, plan.m, plan.n), sizes)])


def _arithmetic(dtype: DType, device: Capabilities) -> str:
    """Types in memory and in arithmetic, how one becomes the other, and the library that computes."""
    computed = lowered(dtype, device)
    return (
        f"// uses: number_{computed.number}\n{declare(T=computed)}alias S = {computed.storage};\n"
        f"fn load(element: S) -> T {{ return {loaded(computed, 'element')}; }}\n"
        f"fn store(value: T) -> S {{ return {storable(computed, 'value')}; }}\n"
    )


def _along_i(plan: MatMul) -> tuple[bool, bool]:
    """For either operand, whether it is contiguous along the axis that is summed over: there lanes follow each other."""
    return abs(plan.x1_steps[2]) <= abs(plan.x1_steps[1]), abs(plan.x2_steps[1]) < abs(plan.x2_steps[2])


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
