"""Inverses of Hermitian positive definite matrices: A = L Lᴴ, so A⁻¹ = L⁻ᴴ L⁻¹.

The diagonal blocks of L are inverted all at once; then neighbours are merged, twice as large with each step:
the inverse of [[A, 0], [B, C]] is [[A⁻¹, 0], [-C⁻¹ B A⁻¹, C⁻¹]]. All but the blocks are matrix products.

Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., sections 14.2 (inverses of triangular
matrices) and 14.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..dtypes import DType
from ..plans.linalg import Cholesky, PositiveInverse
from ..shader import declare, load
from .cholesky import CholeskyBlocked
from .field import declare_field
from .inverse_status import report_library
from .product import Tiles, product_tiles
from .protocol import Capabilities, Config, Launch, Work
from .teams import teams_of, why_no_team

_COLUMNS = 32
_CONDITION_WORKGROUP = 256
# The names that the factorization has for what is scratch here.
_FACTORED = {"out": "factor", "info": "minor"}


@dataclass(frozen=True)
class SymmetricSweep:
    """Small matrices, each swept by one team of invocations. Configuration: that of ``teams``."""

    name: str = "symmetric_sweep"
    operation: str = "positive_inverse"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: PositiveInverse, device: Capabilities) -> str | None:
        return why_no_team(plan.n, 32, self._nbytes(plan))

    def configs(self, plan: PositiveInverse, device: Capabilities) -> Sequence[Config]:
        return teams_of(plan.n, self._nbytes(plan), device)

    def launches(self, plan: PositiveInverse, device: Capabilities, config: Config) -> Work:
        lanes, teams = config["lanes"], config["teams"]
        report = f"// uses: {report_library(plan)}\n"
        shader = load("symmetric_sweep", report + declare_field(plan.dtype, N=plan.n, LANES=lanes, TEAMS=teams))
        return Work([Launch(shader, -(-plan.batch // teams), {"batch": plan.batch, "zero": 0})])

    def _nbytes(self, plan: PositiveInverse) -> int:
        return (plan.n**2 + 2 * plan.n) * plan.dtype.storage_bytes


@dataclass(frozen=True)
class CholeskyInverse:
    """Any order. Configuration: that of cholesky_blocked, whose blocks are inverted first."""

    name: str = "cholesky_inverse"
    operation: str = "positive_inverse"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: PositiveInverse, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: PositiveInverse, device: Capabilities) -> Sequence[Config]:
        return CholeskyBlocked().configs(_factorization(plan), device)

    def launches(self, plan: PositiveInverse, device: Capabilities, config: Config) -> Work:
        dtype, n, batch = plan.dtype, plan.n, plan.batch
        factorization = CholeskyBlocked().launches(_factorization(plan), device, config)
        block, sizes = config["block"], {"batch": batch, "n": n}
        blocks = load("triangle_blocks", declare_field(dtype, BLOCK=block, WORKGROUP=config["workgroup"]))
        tiles = Tiles.of(product_tiles(dtype, batch, n, n, device)[0])
        gram = load("triangle_gram", declare_tiles(dtype, tiles, along_i=False))
        norms = load("hermitian_norms", declare_field(dtype, COLUMNS=_COLUMNS, WORKGROUP=_CONDITION_WORKGROUP))
        report = f"// uses: {report_library(plan)}\n"
        condition = load("hermitian_condition", report + declare_field(dtype, WORKGROUP=_CONDITION_WORKGROUP))
        return Work(
            [
                *(_renamed(launch) for launch in factorization.launches),
                Launch(blocks, batch * -(-n // block), sizes),
                *_merges(plan, block, device),
                Launch(gram, tiles.count(batch, n, n), sizes, {"out": "inverse"}),
                Launch(norms, batch * -(-n // _COLUMNS), {**sizes, "zero": 0}),
                Launch(condition, batch, {**sizes, "zero": 0}),
            ],
            {
                **factorization.scratch,
                "factor": batch * n**2 * dtype.storage_bytes,
                "triangle": batch * n**2 * dtype.storage_bytes,
                "minor": 4 * batch,
                "column_sums": batch * n * dtype.storage_bytes,
                "inverse_sums": batch * n * dtype.storage_bytes,
            },
        )


def declare_tiles(dtype: DType, tiles: Tiles, along_i: bool) -> str:
    """T, what computes in it, and ``tiles``; of the first factor terms lie side by side where ``along_i``, of the second columns."""
    field = "field_complex" if dtype.is_complex else "field_real"
    return f"// uses: {field}\n{declare(T=dtype)}" + tiles.declarations(dtype, not dtype.is_complex, (along_i, False))


def block_product(
    dtype: DType,
    batch: int,
    n: int,
    device: Capabilities,
    buffers: dict[str, str],
    *,
    size: int,
    pairs: int = 1,
    first_row: int = 0,
    first_term: int = 0,
    negated: bool = False,
    lower: tuple[bool, bool] = (False, False),
) -> Launch:
    """A launch of ``block_product``, whose head says what it computes.

    ``buffers`` names those for ``out``, ``x1`` and ``x2``; without ``x1`` the left factor is another block of ``out``.
    """
    tiles = Tiles.of(product_tiles(dtype, batch * pairs, size, size, device)[0])
    left = f"// uses: left_{'apart' if 'x1' in buffers else 'in_place'}\n"
    constants = declare(NEGATED=negated, LOWER1=lower[0], LOWER2=lower[1])
    shader = load("block_product", left + declare_tiles(dtype, tiles, along_i=True) + constants)
    params = {"batch": batch, "n": n, "pairs": pairs, "size": size, "first_row": first_row, "first_term": first_term}
    return Launch(shader, tiles.count(batch * pairs, size, size), params, buffers)


def _factorization(plan: PositiveInverse) -> Cholesky:
    return Cholesky(plan.dtype, plan.n, plan.batch, upper=False)


def _renamed(launch: Launch) -> Launch:
    names = {binding: launch.buffers.get(binding, binding) for binding in launch.shader.bindings}
    return replace(launch, buffers={binding: _FACTORED.get(name, name) for binding, name in names.items()})


def _merges(plan: PositiveInverse, block: int, device: Capabilities) -> Iterator[Launch]:
    """Inverts L from its inverted diagonal blocks. B A⁻¹ lies where the result will, for so long."""
    matrices = (plan.dtype, plan.batch, plan.n, device)
    size = block
    while size < plan.n:
        pairs = -(-(plan.n - size) // (2 * size))
        right = {"out": "inverse", "x1": "factor", "x2": "triangle"}
        yield block_product(*matrices, right, size=size, pairs=pairs, first_row=size, lower=(False, True))
        left = {"out": "triangle", "x2": "inverse"}
        yield block_product(
            *matrices, left, size=size, pairs=pairs, first_row=size, first_term=size, negated=True, lower=(True, False)
        )
        size *= 2
