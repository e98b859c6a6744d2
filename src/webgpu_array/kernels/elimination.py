"""Elimination with partial pivoting, blocks of columns in panels, the rest as matrix products: inverses and LU factorizations.

The shaders' common head, ``shaders/lib/gauss_jordan_blocked.wgsl``, explains the algorithm. Three sizes decide how
it runs: a panel is as wide as registers allow, since its columns wait for each other; a block is as wide as makes the
product with it worth the memory traffic; and long columns are searched in parts, so that no workgroup holds
everyone up.

Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..dtypes import DType, complex128, float32, float64
from ..shader import Constant, Shader, declare, load
from .field import declare_field
from .gauss_jordan import reciprocal_of
from .product import Tiles, all_tiles
from .protocol import Capabilities, Config, Launch

# block, panel, tile, strip, eliminated, ahead: see Elimination.
_CHOICES = (
    (256, 32, 128, 32, 64, 1),
    (128, 32, 128, 32, 32, 1),
    (128, 32, 128, 32, 32, 0),
    (128, 32, 128, 64, 64, 0),
    (128, 16, 128, 64, 64, 0),
    (64, 32, 64, 64, 128, 0),
    (64, 16, 64, 32, 64, 0),
    (32, 16, 32, 32, 128, 0),
)

# Of complex numbers, which take twice the registers, and of whose products there are smaller tiles.
_COMPLEX_CHOICES = (
    (128, 16, 64, 32, 64, 1),
    (128, 16, 64, 32, 64, 0),
    (64, 16, 64, 32, 64, 0),
    (64, 32, 64, 32, 64, 0),
    (32, 16, 32, 32, 64, 0),
)

# Of complex128. With blocks and tiles of 64 a GPU of NVIDIA's (driver 580) computed wrong results beyond the first block, llvmpipe
# right ones; why is not known.
_WIDEST_CHOICES = _COMPLEX_CHOICES[-1:]

# Rows of an invocation of a search: up to this order one workgroup searches all rows with it, and above it the proposals of as
# many workgroups as make one round of 256 rows each.
_MOST_ROWS, _SEARCHED_TOGETHER, _PROPOSING = 4, 1024, 2048

# With fewer rows than this in all matrices together, narrower strips and fewer rows for each workgroup keep more of them busy.
_FEW_ROWS = 8192

# Of so many rows in matrices up to this order narrow panels keep more in registers at once.
_MANY_ROWS, _NARROW_PANELS = 65536, 128

# Up to this order several matrices keep a device busy, and narrow blocks waste the least (what was measured in float32 is finer). From the second on the
# product takes long enough to hide the search for pivots behind it, and from the third on it pays to
# come back to a matrix half as often.
_SMALL, _LARGE, _HUGE = 384, 1536, 6144

# The least that a block takes, and with it all that is smaller; and the most.
NARROWEST, _WIDEST_BLOCK = 32, 256

# Of a search, and of what eliminates; on software adapters what all of them read is dear, and where they exchange it, a subgroup is enough,
# each with so many rows.
_INVOCATIONS, _SOFTWARE_INVOCATIONS, _EXCHANGING, _EXCHANGING_ROWS = 256, 64, 8, 64

# Columns of a workgroup of gauss_jordan_blocked_forward_broadcast.wgsl, and rows of one of gauss_jordan_blocked_update_broadcast.wgsl.
_BROADCAST_STRIP, _UPDATED = 32, 128

# Storage buffers of gauss_jordan_blocked_ahead.wgsl.
_AHEAD_BINDINGS = 9


def configs_of(n: int, batch: int, dtype: DType, device: Capabilities, jordan: bool = True) -> list[Config]:
    """The configurations of an Elimination that fit the device, the best guess first."""
    names = ("block", "panel", "tile", "strip", "eliminated", "ahead")
    rows = _MOST_ROWS if n <= _SEARCHED_TOGETHER else min(-(-n // _PROPOSING), _MOST_ROWS)
    choices = _CHOICES if not dtype.is_complex else _WIDEST_CHOICES if dtype is complex128 else _COMPLEX_CHOICES
    found = [{**dict(zip(names, choice, strict=True)), "rows": rows} for choice in choices]
    if device.kind == "software":
        found = [{**config, "rows": 8, "eliminated": 64 if dtype.is_complex else 128} for config in found]
        found = [{**config, "rows": _EXCHANGING_ROWS} if Elimination(dtype, n, batch, config, device).exchanges else config for config in found]
    fitting = [config for config in found if Elimination(dtype, n, batch, config, device).fits]
    # A software adapter takes long to compile wide panels, and gains nothing from them.
    if device.kind == "software":
        fitting = [config for config in fitting if config["panel"] == 16]
    # Without Jordan's half the product is half as long.
    ahead, few = n >= (_LARGE if jordan else 2 * _LARGE), batch * n < _FEW_ROWS
    if device.kind == "software":
        # Narrow ones where they save a quarter of the padded matrix.
        block = 32 if 4 * padded(n, 32) <= 3 * padded(n, 64) else 64
    elif dtype is float32 and jordan and _is_one_block(n, batch) and any(config["block"] == _WIDEST_BLOCK for config in fitting):
        block, ahead = _WIDEST_BLOCK, True
    elif dtype is float32 and jordan and n < _LARGE:
        # Narrow ones up to the widest, and beyond it where they save an eighth of many matrices: of few, fewer passes count for more.
        saves = not few and 8 * padded(n, 64) <= 7 * padded(n, 128)
        block = 64 if n <= _WIDEST_BLOCK or saves else 128
    else:
        block = 64 if n <= _SMALL else 256 if n >= _HUGE else 128
    panel = 16 if dtype.is_complex or (n <= _NARROW_PANELS and batch * n >= _MANY_ROWS) else 32

    def distance(config: Config) -> tuple[bool, ...]:
        """From what was the best of those that were measured."""
        wished = config["block"] == block, bool(config["ahead"]) == ahead, (config["eliminated"] < 64) == few, config["panel"] == panel
        return tuple(not each for each in wished)

    return sorted(fitting, key=distance)


def _is_one_block(n: int, batch: int) -> bool:
    """Whether so few matrices are best as a single block each, outside of which nothing has to be updated."""
    return _NARROW_PANELS < n <= _WIDEST_BLOCK and batch * n < 2 * _FEW_ROWS


def padded(n: int, block: int) -> int:
    """``n`` as a whole number of blocks."""
    return -(-n // block) * block


def why_no_elimination(n: int, batch: int, dtype: DType, device: Capabilities) -> str | None:
    """Why matrices of order ``n`` are not to be eliminated so; None if they are."""
    if n <= NARROWEST:
        return f"a matrix of order {n} would be mostly padding"
    return None if configs_of(n, batch, dtype, device) else "what a workgroup shares does not fit its memory"


@dataclass(frozen=True)
class _Pass:
    """A pass over a panel: the function of a library, what declares it, and what it asks for."""

    function: str
    declarations: str
    groups: int
    params: dict[str, int]


@dataclass(frozen=True)
class Elimination:
    """The launches that eliminate ``batch`` matrices of order ``n`` in the scratch buffer ``work``.

    With ``jordan`` every pivot row is taken to every other row, which leaves the inverse in place of the matrix. Without it
    rows that are pivots take nothing more: they end as those of U, and what stands right of the matrix, ``n_right`` columns,
    as L⁻¹ of them.

    Configuration: ``block`` columns go through the product at once, ``panel`` columns are eliminated at once; an
    invocation of a search has ``rows`` rows; ``eliminated`` rows belong to a workgroup; ``tile`` is the side of
    a workgroup's part of the product; ``strip`` columns of the pivot rows belong to a workgroup; with ``ahead`` the
    next block is eliminated while the product is under way.
    """

    dtype: DType
    n: int
    batch: int
    config: Config
    device: Capabilities = field(compare=False)
    n_right: int = 0
    jordan: bool = True

    @property
    def block(self) -> int:
        return self.config["block"]

    @property
    def panel(self) -> int:
        return self.config["panel"]

    @property
    def ld(self) -> int:
        """Rows of the padded matrix, and its own columns."""
        return padded(self.n, self.block)

    @property
    def pitch(self) -> int:
        """Columns of the padded matrix, those right of it included."""
        tile = self.config["tile"]
        return self.ld + padded(self.n_right, tile)

    @property
    def invocations(self) -> int:
        if self.exchanges:
            return _EXCHANGING
        return _SOFTWARE_INVOCATIONS if self.device.kind == "software" else _INVOCATIONS

    @property
    def candidates(self) -> int:
        """Rows that one workgroup searches."""
        return self.invocations * self.config["rows"]

    @property
    def parts(self) -> int:
        return -(-self.n // self.candidates)

    @property
    def product(self) -> Tiles | None:
        """The first guess for the product among tiles of the size that was asked for."""
        for tiles in all_tiles(self.dtype, self.device.kind == "software", self.device.subgroup_size):
            if tiles.rows == tiles.columns == self.config["tile"] and self.panel % tiles.depth == 0:
                return tiles
        return None

    @property
    def fits(self) -> bool:
        """Whether workgroup memory, invocations and bindings are there."""
        config, element, product = self.config, self.dtype.storage_bytes, self.product
        block, panel, eliminated = config["block"], config["panel"], config["eliminated"]
        forward = block * (config["strip"] + 16)
        choose = 2 * panel**2 + 2 * self.invocations  # and more than enough for the search
        eliminate = panel * (block + panel + 1 + eliminated) + eliminated
        if product is None:
            return False
        multiply = product.workgroup_bytes(self.dtype) // element
        needed = max(forward, choose, eliminate, multiply)
        if config["ahead"]:
            needed = max(needed, choose + multiply)
            # Both halves of such a pass have as many invocations, and the same vectors.
            bindings = self.device.limits["max-storage-buffers-per-shader-stage"]
            if self.dtype is float64 or product.invocations != _INVOCATIONS or bindings < _AHEAD_BINDINGS:
                return False
        return needed * element <= self.device.limits["max-compute-workgroup-storage-size"]

    @property
    def scratch(self) -> dict[str, int]:
        batch, ld, pitch, element = self.batch, self.ld, self.pitch, self.dtype.storage_bytes
        return {
            "work": batch * ld * pitch * element,
            "factors": 2 * batch * ld * self.block * element,
            "pivot_rows": batch * pitch * self.block * element,
            "lower": batch * self.block**2 * element,
            "block_rows": batch * self.panel * (self.block + self.panel) * element,
            "scale": batch * ld * element,
            "step_of": 2 * batch * ld * 4,
            "proposed": batch * self.parts * self.panel * 4,
            "zero_pivot": batch * 4,
        }

    def launches(self) -> Iterator[Launch]:
        """Eliminates block after block. ``work``, ``step_of`` and ``zero_pivot`` have been filled."""
        yield from self._alone(self._panels(0))
        for first in range(0, self.n, self.block):
            following = first + self.block
            first_column, n_columns = self._outside(first)
            if n_columns:
                strip = _BROADCAST_STRIP if self.exchanges else self.config["strip"]
                params = {**self._sizes, "first": first, **self._skipping(first, first_column, n_columns)}
                forward = self._shader("forward" + self._ending, declare(BLOCK=self.block, STRIP=strip))
                yield Launch(forward, self.batch * (n_columns // strip), params)
            if following < self.n and self.config["ahead"]:
                yield from self._update(first, following, self.block)
                yield from self._ahead(first, following)
            else:
                yield from self._update(first, first_column, n_columns)
                yield from self._alone(self._panels(following))

    def _outside(self, first: int, n_blocks: int = 1) -> tuple[int, int]:
        """What has to be updated outside of ``n_blocks`` blocks from ``first`` on: the first column, and how many."""
        following = first + n_blocks * self.block
        return (0, self.pitch - n_blocks * self.block) if self.jordan else (following, self.pitch - following)

    def _ahead(self, first: int, following: int) -> Iterator[Launch]:
        """The block at ``following``, beside its searches the columns that are in neither it nor the one at ``first``.

        Not beside what eliminates: that keeps a device busy, and so much workgroup memory that tiles would run alone.
        """
        panels = list(self._panels(following))
        updating = self._updating(first, *self._outside(first, 2))
        n_tiles = self._multiplying.count(self.batch, self.ld, updating["n_columns"])
        n_searches = sum(step.function == "choose" for step in panels)
        done = 0
        for step in panels:
            if step.function != "choose":
                yield from self._alone([step])
                continue
            n_searches -= 1
            until = n_tiles - (n_tiles - done) * n_searches // (n_searches + 1)
            shader = self._shader("ahead", step.declarations + self._multiplying_declared)
            params = {**step.params, **updating, "n_ahead": step.groups, "first_tile": done}
            yield Launch(shader, step.groups + until - done, params)
            done = until

    def _panels(self, first: int) -> Iterator[_Pass]:
        """Eliminates the block of columns from ``first`` on, within itself."""
        for inner in range(0, min(self.block, self.n - first), self.panel):
            at = {**self._sizes, "first": first, "inner": inner, "parity": first // self.block % 2}
            yield from self._choose(at)
            groups = self.batch * -(-self.ld // self.config["eliminated"])
            yield _Pass("eliminate" + self._ending, self._eliminating, groups, at)

    def _choose(self, at: dict[str, int]) -> Iterator[_Pass]:
        """One round where a workgroup can search whole columns, else two."""
        parts, batch = self.parts, self.batch
        if parts > 1:
            proposing = self._choosing(self.config["rows"], FROM_PROPOSED=False, IS_FINAL=False)
            yield _Pass("choose" + self._ending, proposing, batch * parts, {**at, "parts": parts, "candidates": self.candidates})
        n_candidates = parts * self.panel if parts > 1 else self.n
        settling = self._choosing(-(-n_candidates // self.invocations), FROM_PROPOSED=parts > 1, IS_FINAL=True)
        yield _Pass("choose" + self._ending, settling, batch, {**at, "parts": parts, "candidates": n_candidates})

    def _alone(self, panels: Iterable[_Pass]) -> Iterator[Launch]:
        for step in panels:
            invocations = "" if self.exchanges else declare(INVOCATIONS=self.invocations)
            yield Launch(self._shader(step.function, step.declarations + invocations), step.groups, step.params)

    def _choosing(self, rows: int, **constants: Constant) -> str:
        """Declares choose()."""
        if self.exchanges:
            rows = padded(rows, _EXCHANGING)
        numbers = (1 << (rows * self.invocations).bit_length()) - 1
        passes = "" if self.exchanges else "gauss_jordan_choose, workgroup_largest, "
        return f"// uses: {passes}pivot_key_*\n" + declare(ROWS=rows, NUMBERS=numbers, BLOCK=self.block, PANEL=self.panel, **constants)

    @property
    def _eliminating(self) -> str:
        """Declares eliminate()."""
        eliminated = self.config["eliminated"]
        if self.exchanges:
            return declare(BLOCK=self.block, PANEL=self.panel, ELIMINATED=eliminated, JORDAN=self.jordan)
        lanes = min(4 * self.invocations // eliminated, self.block // 4)
        return "// uses: gauss_jordan_eliminate\n" + declare(
            BLOCK=self.block, PANEL=self.panel, LANES_OF_BLOCK=lanes, ELIMINATED=eliminated, JORDAN=self.jordan
        )

    @property
    def exchanges(self) -> bool:
        """Whether workgroups are subgroups that exchange what they load, and load floats in pairs: on software adapters."""
        return self.product is not None and bool(self.product.broadcast) and "shader-int64" in self.device.features

    @property
    def _ending(self) -> str:
        """Of the names of shaders that exist in two versions."""
        return "_broadcast" if self.exchanges else ""

    @property
    def _multiplying(self) -> Tiles:
        """How update() is cut."""
        tiles = self.product
        assert tiles is not None, f"no tiles for {self.config}"
        return tiles

    @property
    def _multiplying_declared(self) -> str:
        """Declares update(), but for BLOCK."""
        return self._multiplying.declarations(self.dtype, not self.dtype.is_complex, (True, False))

    def _update(self, first: int, first_column: int, n_columns: int) -> Iterator[Launch]:
        """Brings ``n_columns`` from ``first_column`` on, but for its own and what follows, up to date with the block at ``first``."""
        if not n_columns:
            return
        params = {key: self._sizes[key] for key in ("batch", "ld", "pitch")} | self._updating(first, first_column, n_columns)
        if self.exchanges:
            strip = self.config["tile"]
            shader = self._shader("update_broadcast", declare(BLOCK=self.block, STRIP=strip, UPDATED=_UPDATED))
            yield Launch(shader, self.batch * (n_columns // strip) * -(-self.ld // _UPDATED), params)
        else:
            shader = self._shader("update", self._multiplying_declared + declare(BLOCK=self.block))
            yield Launch(shader, self._multiplying.count(self.batch, self.ld, n_columns), params)

    def _updating(self, first: int, first_column: int, n_columns: int) -> dict[str, int]:
        """What update() asks for."""
        depth = self._multiplying.depth
        return {
            "updated": first,
            "updated_parity": first // self.block % 2,
            "depth": padded(min(self.block, self.n - first), depth),
            **self._skipping(first, first_column, n_columns),
        }

    def _skipping(self, first: int, first_column: int, n_columns: int) -> dict[str, int]:
        """Which ``n_columns`` are meant: those from the first column of all on leave out blocks from ``first`` on."""
        skips = first_column == 0
        return {
            "first_column": first_column,
            "n_columns": n_columns,
            "skip": first if skips else self.pitch,
            "skipped": self.pitch - n_columns if skips else 0,
        }

    @property
    def _sizes(self) -> dict[str, int]:
        return {"batch": self.batch, "n": self.n, "ld": self.ld, "pitch": self.pitch}

    def _shader(self, layout: str, declarations: str) -> Shader:
        return elimination_shader(f"gauss_jordan_blocked_{layout}", self.dtype, declarations)


def elimination_shader(file: str, dtype: DType, declarations: str = "") -> Shader:
    """The shader of one pass, with the libraries of the dtype."""
    return load(file, f"// uses: {reciprocal_of(dtype, precise=True)}\n" + declarations + declare_field(dtype))
