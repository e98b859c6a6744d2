"""LU factorization with partial pivoting in panels, for linear systems, determinants and complex inverses.

A panel of columns is factored by one workgroup per matrix. Everything right of it follows as
a triangular solve of the panel's rows and a matrix product, both spread over the whole device.
Right-hand sides are only more columns to the right.

Source: Golub and Van Loan, Matrix Computations, 4th ed., section 3.2.11 (block LU) and 3.1.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..dtypes import DType
from ..plans.linalg import Determinant, Inverse, Solve
from ..shader import Constant, Shader, load
from .field import declare_field
from .inverse_status import report_library
from .protocol import Capabilities, Config, Launch, Work

# Invocations per workgroup where the algorithm does not fix them: what every device has.
_WORKGROUP = 64
# The most of them that browsers grant.
_WIDEST = 256
# Side of the square that a workgroup of lu_update computes.
_TILE = 32


def _shader(layout: str, dtype: DType, **constants: Constant) -> Shader:
    """The shader of one step."""
    return load(f"lu_{layout}", declare_field(dtype, **constants))


@dataclass(frozen=True)
class _Factorization:
    """The launches that factor ``batch`` matrices of order ``n`` into scratch, ``block`` columns at a time."""

    dtype: DType
    n: int
    batch: int
    block: int
    workgroup: int

    @property
    def scratch(self) -> dict[str, int]:
        """Bytes of the factored matrices, of one panel each, and of the row exchanges."""
        matrices = self.batch * self.n * self.n * self.dtype.storage_bytes
        panels = self.batch * self.n * self.block * self.dtype.storage_bytes
        # Of order 0 there is nothing, but a binding asks for something.
        sizes = {"lu": matrices, "panel": panels, "pivots": self.batch * self.n * 4}
        return {name: max(nbytes, 4) for name, nbytes in sizes.items()}

    @property
    def panels(self) -> list[tuple[int, int]]:
        """First column and width of each panel."""
        return [(first, min(self.block, self.n - first)) for first in range(0, self.n, self.block)]

    def load(self, source: str, loaded: str, n_cols: int) -> Launch:
        """Copies (batch, n, n_cols) to where it is worked on."""
        size = self.batch * self.n * n_cols
        shader = load("load_finite", declare_field(self.dtype, WORKGROUP=_WORKGROUP))
        return Launch(shader, -(-size // _WORKGROUP), {"n": size}, {"source": source, "loaded": loaded})

    def panel(self, first: int, width: int) -> Launch:
        """Factors the panel that begins at column ``first``."""
        shader = _shader("panel", self.dtype, BLOCK=self.block, WORKGROUP=self.workgroup)
        return Launch(shader, self.batch, {"batch": self.batch, "n": self.n, "column": first, "width": width})

    def follow(self, right: str, n_cols: int, first_col: int, first: int, width: int) -> Iterator[Launch]:
        """Brings the columns of ``right`` from ``first_col`` on up to date with a panel."""
        n_columns = n_cols - first_col
        if n_columns:
            shader = _shader("rows", self.dtype, BLOCK=self.block, WORKGROUP=_WORKGROUP)
            params = {
                "batch": self.batch,
                "n": self.n,
                "column": first,
                "width": width,
                "n_cols": n_cols,
                "first_col": first_col,
            }
            yield Launch(shader, -(-self.batch * n_columns // _WORKGROUP), params, {"right": right})
            steps = {"left_matrix": self.block * self.n, "left_first": 0, "left_row": 1, "left_col": self.n}
            yield from self._update(right, n_cols, first_col, "panel", steps, (first + width, self.n), first, width)

    def solve(self, right: str, n_cols: int) -> Iterator[Launch]:
        """Factors, and solves for the columns of ``right`` in place."""
        for first, width in self.panels:
            yield self.panel(first, width)
            yield from self.follow("lu", self.n, first + width, first, width)
            yield from self.follow(right, n_cols, 0, first, width)
        yield from self.back(right, n_cols)

    def back(self, right: str, n_cols: int) -> Iterator[Launch]:
        """Solves with U in place, the last rows first."""
        shader = _shader("back", self.dtype, BLOCK=self.block, WORKGROUP=_WORKGROUP)
        for first, width in reversed(self.panels):
            params = {"batch": self.batch, "n": self.n, "n_cols": n_cols, "column": first, "width": width}
            yield Launch(shader, -(-self.batch * n_cols // _WORKGROUP), params, {"right": right})
            steps = {"left_matrix": self.n**2, "left_first": first, "left_row": self.n, "left_col": 1}
            yield from self._update(right, n_cols, 0, "lu", steps, (0, first), first, width)

    def _update(self, right: str, n_cols: int, first_col: int, left: str, left_steps: dict[str, int], rows: tuple[int, int], source_row: int, width: int) -> Iterator[Launch]:  # fmt: skip
        """Subtracts left @ (rows of ``right`` from ``source_row`` on) from the given rows of ``right``."""
        first_row, end_row = rows
        if first_row < end_row:
            tiles = -(-(end_row - first_row) // _TILE) * -(-(n_cols - first_col) // _TILE)
            params = {
                "batch": self.batch,
                "n": self.n,
                "n_cols": n_cols,
                "first_col": first_col,
                "first_row": first_row,
                "end_row": end_row,
                "source_row": source_row,
                "width": width,
                **left_steps,
            }
            shader = _shader("update", self.dtype, BLOCK=self.block)
            yield Launch(shader, self.batch * tiles, params, {"right": right, "left": left})


def _factorization(plan: Solve | Determinant | Inverse, config: Config) -> _Factorization:
    return _Factorization(plan.dtype, plan.n, plan.batch, min(config["block"], max(plan.n, 1)), config["workgroup"])


def _configs(n: int, device: Capabilities) -> Sequence[Config]:
    limit = device.limits["max-compute-invocations-per-workgroup"]
    # A panel's workgroup is alone with its matrix: the more invocations, the less memory is waited for.
    most = 1024 if n > 512 and limit >= 1024 else min(_WIDEST, limit)
    return [{"block": 16, "workgroup": 32 if n <= 32 else most}]


@dataclass(frozen=True)
class LUSolve:
    """Linear systems of any order. Configuration: ``block`` columns a panel, ``workgroup`` invocations for it."""

    name: str = "lu_solve"
    operation: str = "solve"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Solve, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Solve, device: Capabilities) -> Sequence[Config]:
        return _configs(plan.n, device)

    def launches(self, plan: Solve, device: Capabilities, config: Config) -> Work:
        lu = _factorization(plan, config)
        launches = [lu.load("x1", "lu", plan.n), lu.load("x2", "out", plan.n_rhs)]
        return Work([*launches, *lu.solve("out", plan.n_rhs)], lu.scratch)


@dataclass(frozen=True)
class LUInverse:
    """Inverses of complex matrices of any order: systems whose right-hand sides are the identity.

    Configuration: as LUSolve's.
    """

    name: str = "lu_inverse"
    operation: str = "inverse"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        return None if plan.dtype.is_complex else "real matrices are eliminated in place, with half the memory"

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        return _configs(plan.n, device)

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        lu = _factorization(plan, config)
        size = plan.batch * plan.n**2
        identity = load("identity", declare_field(plan.dtype, WORKGROUP=_WORKGROUP))
        shape = {"batch": plan.batch, "n_rows": plan.n, "n_cols": plan.n}
        report = f"// uses: {report_library(plan)}\n"
        constants = declare_field(plan.dtype, WORKGROUP=min(config["workgroup"], _WIDEST))
        condition = load("lu_condition", report + constants)
        return Work(
            [
                lu.load("x", "lu", plan.n),
                Launch(identity, -(-size // _WORKGROUP), shape, {"out": "inverse"}),
                *(replace(launch, buffers={"info": "zero_pivot", **launch.buffers}) for launch in lu.solve("inverse", plan.n)),
                Launch(condition, plan.batch, {"batch": plan.batch, "n": plan.n, "zero": 0}),
            ],
            {**lu.scratch, "zero_pivot": 4 * plan.batch},
        )


@dataclass(frozen=True)
class LUDeterminant:
    """Determinants of any order, 0 included. Configuration: as LUSolve's."""

    name: str = "lu_determinant"
    operation: str = "determinant"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Determinant, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Determinant, device: Capabilities) -> Sequence[Config]:
        return _configs(plan.n, device)

    def launches(self, plan: Determinant, device: Capabilities, config: Config) -> Work:
        lu = _factorization(plan, config)
        launches = [lu.load("x", "lu", plan.n)] if plan.n else []
        for first, width in lu.panels:
            launches.append(lu.panel(first, width))
            launches += lu.follow("lu", plan.n, first + width, first, width)
        workgroup = min(config["workgroup"], _WIDEST)
        product = _shader("determinant", plan.dtype, WORKGROUP=workgroup)
        launches.append(Launch(product, plan.batch, {"batch": plan.batch, "n": plan.n, "zero": 0}))
        return Work(launches, {**lu.scratch, "info": plan.batch * 4})
