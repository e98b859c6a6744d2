"""QR factorization of matrices with few columns, in the registers of many workgroups: qr_tall_reduce and qr_tall_apply.

Chains of blocks of rows are reflected to triangles, and these, one below the other, are a matrix with fewer rows, to which the
same is done, until one chain is left. Q then follows from the top down: the rows that belong to a triangle are what the chain
that it came from applies its reflections to. Every step is an orthogonal transformation, so that this is stable whatever the matrix.

Source: Demmel, Grigori, Hoemmen and Langou, Communication-optimal parallel and sequential QR and LU factorizations,
SIAM J. Sci. Comput. 34 (2012) A206-A239.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..plans.linalg import QR
from ..shader import load
from .field import declare_field
from .protocol import Capabilities, Config, Launch, Work

# Invocations are a square of so many by so many, each with some rows and columns of a block.
_LANES = 16

# More columns would leave the registers of an invocation too few rows.
_MOST_COLUMNS = 128

# Elements of 4 bytes of a block that an invocation holds: above, compilers spill to memory. And the most rows among them.
_WORDS, _MOST_ROWS_EACH = 128, 32

# On a software adapter what is written out for them takes long to compile, so that few are held, and matrices with fewer rows
# than this are left to qr_blocked. And it ends all loops of a shader after 65,535 rounds together: a chain takes fewer.
_WORDS_ON_SOFTWARE, _FEWEST_ROWS_ON_SOFTWARE, _MOST_ROUNDS_ON_SOFTWARE = 16, 4096, 50_000

# Chains on a level: a few for each processor of a large GPU. A block that is added to a chain costs less than one that begins it.
_CHAINS, _CHAINS_ON_SOFTWARE = 512, 8

# By bytes of an element: what is left of a column, beside its largest element, is zero below 2 to the minus this.
_FLOOR_EXPONENTS = {4: 50, 8: 108}

_WORKGROUP = 64


@dataclass(frozen=True)
class QRTall:
    """Real matrices of at most 128 columns and as many rows or more.

    Configuration: ``lanes``² invocations, each with ``rows_each`` rows of a block; about ``chains`` workgroups on a level.
    """

    name: str = "qr_tall"
    operation: str = "qr"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: QR, device: Capabilities) -> str | None:
        if plan.dtype.is_complex:
            return "reflections of complex numbers are not in registers"
        if plan.m < plan.n or plan.k > plan.n:
            return "R is not square"
        if plan.n > _MOST_COLUMNS:
            return f"{plan.n:,} columns are more than fit the registers of a workgroup"
        if device.kind == "software" and plan.m < _FEWEST_ROWS_ON_SOFTWARE:
            return "on a software adapter it takes longer to compile than it saves"
        if device.limits["max-compute-invocations-per-workgroup"] < _LANES**2:
            return f"{device.name} has fewer than {_LANES**2} invocations in a workgroup"
        if _workgroup_bytes(plan, _rows_each(plan, device)) > device.limits["max-compute-workgroup-storage-size"]:
            return f"{device.name} has not enough workgroup memory"
        return None

    def configs(self, plan: QR, device: Capabilities) -> Sequence[Config]:
        rows_each = _rows_each(plan, device)
        if device.kind != "software":
            return [{"lanes": _LANES, "rows_each": rows_each, "chains": _CHAINS}]
        most_blocks = _MOST_ROUNDS_ON_SOFTWARE // (plan.n * (_LANES + 4) + rows_each)
        blocks = -(-plan.m // (_LANES * rows_each))
        chains = plan.batch * max(-(-blocks // most_blocks), -(-_CHAINS_ON_SOFTWARE // plan.batch))
        return [{"lanes": _LANES, "rows_each": rows_each, "chains": chains}]

    def launches(self, plan: QR, device: Capabilities, config: Config) -> Work:
        lanes, rows_each = config["lanes"], config["rows_each"]
        square = {"LANES": lanes, "ROWS_EACH": rows_each, "COLUMNS_EACH": -(-plan.n // lanes)}
        floor = _FLOOR_EXPONENTS[plan.dtype.storage_bytes]
        reduce = load("qr_tall_reduce", declare_field(plan.dtype, **square, FLOOR_EXPONENT=floor))
        apply = load("qr_tall_apply", declare_field(plan.dtype, **square))
        identity = load("identity", declare_field(plan.dtype, WORKGROUP=_WORKGROUP))
        levels = list(_levels(plan, lanes * rows_each, config["chains"]))
        launches = [Launch(reduce, plan.batch * level.chains, {**level.sizes, "zero": 0}, level.reduced) for level in levels]
        sizes = {"batch": plan.batch, "n_rows": plan.n, "n_cols": plan.n}
        launches += [Launch(identity, -(-plan.batch * plan.n**2 // _WORKGROUP), sizes, {"out": levels[-1].corner})]
        launches += [Launch(apply, plan.batch * level.chains, level.sizes, level.applied) for level in reversed(levels)]
        scratch = {name: nbytes for level in levels for name, nbytes in level.scratch.items()}
        return Work(launches, scratch)


def _rows_each(plan: QR, device: Capabilities) -> int:
    """Rows of a block that each invocation holds: a power of two, no more than there are, no fewer than it has columns."""
    words = _WORDS_ON_SOFTWARE if device.kind == "software" else _WORDS
    columns_each = -(-plan.n // _LANES)
    most = min(_MOST_ROWS_EACH, max(words * 4 // plan.dtype.storage_bytes // columns_each, 1))
    needed = -(-plan.m // _LANES)
    return max(min(1 << (most.bit_length() - 1), _power_from(needed)), _power_from(columns_each))


def _power_from(x: int) -> int:
    """The smallest power of two that is at least ``x``."""
    return 1 << (x - 1).bit_length()


def _workgroup_bytes(plan: QR, rows_each: int) -> int:
    columns = -(-plan.n // _LANES) * _LANES
    return ((_LANES + 2) * columns + _LANES * rows_each) * plan.dtype.storage_bytes + 4 * columns


@dataclass(frozen=True)
class _Level:
    """Matrices of ``m`` rows, each in ``chains`` chains of ``span`` rows, or fewer in the last."""

    plan: QR
    number: int
    m: int
    chains: int
    span: int
    blocks: int

    @property
    def sizes(self) -> Mapping[str, int]:
        return {
            "batch": self.plan.batch,
            "m": self.m,
            "n": self.plan.n,
            "chains": self.chains,
            "span": self.span,
            "blocks": self.blocks,
        }

    @property
    def corner(self) -> str:
        """Q of the level above."""
        return f"q_{self.number + 1}"

    @property
    def reduced(self) -> Mapping[str, str]:
        """What qr_tall_reduce is bound to."""
        names = {"taus": f"taus_{self.number}"}
        if self.number:
            names |= {"x": f"r_{self.number - 1}", "q": f"q_{self.number}"}
        if self.chains > 1:
            names |= {"r": f"r_{self.number}"}
        return names

    @property
    def applied(self) -> Mapping[str, str]:
        """What qr_tall_apply is bound to."""
        names = {"taus": f"taus_{self.number}", "corner": self.corner}
        return names | {"q": f"q_{self.number}"} if self.number else names

    @property
    def scratch(self) -> Mapping[str, int]:
        """Bytes of what this level adds."""
        each = self.plan.batch * self.plan.n * self.plan.dtype.storage_bytes
        triangles = each * self.chains * self.plan.n
        found = {f"taus_{self.number}": 2 * each * self.blocks, self.corner: triangles}
        return found | {f"r_{self.number}": triangles} if self.chains > 1 else found


def _levels(plan: QR, rows: int, most_chains: int) -> Iterator[_Level]:
    """The levels, until R of a matrix is that of one chain; ``rows`` are those of a block."""
    number, m = 0, plan.m
    while True:
        blocks = -(-m // rows)
        chains = max(1, min(-(-most_chains // plan.batch), -(-blocks // 2)))
        length = -(-blocks // chains)
        chains = -(-blocks // length)
        yield _Level(plan, number, m, chains, length * rows, blocks)
        if chains == 1:
            return
        number, m = number + 1, chains * plan.n
