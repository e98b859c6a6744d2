"""Inverses of any order by Gauss-Jordan elimination: blocks of columns in panels, the rest as matrix products.

The shaders' common head, ``shaders/lib/gauss_jordan_blocked.wgsl``, explains the algorithm. Three sizes decide how
it runs: a panel is as wide as registers allow, since its columns wait for each other; a block is as wide as makes the
product with it worth the memory traffic; and long columns are searched in parts, so that no workgroup holds
everyone up.

Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..plans.linalg import Inverse
from ..shader import Constant, Shader, declare
from .gauss_jordan import COMPLEX, gauss_jordan_shader
from .inverse_status import report_library
from .product import Tiles, all_tiles
from .protocol import Capabilities, Config, Launch, Work

# Columns of a workgroup, and the most parts that a column's sums come in, of the passes at both ends.
_COLUMNS, _MOST_TILES, _FEWEST_ROWS = 256, 64, 32

# Columns that gauss_jordan_blocked_norms.wgsl gives to a workgroup.
_SUMMED = 64

# block, panel, tile, strip, eliminated, ahead: see GaussJordanBlocked.
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

# Rows of an invocation of a search: up to this order one workgroup searches all rows with it, and above it the proposals of as
# many workgroups as make one round of 256 rows each.
_MOST_ROWS, _SEARCHED_TOGETHER, _PROPOSING = 4, 1024, 2048

# With fewer rows than this in all matrices together, narrower strips and fewer rows for each workgroup keep more of them busy.
_FEW_ROWS = 8192

# Up to this order several matrices keep a device busy, and narrow blocks waste the least. From the second on the
# product takes long enough to hide the search for pivots behind it, and from the third on it pays to
# come back to a matrix half as often.
_SMALL, _LARGE, _HUGE = 384, 1536, 6144

# The least that a block takes, and with it all that is smaller.
_NARROWEST = 32

_INVOCATIONS = 256

# Storage buffers of gauss_jordan_blocked_ahead.wgsl.
_AHEAD_BINDINGS = 9


@dataclass(frozen=True)
class GaussJordanBlocked:
    """n > 32. Scratch: one padded copy of the input, and three times ``block`` rows per matrix.

    Configuration: ``block`` columns go through the product at once, ``panel`` columns are eliminated at once; an
    invocation of a search has ``rows`` rows; ``eliminated`` rows belong to a workgroup; ``tile`` is the side of
    a workgroup's part of the product; ``strip`` columns of the pivot rows belong to a workgroup; with ``ahead`` the
    next block is eliminated while the product is under way.
    """

    name: str = "gauss_jordan_blocked"
    operation: str = "inverse"
    version: int = 2
    api_version: int = 1

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        if plan.dtype.is_complex:
            return COMPLEX
        return None if plan.n > _NARROWEST else f"a matrix of order {plan.n} would be mostly padding"

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        return list(_configs(plan, device))

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        return _Elimination(plan, config, device.kind == "software").work()


def _configs(plan: Inverse, device: Capabilities) -> Iterator[Config]:
    """The best guess first."""
    names = ("block", "panel", "tile", "strip", "eliminated", "ahead")
    rows = _MOST_ROWS if plan.n <= _SEARCHED_TOGETHER else min(-(-plan.n // _PROPOSING), _MOST_ROWS)
    found = [{**dict(zip(names, choice, strict=True)), "rows": rows} for choice in _CHOICES]
    fitting = [config for config in found if _fits(_Elimination(plan, config, device.kind == "software"), device)]
    # A software adapter takes long to compile wide panels, and gains nothing from them.
    if device.kind == "software":
        fitting = [config for config in fitting if config["panel"] == 16]
    block = 64 if plan.n <= _SMALL or device.kind == "software" else 256 if plan.n >= _HUGE else 128
    ahead = plan.n >= _LARGE
    few = plan.batch * plan.n < _FEW_ROWS
    yield from sorted(
        fitting, key=lambda config: (config["block"] != block, bool(config["ahead"]) != ahead, (config["eliminated"] < 64) != few)
    )


def _fits(elimination: _Elimination, device: Capabilities) -> bool:
    """Whether workgroup memory, invocations and bindings are there."""
    config, element = elimination.config, elimination.plan.dtype.storage_bytes
    block, panel, eliminated = config["block"], config["panel"], config["eliminated"]
    forward = block * (config["strip"] + 16)
    choose = 2 * panel**2 + 2 * _INVOCATIONS  # and more than enough for the search
    eliminate = panel * (block + panel + 1 + eliminated) + eliminated
    product = elimination.product
    if product is None:
        return False
    multiply = product.workgroup_bytes(elimination.plan.dtype) // element
    needed = max(forward, choose, eliminate, multiply)
    if config["ahead"]:
        needed = max(needed, choose + multiply)
        # Both halves of such a pass have as many invocations, and the same vectors.
        bindings = device.limits["max-storage-buffers-per-shader-stage"]
        if element > 4 or product.invocations != _INVOCATIONS or bindings < _AHEAD_BINDINGS:
            return False
    return needed * element <= device.limits["max-compute-workgroup-storage-size"]


@dataclass(frozen=True)
class _Pass:
    """A pass over a panel: the function of a library, what declares it, and what it asks for."""

    function: str
    declarations: str
    groups: int
    params: dict[str, int]


@dataclass(frozen=True)
class _Elimination:
    """The launches for one plan in one configuration."""

    plan: Inverse
    config: Config
    is_software: bool

    @property
    def block(self) -> int:
        return self.config["block"]

    @property
    def panel(self) -> int:
        return self.config["panel"]

    @property
    def ld(self) -> int:
        """Rows and columns of the padded matrix."""
        return -(-self.plan.n // self.block) * self.block

    @property
    def tile_rows(self) -> int:
        """Rows over which the first and the last pass sum."""
        return max(_FEWEST_ROWS, -(-self.ld // _MOST_TILES))

    @property
    def tiles(self) -> int:
        return -(-self.ld // self.tile_rows)

    @property
    def candidates(self) -> int:
        """Rows that one workgroup searches."""
        return _INVOCATIONS * self.config["rows"]

    @property
    def parts(self) -> int:
        return -(-self.plan.n // self.candidates)

    @property
    def norms(self) -> int:
        """Parts of a matrix whose columns are summed together."""
        return -(-self.plan.n // _SUMMED)

    @property
    def product(self) -> Tiles | None:
        """The first guess for the product among tiles of the size that was asked for."""
        for tiles in all_tiles(self.plan.dtype, self.is_software):
            if tiles.rows == tiles.columns == self.config["tile"] and self.panel % tiles.depth == 0:
                return tiles
        return None

    @property
    def sizes(self) -> dict[str, int]:
        return {"batch": self.plan.batch, "n": self.plan.n, "ld": self.ld}

    def work(self) -> Work:
        tiles = {**self.sizes, "tiles": self.tiles}
        batch = self.plan.batch
        launches = [self._per_column("load", self.ld, tiles)]
        launches += self._blocks()
        launches.append(self._per_column("finish", self.plan.n, tiles))
        launches.append(Launch(self._shader("norms", ""), batch * self.norms, tiles))
        report = f"// uses: {report_library(self.plan)}\n" + declare(WORKGROUP=_COLUMNS)
        parts = {"batch": batch, "n": self.plan.n, "parts": self.norms, "zero": 0}
        launches.append(Launch(self._shader("condition", report), batch, parts))
        return Work(launches, self.scratch())

    def scratch(self) -> dict[str, int]:
        batch, ld, element = self.plan.batch, self.ld, self.plan.dtype.storage_bytes
        per_tile = batch * self.tiles * ld * element
        return {
            "work": batch * ld * ld * element,
            "factors": 2 * batch * ld * self.block * element,
            "pivot_rows": batch * ld * self.block * element,
            "lower": batch * self.block**2 * element,
            "block_rows": batch * self.panel * (self.block + self.panel) * element,
            "scale": batch * ld * element,
            "column_sum": per_tile,
            "column_max": per_tile,
            "inverse_sum": per_tile,
            "norms": batch * self.norms * 3 * element,
            "step_of": 2 * batch * ld * 4,
            "proposed": batch * self.parts * self.panel * 4,
            "zero_pivot": batch * 4,
        }

    def _blocks(self) -> Iterator[Launch]:
        """Eliminates block after block."""
        yield from self._alone(self._panels(0))
        for first in range(0, self.plan.n, self.block):
            following = first + self.block
            if self.ld > self.block:
                strip = self.config["strip"]
                forward = self._shader("forward", declare(BLOCK=self.block, STRIP=strip))
                yield Launch(forward, self.plan.batch * (self.ld // strip), {**self.sizes, "first": first})
            if following < self.plan.n and self.config["ahead"]:
                yield from self._update(first, following, self.block)
                yield from self._ahead(first, following)
            else:
                yield from self._update(first, 0, self.ld - self.block)
                yield from self._alone(self._panels(following))

    def _ahead(self, first: int, following: int) -> Iterator[Launch]:
        """The block at ``following``, beside its searches the columns that are in neither it nor the one at ``first``.

        Not beside what eliminates: that keeps a device busy, and so much workgroup memory that tiles would run alone.
        """
        panels = list(self._panels(following))
        updating = self._updating(first, 0, self.ld - 2 * self.block)
        n_tiles = self._multiplying.count(self.plan.batch, self.ld, updating["n_columns"])
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
        for inner in range(0, min(self.block, self.plan.n - first), self.panel):
            at = {**self.sizes, "first": first, "inner": inner, "parity": first // self.block % 2}
            yield from self._choose(at)
            groups = self.plan.batch * -(-self.ld // self.config["eliminated"])
            yield _Pass("eliminate", self._eliminating, groups, at)

    def _choose(self, at: dict[str, int]) -> Iterator[_Pass]:
        """One round where a workgroup can search whole columns, else two."""
        parts, batch = self.parts, self.plan.batch
        if parts > 1:
            proposing = self._choosing(self.config["rows"], FROM_PROPOSED=False, IS_FINAL=False)
            yield _Pass("choose", proposing, batch * parts, {**at, "parts": parts, "candidates": self.candidates})
        n_candidates = parts * self.panel if parts > 1 else self.plan.n
        settling = self._choosing(-(-n_candidates // _INVOCATIONS), FROM_PROPOSED=parts > 1, IS_FINAL=True)
        yield _Pass("choose", settling, batch, {**at, "parts": parts, "candidates": n_candidates})

    def _alone(self, panels: Iterable[_Pass]) -> Iterator[Launch]:
        for step in panels:
            shader = self._shader(step.function, step.declarations + declare(INVOCATIONS=_INVOCATIONS))
            yield Launch(shader, step.groups, step.params)

    def _choosing(self, rows: int, **constants: Constant) -> str:
        """Declares choose()."""
        numbers = (1 << (rows * _INVOCATIONS).bit_length()) - 1
        return (
            f"// uses: gauss_jordan_choose, workgroup_largest, pivot_key_{self.plan.dtype.wgsl}\n"
            + declare(ROWS=rows, NUMBERS=numbers, BLOCK=self.block, PANEL=self.panel, **constants)
        )

    @property
    def _eliminating(self) -> str:
        """Declares eliminate()."""
        return "// uses: gauss_jordan_eliminate\n" + declare(
            BLOCK=self.block, PANEL=self.panel, LANES_OF_BLOCK=min(4 * _INVOCATIONS // self.config["eliminated"], self.block // 4), ELIMINATED=self.config["eliminated"]
        )

    @property
    def _multiplying(self) -> Tiles:
        """How update() is cut."""
        tiles = self.product
        assert tiles is not None, f"no tiles for {self.config}"
        return tiles

    @property
    def _multiplying_declared(self) -> str:
        """Declares update(), but for BLOCK."""
        return self._multiplying.declarations(self.plan.dtype, True, (True, False))

    def _update(self, first: int, first_column: int, n_columns: int) -> Iterator[Launch]:
        """Brings ``n_columns`` from ``first_column`` on, but for its own and what follows, up to date with the block at ``first``."""
        if n_columns:
            shader = self._shader("update", self._multiplying_declared + declare(BLOCK=self.block))
            params = self._updating(first, first_column, n_columns)
            groups = self._multiplying.count(self.plan.batch, self.ld, n_columns)
            yield Launch(shader, groups, {"batch": self.plan.batch, "ld": self.ld, **params})

    def _updating(self, first: int, first_column: int, n_columns: int) -> dict[str, int]:
        """What update() asks for."""
        depth = self._multiplying.depth
        skips = first_column == 0
        return {
            "updated": first,
            "updated_parity": first // self.block % 2,
            "depth": -(-min(self.block, self.plan.n - first) // depth) * depth,
            "first_column": first_column,
            "n_columns": n_columns,
            "skip": first if skips else self.ld,
            "skipped": self.ld - n_columns if skips else 0,
        }

    def _per_column(self, layout: str, n_columns: int, params: dict[str, int]) -> Launch:
        groups = self.plan.batch * self.tiles * -(-n_columns // _COLUMNS)
        shader = self._shader(layout, declare(COLUMNS=_COLUMNS))
        return Launch(shader, groups, {**params, "tile_rows": self.tile_rows})

    def _shader(self, layout: str, declarations: str) -> Shader:
        return gauss_jordan_shader(f"blocked_{layout}", self.plan, declarations=declarations)
