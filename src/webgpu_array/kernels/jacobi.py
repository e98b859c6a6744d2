"""Singular values and eigenvalues by Jacobi rotations, of blocks of columns at a time.

Two blocks of columns meet. Their scalar products, or the rows and columns that they share of a
Hermitian matrix, make a small Hermitian matrix, which one workgroup rotates towards a diagonal one in its own
memory. The product of its rotations is then multiplied to the columns (and rows). In a sweep every
block meets every other; all meetings of a round run at once. A small matrix is one meeting.

Source: Hestenes, J. SIAM 6 (1958) 51-90; Demmel and Veselic, SIAM J. Matrix Anal. Appl. 13 (1992) 1204-1245;
Drmač, SIAM J. Matrix Anal. Appl. 31 (2009) 1329-1350, for rotations of blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..dtypes import DType, real_of
from ..plans.spectral import (
    HermitianSweeps,
    HermitianValues,
    HermitianVectors,
    JacobiLoad,
    JacobiSweeps,
    PseudoInverse,
    SingularValues,
    SingularVectors,
    height,
)
from ..shader import Constant, Shader, declare, load
from .protocol import Capabilities, Config, Launch, Work

# Invocations per workgroup where one of them does one element, and where all share a column or a matrix.
_WORKGROUP = 64
_WIDE_WORKGROUP = 128

# By bytes of a real number: the exponents of its epsilon, and of the length below which a column counts as zero:
# epsilon times its square is not subnormal, so that it can be told from zero what two such columns have in common,
# and with more decades between the columns they would take too many sweeps.
_EXPONENTS = {4: (23, 50), 8: (52, 108)}

# The most columns of two blocks: more take longer in a workgroup than they save in launches.
_MOST_ORDER = 32

# Rows of a column that one workgroup multiplies with another column's.
_SPAN = 512
_MOST_PARTS = 64

# Vectors that one launch adds to a basis: few enough for a browser's patience. A software adapter ends all loops of a shader
# after 65,535 rounds together: there more invocations take fewer, and fewer vectors are added where these are long.
_COMPLETED_AT_ONCE = 32
_COMPLETING_ON_SOFTWARE, _MOST_ROUNDS_ON_SOFTWARE = 1024, 60_000


def _shader(step: str, dtype: DType, **constants: Constant) -> Shader:
    """The shader of one step for ``dtype``, with T as its type and F as that of its parts."""
    library = "polar_complex" if dtype.is_complex else "polar_real"
    return load(f"jacobi_{step}", f"// uses: {library}\n" + declare(T=dtype, **constants))


def _floor(dtype: DType) -> int:
    return _EXPONENTS[real_of(dtype).storage_bytes][1]


def _per_element(step: str, dtype: DType, n: int, params: dict[str, int], buffers: dict[str, str] | None = None, **constants: Constant) -> Launch:  # fmt: skip
    """A launch of ``n`` invocations."""
    return Launch(_shader(step, dtype, WORKGROUP=_WORKGROUP, **constants), -(-n // _WORKGROUP), params, buffers or {})


def _order(columns: int, dtype: DType, device: Capabilities) -> int:
    """Columns of two blocks, of which the workgroup's memory holds what it takes."""
    limit = device.limits["max-compute-workgroup-storage-size"]
    size, real = dtype.storage_bytes, real_of(dtype).storage_bytes

    def needed(order: int) -> int:
        return 2 * order**2 * size + order // 2 * (size + 2 * real + 4) + 16

    most = max(order for order in range(2, _MOST_ORDER + 1, 2) if needed(order) <= limit)
    players = 2 * -(-columns // most)
    return 2 * -(-columns // players)


@dataclass(frozen=True)
class _Tournament:
    """The sweeps over one batch of matrices, in which all blocks of columns meet."""

    plan: JacobiSweeps | HermitianSweeps
    m: int
    order: int

    @property
    def pairs(self) -> int:
        return -(-self.plan.n // self.order)

    @property
    def sizes(self) -> dict[str, int]:
        return {"batch": self.plan.batch, "pairs": self.pairs, "n": self.plan.n, "height": self.height}

    @property
    def height(self) -> int:
        return height(self.m, self.plan.n, self.plan.vectors)

    @property
    def lines(self) -> int:
        """Rows or columns of a tile."""
        return 32 if self.plan.dtype.storage_bytes <= 8 else 16

    @property
    def span(self) -> int:
        """Rows of which one workgroup sums products."""
        return max(_SPAN, -(-self.m // _MOST_PARTS // self.lines) * self.lines)

    @property
    def parts(self) -> int:
        return -(-self.m // self.span)

    def scratch(self) -> dict[str, int]:
        meetings = self.plan.batch * self.pairs
        square = self.order**2 * self.plan.dtype.storage_bytes
        found = {"turn": 2 * meetings * square, "is_turned": 4 * meetings, "unfinished": 4 * self.plan.batch}
        if isinstance(self.plan, JacobiSweeps):
            found["gram"] = meetings * self.parts * square
        return found

    def sweep(self) -> Iterator[Launch]:
        begin = load("jacobi_begin", declare(WORKGROUP=_WORKGROUP))
        yield Launch(begin, -(-self.plan.batch // _WORKGROUP), {"batch": self.plan.batch})
        for number in range(2 * self.pairs - 1):
            if isinstance(self.plan, JacobiSweeps):
                yield self._gram(number)
                yield self._rotate(number, "gram")
                yield from self._turn_columns(number, 0)
            else:
                yield self._rotate(number, "columns")
                # Of a single meeting all of the matrix is known already.
                yield from self._turn_columns(number, self.plan.n if self.pairs == 1 else 0)
                yield self._turn_rows(number)

    def _gram(self, number: int) -> Launch:
        shader = self._shader("gram", WORKGROUP=self._squared_half, ROWS=self.lines)
        params = {**self.sizes, "m": self.m, "round": number, "parts": self.parts, "span": self.span}
        return Launch(shader, self.plan.batch * self.pairs * self.parts, params)

    def _rotate(self, number: int, source: str) -> Launch:
        epsilon, floor = _EXPONENTS[real_of(self.plan.dtype).storage_bytes]
        shader = self._shader(
            "rotate",
            WORKGROUP=self._squared_half,
            GRAM=source == "gram",
            # A matrix that is one meeting needs no other sweeps than these.
            SWEEPS=12 if self.pairs == 1 else 1,
            EPSILON_EXPONENT=epsilon,
            FLOOR_EXPONENT=floor,
        )
        # The columns of one block meet each other once in a sweep, in its first round.
        rounds = self.order // 2 if number else self.order - 1
        params = {**self.sizes, "m": self.m, "round": number, "parts": self.parts, "rounds": rounds}
        return Launch(shader, self.plan.batch * self.pairs, params, {"source": source})

    def _turn_columns(self, number: int, first: int) -> Iterator[Launch]:
        """Turns the rows from ``first`` on, if there are any."""
        tiles = -(-(self.height - first) // self.lines)
        if tiles:
            shader = self._shader("turn_columns", ROWS=self.lines, WORKGROUP=self.lines * -(-self.order // 4))
            params = {**self.sizes, "round": number, "first": first}
            yield Launch(shader, self.plan.batch * self.pairs * tiles, params)

    def _turn_rows(self, number: int) -> Launch:
        tiles = -(-self.plan.n // self.lines)
        shader = self._shader("turn_rows", COLUMNS=self.lines, WORKGROUP=self.order * self.lines // 4)
        return Launch(shader, self.plan.batch * self.pairs * tiles, {**self.sizes, "round": number})

    @property
    def _squared_half(self) -> int:
        return max((self.order // 2) ** 2, 32)

    def _shader(self, step: str, **constants: Constant) -> Shader:
        return _shader(step, self.plan.dtype, ORDER=self.order, **constants)


@dataclass(frozen=True)
class _JacobiKernel:
    """What the steps have in common: they do every plan, in one configuration."""

    name: str
    operation: str
    version: int = 2
    api_version: int = 1

    def why_not(self, plan: Any, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Any, device: Capabilities) -> Sequence[Config]:
        return [{}]


@dataclass(frozen=True)
class JacobiLoadKernel(_JacobiKernel):
    """Scales, and lays the columns out."""

    name: str = "jacobi_load"
    operation: str = "jacobi_load"

    def launches(self, plan: JacobiLoad, device: Capabilities, config: Config) -> Work:
        size = plan.m * plan.n
        workgroup = 32 if size <= 256 else _WIDE_WORKGROUP
        parts = 2 if plan.dtype.is_complex else 1
        scale = _shader("scale", plan.dtype, TRIANGLE=plan.hermitian, PARTS=parts, WORKGROUP=workgroup)
        rows = height(plan.m, plan.n, plan.vectors)
        sizes = {"batch": plan.batch, "m": plan.m, "n": plan.n, "height": rows}
        return Work(
            [
                Launch(scale, plan.batch, {"batch": plan.batch, "size": size, "n": plan.n, "zero": 0}),
                _per_element("load", plan.dtype, plan.batch * plan.n * rows, sizes, TRIANGLE=plan.hermitian),
            ]
        )


@dataclass(frozen=True)
class _SweepsKernel(_JacobiKernel):
    """Configuration: ``order``, the columns of two blocks."""

    def configs(self, plan: JacobiSweeps | HermitianSweeps, device: Capabilities) -> Sequence[Config]:
        return [{"order": _order(plan.n, plan.dtype, device)}]

    def launches(self, plan: JacobiSweeps | HermitianSweeps, device: Capabilities, config: Config) -> Work:
        m = plan.m if isinstance(plan, JacobiSweeps) else plan.n
        tournament = _Tournament(plan, m, config["order"])
        return Work([launch for _ in range(plan.sweeps) for launch in tournament.sweep()], tournament.scratch())


@dataclass(frozen=True)
class JacobiSweepsKernel(_SweepsKernel):
    """Columns that become orthogonal."""

    name: str = "jacobi_sweeps"
    operation: str = "jacobi_sweeps"


@dataclass(frozen=True)
class HermitianSweepsKernel(_SweepsKernel):
    """Hermitian matrices that become diagonal."""

    name: str = "hermitian_sweeps"
    operation: str = "hermitian_sweeps"


_Result = SingularValues | SingularVectors | PseudoInverse | HermitianValues | HermitianVectors


def _norms(plan: _Result, rows: int, first: int, length: int, into: str = "norms") -> Launch:
    """The lengths of some of the ``rows`` of all columns."""
    shader = _shader("norms", plan.dtype, WORKGROUP=32 if length <= 64 else _WIDE_WORKGROUP)
    n_columns = plan.batch * plan.n
    params = {"n_columns": n_columns, "height": rows, "first": first, "length": length}
    return Launch(shader, n_columns, params, {"norms": into})


def _sorted(plan: _Result, keys: str, *, descending: bool) -> Launch:
    n = plan.batch * plan.n
    sizes = {"batch": plan.batch, "n": plan.n}
    return _per_element("order", plan.dtype, n, sizes, {"keys": keys}, DESCENDING=descending)


def _gather(plan: SingularVectors | HermitianVectors, vectors: str, rows: tuple[int, int, int], norms: str, *, conjugated: bool) -> Launch:  # fmt: skip
    """``rows`` is the height of a column, the first row to take, and how many."""
    whole, first, length = rows
    params = {"batch": plan.batch, "n": plan.n, "height": whole, "first": first, "length": length}
    return _per_element(
        "gather",
        plan.dtype,
        plan.batch * plan.n * length,
        params,
        {"vectors": vectors, "norms": norms},
        CONJUGATED=conjugated,
        FLOOR_EXPONENT=_floor(plan.dtype),
    )


def _key_scratch(plan: _Result, *names: str) -> dict[str, int]:
    """Room for a number per column under each of ``names``, and for the columns' places."""
    n = plan.batch * plan.n
    return {"places": 4 * n, **dict.fromkeys(names, n * real_of(plan.dtype).storage_bytes)}


@dataclass(frozen=True)
class PseudoInverseKernel(_JacobiKernel):
    """Pseudoinverses, once the columns are orthogonal."""

    name: str = "jacobi_pseudoinverse"
    operation: str = "pseudoinverse"

    def launches(self, plan: PseudoInverse, device: Capabilities, config: Config) -> Work:
        size = plan.batch * plan.m * plan.n
        sizes = {"batch": plan.batch, "m": plan.m, "n": plan.n}
        product = _per_element("pseudoinverse", plan.dtype, size, sizes)
        return Work([_norms(plan, plan.m + plan.n, 0, plan.m), product], _key_scratch(plan, "norms"))


@dataclass(frozen=True)
class SingularValuesKernel(_JacobiKernel):
    """Singular values, once the columns are orthogonal."""

    name: str = "jacobi_values"
    operation: str = "singular_values"

    def launches(self, plan: SingularValues, device: Capabilities, config: Config) -> Work:
        rows = height(plan.m, plan.n, plan.vectors)
        launches = [_norms(plan, rows, 0, plan.m), _sorted(plan, "norms", descending=True)]
        return Work(launches, _key_scratch(plan, "norms"))


@dataclass(frozen=True)
class SingularVectorsKernel(_JacobiKernel):
    """Singular values and vectors, once the columns are orthogonal; left vectors of zero are made up, those of noise made orthogonal."""

    name: str = "jacobi_vectors"
    operation: str = "singular_vectors"

    def launches(self, plan: SingularVectors, device: Capabilities, config: Config) -> Work:
        rows = plan.m + plan.n
        left, right = (rows, 0, plan.m), (rows, plan.m, plan.n)
        launches = [
            _norms(plan, *left),
            _norms(plan, *right, into="lengths"),
            _sorted(plan, "norms", descending=True),
            _gather(plan, "left", left, "norms", conjugated=False),
            _gather(plan, "right", right, "lengths", conjugated=True),
            *self._completion(plan, device),
        ]
        scratch = {
            **_key_scratch(plan, "norms", "lengths"),
            "weights": plan.batch * plan.m * real_of(plan.dtype).storage_bytes,
            "shares": plan.batch * plan.n * plan.dtype.storage_bytes,
        }
        return Work(launches, scratch)

    def _completion(self, plan: SingularVectors, device: Capabilities) -> Iterator[Launch]:
        workgroup, at_once = _WIDE_WORKGROUP, _COMPLETED_AT_ONCE
        if device.kind == "software" and plan.m > workgroup:
            workgroup = min(_COMPLETING_ON_SOFTWARE, device.limits["max-compute-invocations-per-workgroup"])
            turns, turns_of_vectors = -(-plan.m // workgroup), -(-plan.n // workgroup)
            begun = (turns + 3) * (plan.n + 1)
            each = 3 * (turns * (plan.n + 1) + turns_of_vectors * (plan.m + 1)) + 4 * turns + 32
            at_once = min(max((_MOST_ROUNDS_ON_SOFTWARE - begun) // each, 1), at_once)
        epsilon, floor = _EXPONENTS[real_of(plan.dtype).storage_bytes]
        shader = _shader("complete", plan.dtype, EPSILON_EXPONENT=epsilon, FLOOR_EXPONENT=floor, WORKGROUP=workgroup)
        sizes = {"batch": plan.batch, "n": plan.n, "length": plan.m}
        for begin in range(0, plan.n, at_once):
            end = min(begin + at_once, plan.n)
            yield Launch(shader, plan.batch, {**sizes, "begin": begin, "end": end}, {"vectors": "left"})


def _diagonal(plan: HermitianValues | HermitianVectors, rows: int) -> Launch:
    sizes = {"batch": plan.batch, "n": plan.n, "height": rows}
    return _per_element("diagonal", plan.dtype, plan.batch * plan.n, sizes)


@dataclass(frozen=True)
class HermitianValuesKernel(_JacobiKernel):
    """Eigenvalues, once matrices are diagonal."""

    name: str = "hermitian_values"
    operation: str = "hermitian_values"

    def launches(self, plan: HermitianValues, device: Capabilities, config: Config) -> Work:
        return Work([_diagonal(plan, plan.n), _sorted(plan, "keys", descending=False)], _key_scratch(plan, "keys"))


@dataclass(frozen=True)
class HermitianVectorsKernel(_JacobiKernel):
    """Eigenvalues and eigenvectors, once matrices are diagonal."""

    name: str = "hermitian_vectors"
    operation: str = "hermitian_vectors"

    def launches(self, plan: HermitianVectors, device: Capabilities, config: Config) -> Work:
        rotations = (2 * plan.n, plan.n, plan.n)
        launches = [
            _diagonal(plan, 2 * plan.n),
            _norms(plan, *rotations),
            _sorted(plan, "keys", descending=False),
            _gather(plan, "vectors", rotations, "norms", conjugated=False),
        ]
        return Work(launches, _key_scratch(plan, "keys", "norms"))
