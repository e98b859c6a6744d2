"""Cholesky factorization: in registers of a workgroup where a matrix fits them, else block after block.

For large matrices a diagonal block is factored by one workgroup per matrix, the rows right of it follow by forward substitution, and
what they take away from the rest of the matrix is a product. Inverses of positive definite matrices go the same way
(cholesky_inverse.py).

Source: Golub and Van Loan, Matrix Computations, 4th ed., section 4.2.6 (block Cholesky).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..dtypes import DType
from ..plans.linalg import Cholesky, PositiveInverse
from ..shader import Constant, declare, load
from .field import declare_field, declare_tiles
from .product import Tiles, all_tiles
from .protocol import Capabilities, Config, Launch, Work

# What every device has of invocations in a workgroup, and how many of them make a workgroup worth its while.
_INVOCATIONS, _FEWEST_INVOCATIONS = 256, 32

# On a software adapter the text of squares beyond one per invocation takes long to compile.
_LARGEST_IN_REGISTERS, _LARGEST_ON_SOFTWARE = 128, 64

# block, strip, side: see Blocks. The last one fits every device.
_BLOCKS = ((128, 32, 16), (64, 32, 8), (32, 32, 4), (32, 16, 4))
_SOFTWARE_BLOCKS = ((32, 32, 8), (32, 16, 8))

# Blocks of a group, and from which order on the second number of them pays.
_GROUPS, _LARGE = (2, 4), 4096

# Up to this order, blocks of at most so many rows leave more workgroups.
_SMALL, _SMALL_BLOCK = 384, 64

# Larger tiles would have too few terms to hide behind them what they load and store.
_LARGEST_TILE = 64

# Tiles on and above the diagonal that keep a device busy, and a software adapter.
_FEWEST_TILES, _FEWEST_SOFTWARE_TILES = 100, 2


@dataclass(frozen=True)
class CholeskySmall:
    """n ≤ 128. Configuration: that of ``teams_of_squares``."""

    name: str = "cholesky_small"
    operation: str = "cholesky"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Cholesky, device: Capabilities) -> str | None:
        return why_not_in_registers(plan, device, 0)

    def configs(self, plan: Cholesky, device: Capabilities) -> Sequence[Config]:
        return teams_of_squares(plan, device)

    def launches(self, plan: Cholesky, device: Capabilities, config: Config) -> Work:
        shader = load("cholesky_small", declare_squares(plan, config, swept=False, UPPER=plan.upper))
        return Work([Launch(shader, -(-plan.batch // config["members"]), {"batch": plan.batch})])


@dataclass(frozen=True)
class CholeskyBlocked:
    """Any order. Configuration: that of ``Blocks``."""

    name: str = "cholesky_blocked"
    operation: str = "cholesky"
    version: int = 2
    api_version: int = 1

    def why_not(self, plan: Cholesky, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Cholesky, device: Capabilities) -> Sequence[Config]:
        return blocks_of(plan, device)

    def launches(self, plan: Cholesky, device: Capabilities, config: Config) -> Work:
        blocks = Blocks(plan, config, device, swept=False)
        finish = blocks.squares("cholesky_finish", plan.n, UPPER=plan.upper)
        return Work([*blocks.launches(plan.upper, "info"), finish], blocks.scratch())


# In registers.


def why_not_in_registers(plan: Cholesky | PositiveInverse, device: Capabilities, real_numbers: int) -> str | None:
    """Why no team can hold a matrix of ``plan`` with ``real_numbers`` more per row in workgroup memory; None if one can."""
    side, quads = _squares(plan, device)
    if plan.n > (_LARGEST_ON_SOFTWARE if device.kind == "software" else _LARGEST_IN_REGISTERS) or side**2 > _INVOCATIONS:
        return f"a matrix of order {plan.n} does not fit the registers of a workgroup"
    real = plan.dtype.storage_bytes // (2 if plan.dtype.is_complex else 1)
    needed = 4 * side * quads * (8 * plan.dtype.storage_bytes + (side + 1) * real_numbers * real) + side * real + 4
    if needed > device.limits["max-compute-workgroup-storage-size"]:
        return f"a matrix of order {plan.n} takes {needed:,} bytes of workgroup memory"
    return None


def teams_of_squares(plan: Cholesky | PositiveInverse, device: Capabilities) -> Sequence[Config]:
    """``side`` squared invocations in a team, ``members`` teams in a workgroup, ``quads`` squares in a row of an invocation's."""
    side, quads = _squares(plan, device)
    members = max(1, _FEWEST_INVOCATIONS // side**2)
    return [{"side": side, "quads": quads, "members": members}]


def _squares(plan: Cholesky | PositiveInverse, device: Capabilities) -> tuple[int, int]:
    fours = -(-plan.n // 4)
    quads = 1 if plan.n <= (_LARGEST_ON_SOFTWARE if device.kind == "software" else 16) or plan.dtype.storage_bytes > 8 else 2
    return -(-fours // quads), quads


def declare_squares(plan: Cholesky | PositiveInverse, config: Config, swept: bool, **constants: Constant) -> str:
    """Declares what lib/symmetric_tile.wgsl asks for, for whole matrices."""
    return _declare_tile(plan.dtype, config, -(-plan.n // 4) * 4, swept) + declare(N=plan.n, **constants)


def _declare_tile(dtype: DType, config: Config, steps: int, swept: bool) -> str:
    return declare_field(
        dtype, SIDE=config["side"], QUADS=config["quads"], MEMBERS=config["members"], STEPS=steps, SWEPT=swept
    )


# Block after block.


def blocks_of(plan: Cholesky | PositiveInverse, device: Capabilities) -> Sequence[Config]:
    """The configurations of ``Blocks`` that fit the device, the best guess first."""
    memory = device.limits["max-compute-workgroup-storage-size"]
    size = plan.dtype.storage_bytes
    group = _GROUPS[plan.n >= _LARGE]
    choices = _SOFTWARE_BLOCKS if device.kind == "software" else _BLOCKS
    found = [
        {"block": block, "strip": strip, "side": side, "group": group}
        for block, strip, side in choices
        if 16 * (block + strip) * size <= memory and block * size <= 512
    ]
    return sorted(found, key=lambda config: plan.n <= _SMALL and config["block"] > _SMALL_BLOCK)


@dataclass(frozen=True)
class Blocks:
    """Factors, or with ``swept`` inverts, the upper triangle of a copy of each matrix that is filled up to whole blocks.

    Configuration: ``block`` rows are eliminated at once, and ``group`` blocks before all of the matrix follows; a workgroup
    substitutes ``strip`` columns; ``side`` squared invocations factor a diagonal block.
    """

    plan: Cholesky | PositiveInverse
    config: Config
    device: Capabilities
    swept: bool

    @property
    def block(self) -> int:
        return self.config["block"]

    @property
    def ld(self) -> int:
        """Rows and columns of the copy."""
        return -(-self.plan.n // self.block) * self.block

    @property
    def side(self) -> int:
        """Of squares that are copied together."""
        return 32 if self.plan.dtype.storage_bytes <= 8 else 16

    def launches(self, upper: bool, info: str) -> Iterator[Launch]:
        """Everything but the way out of the copy; ``upper`` says which triangle is read, ``info`` what receives the minors."""
        yield self.squares("cholesky_load", self.ld, UPPER=upper)
        width = self.block * self.config["group"]
        for first in range(0, self.plan.n, width):
            yield from self._group(first, min(first + width, self.ld), info)

    def scratch(self) -> dict[str, int]:
        batch, ld, element = self.plan.batch, self.ld, self.plan.dtype.storage_bytes
        return {
            "work": batch * ld**2 * element,
            "factor": batch * self.block**2 * element,
            "panel": batch * self.config["group"] * self.block * ld * element,
        }

    def squares(self, file: str, n: int, **constants: Constant) -> Launch:
        """A pass over the squares of matrices of order ``n``."""
        shader = load(file, declare_field(self.plan.dtype, SIDE=self.side, WORKGROUP=_INVOCATIONS, **constants))
        sizes = {"batch": self.plan.batch, "n": self.plan.n, "ld": self.ld, "zero": 0}
        fields = {name for name, _, _ in shader.fields}
        groups = self.plan.batch * (-(-n // self.side)) ** 2
        return Launch(shader, groups, {name: size for name, size in sizes.items() if name in fields})

    def _group(self, first: int, end: int, info: str) -> Iterator[Launch]:
        """Eliminates blocks from ``first`` to ``end``, and then brings the rest of the matrix up to date with all of them."""
        for block in range(first, end, self.block):
            following = block + self.block
            begin = 0 if self.swept else following
            yield self._diagonal(block, info)
            if begin < self.ld:
                yield self._rows(block, begin, block - first)
                yield self._update(first, following, begin, strip=following < end)

    def _diagonal(self, first: int, info: str) -> Launch:
        squares = {"side": self.config["side"], "quads": self.block // 4 // self.config["side"], "members": 1}
        tile = _declare_tile(self.plan.dtype, squares, self.block, False)
        shader = load("cholesky_diagonal", tile + declare(BLOCK=self.block, KEPT=not self.swept))
        return Launch(shader, self.plan.batch, {"batch": self.plan.batch, "ld": self.ld, "first": first}, {"info": info})

    def _rows(self, first: int, begin: int, to: int) -> Launch:
        strip = self.config["strip"]
        shader = load("cholesky_rows", declare_field(self.plan.dtype, STRIP=strip, **self._constants))
        params = {"batch": self.plan.batch, "ld": self.ld, "first": first, "first_column": begin, "to": to}
        return Launch(shader, self.plan.batch * ((self.ld - begin) // strip), params)

    def _update(self, first: int, following: int, begin: int, strip: bool) -> Launch:
        """By blocks from ``first`` to ``following``, of the block there where ``strip``, else of everything from ``begin`` on."""
        order = self.ld - begin
        down = self.block if strip else order
        tiles = self._tiles(down, order)
        product = declare_tiles(self.plan.dtype, tiles, along_i=False) + declare(STRIP=strip, **self._constants)
        params = {"batch": self.plan.batch, "ld": self.ld, "first": first, "terms": following - first, "begin": begin}
        groups = tiles.count(self.plan.batch, down, order)
        return Launch(load("cholesky_update", product), groups, {**params, "strip": following})

    @property
    def _constants(self) -> dict[str, Constant]:
        return {"BLOCK": self.block, "PANEL": self.block * self.config["group"], "SWEPT": self.swept}

    def _tiles(self, down: int, across: int) -> Tiles:
        """The cheapest square tiles that divide blocks and are enough to keep the device busy."""
        dtype, batch = self.plan.dtype, self.plan.batch
        software = self.device.kind == "software"
        memory = self.device.limits["max-compute-workgroup-storage-size"]
        fitting = [
            tiles
            for tiles in all_tiles(dtype, software, self.device.subgroup_size)
            if tiles.rows == tiles.columns <= _LARGEST_TILE
            and self.block % tiles.rows == self.block % tiles.depth == 0
            and tiles.workgroup_bytes(dtype) <= memory
        ]
        # Those below the diagonal have nothing to do.
        fewest = (_FEWEST_SOFTWARE_TILES if software else _FEWEST_TILES) * (2 if down == across else 1)
        enough = [tiles for tiles in fitting if tiles.count(batch, down, across) >= fewest] or fitting[-1:]
        return min(enough, key=lambda tiles: tiles.cost(batch, down, across))
