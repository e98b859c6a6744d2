"""What the shaders around lib/product_tiles and lib/product_broadcast need to be told, and which tiles there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import DType, float32, float64
from ..shader import declare
from .protocol import Capabilities, Config

# Fewer workgroups than this leave part of a large device idle; on a software adapter, a few keep its cores busy.
_FEWEST_TILES, _FEWEST_SOFTWARE_TILES = 192, 16
# As many invocations as a large device runs at once, roughly: sums are cut into parts until there are so many.
_BUSY_INVOCATIONS = 1 << 17
# Terms of a part come in multiples of this, the greatest depth of tiles.
_PART = 32


@dataclass(frozen=True)
class Tiles:
    """How a product is cut: ``rows`` by ``columns`` results per workgroup, ``rows_each`` by ``columns_each`` per invocation.

    ``depth`` terms of each sum pass through workgroup memory at once; ``unrolled`` of them are written out. 32
    neighbouring invocations lie ``lanes`` wide. Workgroups that follow each other share ``stripe`` tiles side by side.
    """

    rows: int
    columns: int
    depth: int
    rows_each: int
    columns_each: int
    lanes: int
    unrolled: int
    spread: int = 0  # 1: lanes that store together keep to banks of their own
    stripe: int = 8
    broadcast: int = 0  # 1: a workgroup is a subgroup that exchanges what it loads of rows, without workgroup memory

    @classmethod
    def of(cls, config: Config) -> Tiles:
        return cls(**config)

    @property
    def config(self) -> Config:
        return dict(vars(self))

    @property
    def invocations(self) -> int:
        return self.rows // self.rows_each * (self.columns // self.columns_each)

    def workgroup_bytes(self, dtype: DType) -> int:
        """Workgroup memory of both tiles."""
        if self.broadcast:
            return 0
        return (self.rows + self.columns) * self.depth * max(dtype.storage_bytes, 4)  # float16 is computed as float32

    def count(self, batch: int, m: int, n: int) -> int:
        """Tiles, and so workgroups, of ``batch`` results of m by n."""
        return batch * -(-m // self.rows) * -(-n // self.columns)

    def cost(self, batch: int, m: int, n: int) -> float:
        """Estimated time of ``batch`` results of m by n, in any unit: of products, and of loading what they multiply."""
        loads = 8 * (1 / self.rows_each + 1 / self.columns_each)
        return self.count(batch, m, n) * self.rows * self.columns * (1 + loads)

    def declarations(self, dtype: DType, native: bool, along_i: tuple[bool, bool]) -> str:
        """Declares everything that lib/product_tiles or lib/product_broadcast asks for, and brings it in.

        ``native`` says whether WGSL has vectors of the type; ``along_i`` of each operand whether
        neighbours that are loaded together are terms of a sum.
        """
        width = width_of(dtype) if native else 4
        few = f"vec{width}<T>" if native else f"array<T, {width}>"
        library = "product_broadcast" if self.broadcast else "product_tiles"
        declared = f"// uses: {library}, few_{'native' if native else 'scalar'}\nalias Few = {few};\n" + declare(
            WIDTH=width,
            TILE_ROWS=self.rows,
            TILE_COLUMNS=self.columns,
            STRIPE=self.stripe,
            ALONG_I1=along_i[0],
            ALONG_I2=along_i[1],
        )
        if self.broadcast:
            return declared
        return declared + declare(
            DEPTH=self.depth,
            ROWS_EACH=self.rows_each,
            COLUMNS_EACH=self.columns_each,
            LANES_ACROSS=self.lanes,
            UNROLLED=self.unrolled,
            SPREAD=bool(self.spread),
        )


def width_of(dtype: DType) -> int:
    """Elements of a vector of 16 bytes, which is what an invocation loads best."""
    return max(2, min(4, 16 // dtype.storage_bytes))


# Largest first; behind each, TFLOP/s of an H100 at the order at which it is the best.
_TILES = (
    Tiles(128, 128, 16, 8, 8, 16, 16),  # 46.8 at 8192
    Tiles(128, 256, 16, 8, 8, 16, 16),  # 47.1 at 8192, in workgroups that many devices do not have
    Tiles(64, 64, 16, 8, 8, 8, 16, spread=1),  # 38.4 at 1024
    Tiles(64, 64, 16, 8, 4, 8, 16, spread=1),  # 35.8 at 1536
    Tiles(32, 32, 32, 4, 4, 8, 16, spread=1),  # 20.6 at 512
)
# Of float64, whose sums take twice as many registers.
_FLOAT64 = (
    Tiles(128, 128, 16, 8, 8, 16, 16),  # 23.5 at 4096
    Tiles(128, 64, 16, 8, 4, 8, 16),  # 20.1 at 4096
    Tiles(64, 64, 16, 8, 4, 8, 16),  # 19.0 at 1024
    Tiles(32, 32, 16, 4, 4, 8, 16),  # 11.3 at 512
)
# Of other numbers of 8 bytes, and of 16, each product of which is many operations.
_WIDE = (Tiles(64, 64, 16, 4, 4, 8, 16), Tiles(32, 32, 16, 4, 4, 8, 16))
_WIDEST = (Tiles(64, 64, 8, 4, 4, 8, 8), Tiles(32, 32, 8, 4, 4, 8, 8))
# On a software adapter a load costs as much as many products, whatever memory it is from, and compiling what is written out
# takes long: as many sums per invocation as pays, and one term at a time.
_SOFTWARE = (Tiles(128, 128, 8, 16, 16, 8, 1), Tiles(64, 64, 8, 8, 8, 8, 1), Tiles(32, 32, 8, 8, 8, 4, 1))
# Of float32 where vectors have eight elements, GFLOP/s per core at order 256 beside 0.9: 2.8, 2.3 and 2.1. 64 by 128 reach
# 4.2 at order 512, beside 3.3, but take five seconds to compile in place of two.
_EXCHANGING = 8
_BROADCAST = tuple(
    Tiles(rows, columns, 4, rows, columns // _EXCHANGING, _EXCHANGING, 4, broadcast=1)
    for rows, columns in ((64, 64), (32, 64), (32, 32))
)

# A result with fewer rows, or columns, than this is cut into tiles of so many.
_NARROW = 16


def narrow_tiles(dtype: DType, m: int, n: int) -> Sequence[Tiles]:
    """Ways to cut products of ``dtype`` whose result has few rows or few columns, on a GPU."""
    rows, depth = {2: (128, 16), 4: (128, 16), 8: (128 if dtype is float64 else 64, 16), 16: (32, 8)}[dtype.storage_bytes]
    each = rows // 16 if rows > 32 else 4
    if n <= m:
        return (Tiles(rows, _NARROW, depth, each, 4, 4, depth),)
    return (Tiles(_NARROW, rows, depth, 4, each, rows // each, depth),)


def all_tiles(dtype: DType, software: bool = False, subgroup: int = 0) -> Sequence[Tiles]:
    """Every way to cut products of ``dtype`` on a GPU, or on a software adapter with subgroups of a size, the largest tiles first."""
    if software:
        return _BROADCAST if dtype is float32 and subgroup == _EXCHANGING else _SOFTWARE
    return _FLOAT64 if dtype is float64 else {2: _TILES, 4: _TILES, 8: _WIDE, 16: _WIDEST}[dtype.storage_bytes]


def product_tiles(dtype: DType, batch: int, m: int, n: int, device: Capabilities, k: int = 0) -> Sequence[Config]:
    """Ways to cut ``batch`` products of m by n results that fit the device, the best guess first.

    ``k`` is how many terms the sums have if they may be cut into parts, which is said to have been done where tiles are few.
    """
    software = device.kind == "software"
    memory = device.limits["max-compute-workgroup-storage-size"]
    most = device.limits["max-compute-invocations-per-workgroup"]
    listed = all_tiles(dtype, software, device.subgroup_size)
    fitting = [t for t in listed if t.workgroup_bytes(dtype) <= memory and t.invocations <= most]
    if k and not software and min(m, n) <= _NARROW:
        fitting = [*narrow_tiles(dtype, m, n), *fitting]
    fewest = _FEWEST_SOFTWARE_TILES if software else _FEWEST_TILES

    def count(tiles: Tiles) -> int:
        n_tiles = tiles.count(batch, m, n)
        return n_tiles * (parts(k, n_tiles, tiles.invocations, device) if k else 1)

    enough = [tiles for tiles in fitting if count(tiles) >= fewest] or fitting[-1:]
    best = min(enough, key=lambda tiles: tiles.cost(batch, m, n))
    return [tiles.config for tiles in (best, *(tiles for tiles in fitting if tiles != best))]


def parts(k: int, workgroups: int, invocations: int, device: Capabilities, fewest_terms: int = 512) -> int:
    """Into how many parts sums of ``k`` terms are best cut, where without it there were so many workgroups of so many invocations.

    1 where these keep the device busy, or where parts would have less than ``fewest_terms``.
    """
    busy = _FEWEST_SOFTWARE_TILES if device.kind == "software" else _BUSY_INVOCATIONS // invocations
    return max(1, min(busy // workgroups, k // fewest_terms))


def terms_of_part(k: int, n_parts: int) -> int:
    """How many of ``k`` terms each part has, but for the last, which may have fewer; there may be fewer parts, too."""
    return k if n_parts == 1 else -(-k // (n_parts * _PART)) * _PART
