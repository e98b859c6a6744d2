"""QR factorization by Householder reflections, in panels.

A panel of columns is reduced by one workgroup per matrix, which also finds the T of I - V T Vᴴ, the
product of the panel's reflections. What lies right of it follows by two matrix products. Q is those
products applied to the identity, the last panel first.

Source: Golub and Van Loan, Matrix Computations, 4th ed., section 5.2.3 (block Householder QR).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..plans.linalg import QR
from ..shader import Constant, Shader, load
from .field import declare_field
from .protocol import Capabilities, Config, Launch, Work
from .rank_update import Panel, block_of, rank_update

# Invocations per workgroup where the algorithm does not fix them: what every device has.
_WORKGROUP = 64
# Invocations that sum along one column of a panel.
_ROW_LANES = 32
# Columns of a tile of qr_project.
_TILE = 32


@dataclass(frozen=True)
class QRBlocked:
    """Any shape. Configuration: ``block`` columns a panel (a multiple of 8), ``workgroup`` invocations for it."""

    name: str = "qr_blocked"
    operation: str = "qr"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: QR, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: QR, device: Capabilities) -> Sequence[Config]:
        k = min(plan.m, plan.n)
        block = min(block_of(plan.dtype), -(-k // 8) * 8)
        # The panel's workgroup is alone with its matrix: the more invocations, the less memory is waited for.
        most = 1024 if plan.m > 512 else 256 if plan.m > 32 else 32
        return [{"block": block, "workgroup": _affordable(most, plan, device)}]

    def launches(self, plan: QR, device: Capabilities, config: Config) -> Work:
        reflections = _Reflections(plan, config["block"], config["workgroup"])
        return Work([*reflections.reduce(), *reflections.triangle(), *reflections.accumulate()], reflections.scratch)


def _affordable(workgroup: int, plan: QR, device: Capabilities) -> int:
    """``workgroup``, or as many invocations as the device has and has the workgroup memory for."""
    # Per invocation what three reductions hold, and a panel's triangle with its dot products.
    each, fixed = 3 * plan.dtype.storage_bytes, 34 * block_of(plan.dtype) * plan.dtype.storage_bytes
    while (
        workgroup > device.limits["max-compute-invocations-per-workgroup"]
        or workgroup * each + fixed > device.limits["max-compute-workgroup-storage-size"]
    ):
        workgroup //= 2
    return workgroup


@dataclass(frozen=True)
class _Reflections:
    """The launches that factor a batch: first the matrices, in ``work``, then the identities, in ``q``."""

    plan: QR
    block: int
    workgroup: int

    @property
    def k(self) -> int:
        """Number of reflections."""
        return min(self.plan.m, self.plan.n)

    @property
    def panels(self) -> list[tuple[int, int, int]]:
        """Number, first column and width of each panel."""
        starts = range(0, self.k, self.block)
        return [(i, first, min(self.block, self.k - first)) for i, first in enumerate(starts)]

    @property
    def scratch(self) -> dict[str, int]:
        """Bytes of the matrices, of V and T of every panel, and of the projection on one."""
        plan = self.plan
        bytes_each = plan.batch * plan.dtype.storage_bytes
        return {
            "work": bytes_each * plan.m * plan.n,
            "reflectors": bytes_each * self.k * plan.m,
            "factors": bytes_each * len(self.panels) * self.block**2,
            "projected": bytes_each * self.block * max(plan.n, self.plan.k),
        }

    def reduce(self) -> Iterator[Launch]:
        """R in the upper triangle of ``work``, and the reflections."""
        plan = self.plan
        size = plan.batch * plan.m * plan.n
        finite = load("load_finite", declare_field(plan.dtype, WORKGROUP=_WORKGROUP))
        yield Launch(finite, -(-size // _WORKGROUP), {"n": size}, {"source": "x", "loaded": "work"})
        panel = self._shader("panel", WORKGROUP=self.workgroup, ROW_LANES=_ROW_LANES)
        for number, column, width in self.panels:
            sizes = {"n": plan.n, **self._sizes(number, column, width)}
            yield Launch(panel, plan.batch, sizes)
            yield from self._reflect("work", plan.n, column + width, number, column, width, adjoint=True)

    def triangle(self) -> Iterator[Launch]:
        plan = self.plan
        size = plan.batch * self.plan.k * plan.n
        shader = load("qr_triangle", declare_field(plan.dtype, WORKGROUP=_WORKGROUP))
        sizes = {"batch": plan.batch, "m": plan.m, "n": plan.n, "n_rows": self.plan.k}
        yield Launch(shader, -(-size // _WORKGROUP), sizes)

    def accumulate(self) -> Iterator[Launch]:
        """Q: columns before a panel's own are not touched by it, the identity being what it is."""
        plan = self.plan
        size = plan.batch * plan.m * self.plan.k
        identity = load("identity", declare_field(plan.dtype, WORKGROUP=_WORKGROUP))
        sizes = {"batch": plan.batch, "n_rows": plan.m, "n_cols": self.plan.k}
        yield Launch(identity, -(-size // _WORKGROUP), sizes, {"out": "q"})
        for number, column, width in reversed(self.panels):
            yield from self._reflect("q", self.plan.k, column, number, column, width, adjoint=False)

    def _reflect(self, name: str, n_cols: int, first_col: int, number: int, column: int, width: int, adjoint: bool) -> Iterator[Launch]:  # fmt: skip
        """Applies a panel's reflections to columns of ``name``: from the left, or their adjoint."""
        if first_col >= n_cols:
            return
        plan = self.plan
        project = self._shader("project", ADJOINT=adjoint)
        sizes = {**self._sizes(number, column, width), "n_cols": n_cols, "first_col": first_col}
        groups = plan.batch * -(-(n_cols - first_col) // _TILE)
        yield Launch(project, groups, sizes, {"reflected": name})
        yield from rank_update(
            plan.dtype,
            self.block,
            plan.batch,
            width,
            name,
            (plan.m * n_cols, n_cols, 1),
            (column, plan.m),
            (first_col, n_cols),
            Panel("reflectors", self.k * plan.m, column * plan.m, plan.m),
            Panel("projected", self.block * n_cols, 0, n_cols),
        )

    def _sizes(self, number: int, column: int, width: int) -> dict[str, int]:
        return {
            "batch": self.plan.batch,
            "m": self.plan.m,
            "k": self.k,
            "column": column,
            "width": width,
            "panels": len(self.panels),
            "number": number,
        }

    def _shader(self, step: str, **constants: Constant) -> Shader:
        return load(f"qr_{step}", declare_field(self.plan.dtype, BLOCK=self.block, **constants))
