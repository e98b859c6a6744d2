"""Linear systems and determinants of matrices that are not small, by the passes of the blocked inverse.

``elimination`` leaves U, whose row s is row pivot_of[s], and right of it L⁻¹ of the right-hand sides. Blocks of U are then solved
from the last one up: its triangle by a workgroup for each strip of right-hand sides, the steps above it as a matrix product.

Source: Golub and Van Loan, Matrix Computations, 4th ed., sections 3.1.4 and 3.2.11.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..plans.linalg import Determinant, Solve
from ..shader import declare, load
from .elimination import Elimination, configs_of, elimination_shader, why_no_elimination
from .field import declare_field
from .product import Tiles, all_tiles
from .protocol import Capabilities, Config, Launch, Work

_WORKGROUP = 256

# Steps of a block of the back substitution, and of its right-hand sides those of a workgroup.
_MOST_BACK, _NARROW_STRIP = 128, 16


def _load(elimination: Elimination, source: str, n_cols: int, first_column: int, n_padded: int) -> Launch:
    """Copies (batch, n, n_cols) to ``n_padded`` columns of work."""
    e = elimination
    shader = elimination_shader("lu_blocked_load", e.dtype, declare(WORKGROUP=_WORKGROUP))
    params = {
        "batch": e.batch,
        "n": e.n,
        "ld": e.ld,
        "pitch": e.pitch,
        "n_cols": n_cols,
        "first_column": first_column,
        "n_padded": n_padded,
        "zero": 0,
    }
    return Launch(shader, -(-e.batch * e.ld * n_padded // _WORKGROUP), params, {"source": source})


@dataclass(frozen=True)
class LUBlockedSolve:
    """n > 32. Scratch: padded copies of both operands, and three times ``block`` rows per matrix.

    Configuration: as Elimination's.
    """

    name: str = "lu_blocked_solve"
    operation: str = "solve"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Solve, device: Capabilities) -> str | None:
        return why_no_elimination(plan.n, plan.batch, plan.dtype, device)

    def configs(self, plan: Solve, device: Capabilities) -> Sequence[Config]:
        return configs_of(plan.n, plan.batch, plan.dtype, device, jordan=False)

    def launches(self, plan: Solve, device: Capabilities, config: Config) -> Work:
        e = Elimination(plan.dtype, plan.n, plan.batch, config, device, plan.n_rhs, jordan=False)
        launches = [
            _load(e, "x1", e.n, 0, e.ld),
            _load(e, "x2", plan.n_rhs, e.ld, e.pitch - e.ld),
            *e.launches(),
            *_back(e),
        ]
        scratch = e.scratch
        del scratch["zero_pivot"]
        scratch["solved"] = e.batch * _back_steps(e) * (e.pitch - e.ld) * e.dtype.storage_bytes
        said = [Launch(each.shader, each.groups, each.params, {**each.buffers, **_INFO}) for each in launches]
        return Work(said, scratch)


# Of a system the plan wants to know the step of the first zero pivot.
_INFO = {"zero_pivot": "info"}


def _back_steps(e: Elimination) -> int:
    return min(_MOST_BACK * 4 // e.dtype.storage_bytes, e.block)


def _back(e: Elimination) -> Iterator[Launch]:
    """Solves with U, the last steps first."""
    back, strip = _back_steps(e), e.config["strip"]
    if e.n_right <= _NARROW_STRIP:
        strip = _NARROW_STRIP
    triangle = elimination_shader("lu_blocked_back", e.dtype, declare(BACK=back, STRIP=strip))
    tiles = _tiles(e)
    declared = tiles.declarations(e.dtype, not e.dtype.is_complex, (True, False))
    above = elimination_shader("lu_blocked_above", e.dtype, declared + declare(BACK=back))
    sizes = {"batch": e.batch, "ld": e.ld, "pitch": e.pitch}
    for first in reversed(range(0, e.n, back)):
        params = {**sizes, "n": e.n, "n_rhs": e.n_right, "first": first}
        yield Launch(triangle, e.batch * -(-e.n_right // strip), params)
        if first:
            params = {**sizes, "first": first, "n_columns": e.n_right}
            yield Launch(above, tiles.count(e.batch, first, e.n_right), params)


def _tiles(e: Elimination) -> Tiles:
    """How the products of the back substitution are cut: as those of the elimination, or narrow for few right-hand sides."""
    narrowest = all_tiles(e.dtype, e.device.kind == "software")[-1]
    usual = e.product
    return narrowest if usual is None or e.n_right <= narrowest.columns else usual


@dataclass(frozen=True)
class LUBlockedDeterminant:
    """n > 32. Scratch: a padded copy, and three times ``block`` rows per matrix. Configuration: as Elimination's."""

    name: str = "lu_blocked_determinant"
    operation: str = "determinant"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Determinant, device: Capabilities) -> str | None:
        return why_no_elimination(plan.n, plan.batch, plan.dtype, device)

    def configs(self, plan: Determinant, device: Capabilities) -> Sequence[Config]:
        return configs_of(plan.n, plan.batch, plan.dtype, device, jordan=False)

    def launches(self, plan: Determinant, device: Capabilities, config: Config) -> Work:
        e = Elimination(plan.dtype, plan.n, plan.batch, config, device, jordan=False)
        product = load("lu_blocked_determinant", declare_field(e.dtype, WORKGROUP=_WORKGROUP))
        params = {"batch": e.batch, "n": e.n, "ld": e.ld, "pitch": e.pitch, "zero": 0}
        launches = [_load(e, "x", e.n, 0, e.ld), *e.launches(), Launch(product, e.batch, params)]
        return Work(launches, {**e.scratch, "cycles": e.batch * 2 * e.ld * 8})
