"""Matrix products of operands with any steps.

Where results are too few to keep a device busy, long sums are cut into parts that other workgroups compute, which a second
launch adds in a fixed order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from ..dtypes import DType, lowered
from ..plans.linalg import MatMul
from ..shader import ParamValue, Shader, as_u32, declare, load
from ..shapes import is_contiguous
from .elements import loaded, storable
from .product import Tiles, parts, product_tiles, terms_of_part, width_of
from .protocol import Capabilities, Config, Launch, Work

# Up to here a tile of 16 by 16 wastes less than larger ones.
_SMALL = 48


@dataclass(frozen=True)
class MatMulDot:
    """Neighbouring invocations per element of the result: for vectors, and for few elements and long sums.

    Configuration: ``workgroup`` invocations, ``lanes`` of them per element (both powers of two), ``parts`` of each sum.
    """

    name: str = "matmul_dot"
    operation: str = "matmul"
    version: int = 2
    api_version: int = 1

    def why_not(self, plan: MatMul, device: Capabilities) -> str | None:
        if plan.k < 32:
            return "the sums are short"
        if min(plan.m, plan.n) > 1 and plan.m * plan.n * max(plan.k, 4096) > 256 * 4096:
            return "each operand would be read many times"
        # Eight neighbours fill the least that a GPU fetches, 32 bytes.
        far = [plan.x1_steps[2]] * (not _along_i(plan)[0]) + [plan.x2_steps[1]] * (not _along_i(plan)[1])
        if device.kind != "software" and any(abs(step) > 8 for step in far):
            return "neighbouring terms are not neighbours in memory"
        return None

    def configs(self, plan: MatMul, device: Capabilities) -> Sequence[Config]:
        lanes = min(max(1 << (plan.k // 8).bit_length() - 1, 4), 256)
        workgroups = -(-plan.batch * plan.m * plan.n * lanes // 256)
        return [{"workgroup": 256, "lanes": lanes, "parts": parts(plan.k, workgroups, 256, device, fewest_terms=16 * lanes)}]

    def launches(self, plan: MatMul, device: Capabilities, config: Config) -> Work:
        cut = _Cut.of(plan, device, config["parts"])
        sizes = declare(WORKGROUP=config["workgroup"], LANES=config["lanes"])
        per_group = config["workgroup"] // config["lanes"]
        groups = -(-plan.batch * cut.n_parts * plan.m * plan.n // per_group)
        return cut.work(load("matmul_dot", cut.arithmetic() + sizes), groups, cut.sizes())


@dataclass(frozen=True)
class MatMulSmall:
    """A tile of 16 by 16 results per workgroup, one per invocation.

    Configuration: ``tile`` (16), ``parts`` of each sum.
    """

    name: str = "matmul_small"
    operation: str = "matmul"
    version: int = 2
    api_version: int = 1

    def why_not(self, plan: MatMul, device: Capabilities) -> str | None:
        few, many = sorted((plan.m, plan.n))
        if few > _SMALL or (many > _SMALL and device.kind != "software"):
            return "larger tiles read each operand fewer times"
        return None

    def configs(self, plan: MatMul, device: Capabilities) -> Sequence[Config]:
        return [{"tile": 16, "parts": parts(plan.k, _tiles(plan, 16), 256, device)}]

    def launches(self, plan: MatMul, device: Capabilities, config: Config) -> Work:
        cut = _Cut.of(plan, device, config["parts"])
        along1, along2 = _along_i(plan)
        constants = declare(TILE=config["tile"], X1_ALONG_K=along1, X2_ALONG_N=not along2)
        groups = cut.n_parts * _tiles(plan, config["tile"])
        return cut.work(load("matmul_small", cut.arithmetic() + constants), groups, cut.sizes())


@dataclass(frozen=True)
class MatMulTiled:
    """Tiles of results per workgroup, some of them in the registers of each invocation; operands with any steps.

    Configuration: the fields of ``product.Tiles``, and ``parts`` of each sum.
    """

    name: str = "matmul_tiled"
    operation: str = "matmul"
    version: int = 3
    api_version: int = 1

    def why_not(self, plan: MatMul, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: MatMul, device: Capabilities) -> Sequence[Config]:
        return _cuts(plan, device)

    def launches(self, plan: MatMul, device: Capabilities, config: Config) -> Work:
        cut, tiles = _Cut.of(plan, device, config["parts"]), _tiles_of(config)
        computed = lowered(plan.dtype, device)
        along = tiles.declarations(computed, computed.number == "native", _along_i(plan))
        shader = load("matmul_tiled", cut.arithmetic() + along)
        return cut.work(shader, cut.n_parts * tiles.count(plan.batch, plan.m, plan.n), cut.sizes())


@dataclass(frozen=True)
class MatMulLarge:
    """The same for numbers that can be read in vectors of 16 bytes, along the rows or along the columns of either operand.

    Configuration: the fields of ``product.Tiles``, and ``parts`` of each sum.
    """

    name: str = "matmul_large"
    operation: str = "matmul"
    version: int = 3
    api_version: int = 1

    def why_not(self, plan: MatMul, device: Capabilities) -> str | None:
        computed = lowered(plan.dtype, device)
        if computed.number != "native" or not loaded(computed, "x") == storable(computed, "x") == "x":
            return "WGSL has no vectors of this type that it multiplies as they are stored"
        if min(plan.m, plan.n) <= _SMALL and device.kind == "software":
            return "the tiles are larger than the result"
        plan, _ = _with_long_rows(plan)
        width = width_of(plan.dtype)
        if plan.n % width or not is_contiguous(plan.specs[0].shape, plan.out_steps):
            return f"rows of the result are not whole vectors of {width} that follow each other"
        for lengths, steps in (((plan.m, plan.k), plan.x1_steps), ((plan.k, plan.n), plan.x2_steps)):
            if _vectors(plan.batch, lengths, steps, width) is None:
                return f"an operand has neither rows nor columns of whole vectors of {width}"
        return None

    def configs(self, plan: MatMul, device: Capabilities) -> Sequence[Config]:
        return _cuts(_with_long_rows(plan)[0], device)

    def launches(self, plan: MatMul, device: Capabilities, config: Config) -> Work:
        plan, buffers = _with_long_rows(plan)
        cut, tiles, width = _Cut.of(plan, device, config["parts"]), _tiles_of(config), width_of(plan.dtype)
        line1 = _vectors(plan.batch, (plan.m, plan.k), plan.x1_steps, width) or (0, False)
        line2 = _vectors(plan.batch, (plan.k, plan.n), plan.x2_steps, width) or (0, False)
        declared = declare(T=cut.computed, WHOLE=plan.k % tiles.depth == cut.n_terms % tiles.depth == 0)
        shader = load("matmul_large", declared + tiles.declarations(plan.dtype, True, (line1[1], not line2[1])))
        params = {
            "batch": plan.batch,
            "m": plan.m,
            "n": plan.n,
            "k": plan.k,
            "n_parts": cut.n_parts,
            "n_terms": cut.n_terms,
            "matrix1": plan.x1_steps[0] // width,
            "line1": line1[0],
            "matrix2": plan.x2_steps[0] // width,
            "line2": line2[0],
        }
        return cut.work(shader, cut.n_parts * tiles.count(plan.batch, plan.m, plan.n), params, buffers)


def _with_long_rows(plan: MatMul) -> tuple[MatMul, dict[str, str]]:
    """A column as the row that it is in memory, the product of both operands transposed; what the shader's names then are."""
    if plan.n > 1 or plan.m == 1:
        return plan, {}

    def transposed(steps: tuple[int, int, int]) -> tuple[int, int, int]:
        return steps[0], steps[2], steps[1]

    row = replace(
        plan,
        m=1,
        n=plan.m,
        out_steps=transposed(plan.out_steps),
        x1_steps=transposed(plan.x2_steps),
        x2_steps=transposed(plan.x1_steps),
    )
    return row, {"x1": "x2", "x2": "x1"}


def _vectors(batch: int, lengths: tuple[int, int], steps: tuple[int, int, int], width: int) -> tuple[int, bool] | None:
    """How many vectors follow each other from line to line of an operand, and whether its lines are rows; None where it has no such lines."""
    if batch > 1 and (steps[0] <= 0 or steps[0] % width):
        return None
    for line, is_row in ((steps[1], True), (steps[2], False)):
        along, across = (lengths[1], lengths[0]) if is_row else lengths
        if steps[2 if is_row else 1] == 1 and along % width == 0 and (across == 1 or (line > 0 and line % width == 0)):
            return line // width if across > 1 else 0, is_row
    return None


def _tiles(plan: MatMul, side: int) -> int:
    """Square tiles that the results are cut into."""
    return plan.batch * -(-plan.m // side) * -(-plan.n // side)


def _cuts(plan: MatMul, device: Capabilities) -> Sequence[Config]:
    """Ways to cut results into tiles and sums into parts, the best guess first."""
    configs = product_tiles(lowered(plan.dtype, device), plan.batch, plan.m, plan.n, device, plan.k)

    def n_parts(tiles: Tiles) -> int:
        return parts(plan.k, tiles.count(plan.batch, plan.m, plan.n), tiles.invocations, device)

    return [{**config, "parts": n_parts(Tiles.of(config))} for config in configs]


def _tiles_of(config: Config) -> Tiles:
    return Tiles.of({name: value for name, value in config.items() if name != "parts"})


def _along_i(plan: MatMul) -> tuple[bool, bool]:
    """For either operand, whether it is contiguous along the axis that is summed over: there lanes follow each other."""
    return abs(plan.x1_steps[2]) <= abs(plan.x1_steps[1]), abs(plan.x2_steps[1]) < abs(plan.x2_steps[2])


@dataclass(frozen=True)
class _Cut:
    """Sums cut into ``n_parts`` of ``n_terms`` terms each; the last part may have fewer."""

    plan: MatMul
    device: Capabilities
    n_parts: int
    n_terms: int

    @classmethod
    def of(cls, plan: MatMul, device: Capabilities, n_parts: int) -> _Cut:
        n_terms = terms_of_part(plan.k, n_parts)
        return cls(plan, device, -(-plan.k // n_terms), n_terms)

    @property
    def computed(self) -> DType:
        return lowered(self.plan.dtype, self.device)

    def arithmetic(self, is_last: bool | None = None) -> str:
        """Types in memory and in arithmetic, how one becomes the other, and the library that computes. Parts lie as they are computed."""
        computed = self.computed
        is_last = self.n_parts == 1 if is_last is None else is_last
        stored = storable(computed, "value") if is_last else "value"
        return (
            f"// uses: number_{computed.number}\n{declare(T=computed, IS_LAST=is_last)}alias S = {computed.storage};\n"
            f"alias R = {'S' if is_last else 'T'};\n"
            f"fn load(element: S) -> T {{ return {loaded(computed, 'element')}; }}\n"
            f"fn store(value: T) -> R {{ return {stored}; }}\n"
        )

    def sizes(self) -> dict[str, ParamValue]:
        """The parameters of shaders that take operands with any steps."""
        plan = self.plan
        out_steps = plan.out_steps if self.n_parts == 1 else (plan.m * plan.n, plan.n, 1)
        return {
            "out_steps": _four(out_steps),
            "x1_steps": _four(plan.x1_steps),
            "x2_steps": _four(plan.x2_steps),
            "batch": plan.batch,
            "m": plan.m,
            "n": plan.n,
            "k": plan.k,
            "n_parts": self.n_parts,
            "n_terms": self.n_terms,
        }

    def work(self, shader: Shader, groups: int, params: Mapping[str, ParamValue], buffers: Mapping[str, str] = MappingProxyType({})) -> Work:
        """The launch that multiplies, and the one that adds the parts, if there are several."""
        plan = self.plan
        if self.n_parts == 1:
            return Work([Launch(shader, groups, params, buffers)])
        n_results = plan.batch * plan.m * plan.n
        lanes = 1
        while 2 * lanes <= min(self.n_parts, 256, (1 << 18) // n_results):
            lanes *= 2
        adding = load("matmul_add_parts", self.arithmetic(is_last=True) + declare(WORKGROUP=256, LANES=lanes))
        sizes = {name: size for name, size in self.sizes().items() if name in ("batch", "m", "n", "n_parts")}
        launches = [
            Launch(shader, groups, params, {**buffers, "out": "parts"}),
            Launch(adding, -(-n_results * lanes // 256), {**sizes, "out_steps": _four(plan.out_steps)}),
        ]
        return Work(launches, {"parts": n_results * self.n_parts * max(self.computed.storage_bytes, 4)})


def _four(steps: tuple[int, int, int]) -> tuple[int, ...]:
    return (*map(as_u32, steps), 0)
