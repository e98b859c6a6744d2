"""The accuracy gate: what every inverse kernel must fulfil, built in or from a plugin.

With u the unit roundoff (2⁻²⁴ for float32, 2⁻⁵³ for float64), n the order, X what the kernel
returned for A, norms ‖·‖₁ and κ₁ = ‖A‖ ‖A⁻¹‖, every batch of ``families.stack`` must fulfil:

 1. left residual   ‖I - XA‖ / (n ‖A‖ ‖X‖ u) < 30, with an alarm above 3;
 2. forward error   ‖X - A⁻¹‖ / (‖A⁻¹‖ n u κ₁) < 1;
 3. right residual  ‖I - AX‖ / (n ‖A‖ ‖X‖ u) ≤ 30, or ≤ 10 times what LAPACK has for that matrix;
 4. ``info`` and ``rcond`` as ``families.Expect`` says, rcond within 10 times the true one;
 5. a matrix alone, and the batch a second time, give the same bits.

Where n u κ₁ > 1 no digit of X need be right: there 2 is void, and X must be finite or flagged
(a zero pivot, or rcond < n u). An rcond below n u is rounding error whatever its value, so both
sides of the comparison in 4 are raised to n u first.

Sources: LAPACK Working Note 41 and its test program sget03 (1); N. J. Higham, Accuracy and
Stability of Numerical Algorithms, 2nd ed., sections 14.1-14.4 (why an inverse is judged by one
residual at a time, and 2 by κ₁).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .families import Batch, Expect
from .reasons import why
from .reference import norm, residual

Array = NDArray[Any]
Result = tuple[Array, Array, Array]
Inverter = Callable[[Array], Result]

LEFT_BOUND = 30.0
LEFT_ALARM = 3.0
FORWARD_BOUND = 1.0
RIGHT_BOUND = 30.0
RIGHT_TIMES_LAPACK = 10.0
RCOND_FACTOR = 10.0

_HAS_INVERSE = (Expect.INVERSE, Expect.NEVER_SINGULAR, Expect.INVERSE_OR_FLAG)


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio, its bound, and the matrix it belongs to: its family and its order."""

    ratio: float
    bound: float
    family: str
    n: int

    @property
    def share(self) -> float:
        """The part of the bound that is used up."""
        return self.ratio / self.bound


@dataclass(frozen=True, slots=True)
class Report:
    """What the gate found. ``failures`` and ``alarms`` are sentences; the rest are the worst ratios seen."""

    n_matrices: int = 0
    failures: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    left: Figure | None = None
    forward: Figure | None = None
    right: Figure | None = None

    def __add__(self, other: Report) -> Report:
        return Report(
            self.n_matrices + other.n_matrices,
            self.failures + other.failures,
            self.alarms + other.alarms,
            _worse(self.left, other.left),
            _worse(self.forward, other.forward),
            _worse(self.right, other.right),
        )

    def describe(self) -> str:
        """What the failures mean, as sentences, then every failure; each on a line of its own."""
        lines = (f"{len(self.failures)} failures in {self.n_matrices} matrices", *self.why(), *self.failures)
        return "\n".join(lines)

    def why(self) -> tuple[str, ...]:
        """What the failures mean: which checks, which families, and what usually is the cause."""
        return why(self.failures)


def check_inverter(invert: Inverter, batch: Batch, n_singles: int | None = None) -> Report:
    """The whole gate for one batch: ``invert`` is called on it twice, and on its matrices alone.

    ``invert`` takes (..., n, n) and returns inverse, info and rcond. ``n_singles`` limits how many
    matrices are inverted alone as well (None: all of them; 0: none, of a kernel that does no single ones).
    """
    result = invert(batch.matrices)
    report = check(batch, result)
    repeated = _differences(result, invert(batch.matrices), batch, "the same batch again gives other bits")
    alone = _differences_alone(invert, batch, result, n_singles)
    return replace(report, failures=(*report.failures, *repeated, *alone))


def check(batch: Batch, result: Result) -> Report:
    """Checks 1 to 4 on one result for ``batch``: inverse (b, n, n), info (b,), rcond (b,)."""
    malformed = _malformed(batch, result)
    if malformed:
        return Report(len(batch.families), failures=tuple(malformed))
    return _Check(batch, result).report()


def same_bits(x1: Array, x2: Array) -> NDArray[np.bool_]:
    """Elementwise: equal bits, any NaN being equal to any other."""
    bits = f"u{x1.dtype.itemsize}"
    return np.asarray((x1.view(bits) == x2.view(bits)) | (np.isnan(x1) & np.isnan(x2)))


class _Check:
    """One result under judgement. Arrays have an entry per matrix of the batch."""

    def __init__(self, batch: Batch, result: Result) -> None:
        inverse, self.info, rcond = result
        n = batch.n
        self.batch = batch
        self.known = known = batch.reference
        self.failures: list[str] = []
        u = float(np.finfo(inverse.dtype).eps) / 2
        self.nu = n * u
        self.rcond = rcond.astype(np.float64)
        self.finite = np.asarray(np.isfinite(inverse).all(axis=(-2, -1)))
        self.all_nan = np.isnan(inverse).all(axis=(-2, -1))
        self.flagged = (self.info > 0) | ~(self.rcond >= self.nu)
        # Whether any digit of the inverse is determined by the matrix.
        self.determined = self.nu * known.condition <= 1
        # The matrices whose inverse is judged by its residuals.
        self.accepted = self._expects(*_HAS_INVERSE) & self.finite & (self.info == 0)
        self.accepted &= ~(self._expects(Expect.INVERSE_OR_FLAG) & self.flagged)
        with np.errstate(all="ignore"):
            # A wrong inverse may overflow here; its ratios are then infinite or NaN, and fail.
            x = np.where(self.finite[:, None, None], inverse, 0).astype(np.float64)
            x = np.ldexp(x, known.exponents[:, None, None])
            exact = inverse.dtype == np.float64
            size = np.maximum(n * known.norm_a * norm(x) * u, np.finfo(np.float64).tiny)
            self.left = norm(residual(x, known.a, exact)) / size
            self.right = norm(residual(known.a, x, exact)) / size
            error = norm((x - known.high) - known.low)
            self.forward = error / (known.norm_inverse * self.nu * known.condition)

    def report(self) -> Report:
        """Every judgement, in the order of the list at the head of this module."""
        left = self._judge_ratio("left residual", self.left, LEFT_BOUND, self.accepted)
        forward = self._judge_ratio("forward error", self.forward, FORWARD_BOUND, self.accepted & self.determined)
        right = self._judge_ratio("right residual", self.right, self._right_bounds(), self.accepted)
        self._judge_info()
        self._judge_nan()
        self._judge_finite()
        self._judge_rcond()
        alarms = [
            f"left residual {self.left[i]:.3g} is above {LEFT_ALARM:g}: {self._name(int(i))}"
            for i in np.flatnonzero(self.accepted & (self.left > LEFT_ALARM))
        ]
        return Report(len(self.batch.families), tuple(self.failures), tuple(alarms), left, forward, right)

    def _judge_info(self) -> None:
        info = self.info
        self._fail((info < 0) | (info > self.batch.n), "info {} is no step of the elimination", info)
        steps = np.array([f.zero_pivot(self.batch.n) if f.zero_pivot else 0 for f in self.batch.families])
        exactly = self._expects(Expect.ZERO_PIVOT)
        self._fail(exactly & (info != steps), "info {} is not {}, the step of the first zero pivot", info, steps)
        never = self._expects(Expect.NEVER_SINGULAR, Expect.NOT_FINITE)
        never |= self._expects(Expect.INVERSE) & self.determined
        self._fail(never & (info != 0), "info {} reports a zero pivot that is not there", info)
        deficient = self._expects(Expect.RANK_DEFICIENT) & (info == 0)
        unnoticed = deficient & ~(self.rcond <= RCOND_FACTOR * self.nu)
        self._fail(unnoticed, "rcond {} and info {} hide that the matrix is singular", self.rcond, info)

    def _judge_nan(self) -> None:
        singular, not_finite = self.info > 0, self._expects(Expect.NOT_FINITE)
        self._fail((singular | not_finite) & ~self.all_nan, "the inverse is not NaN throughout")
        self._fail(singular & (self.rcond != 0), "rcond {} of a singular matrix is not 0", self.rcond)
        self._fail(not_finite & ~np.isnan(self.rcond), "rcond {} is not NaN", self.rcond)
        self._fail(~not_finite & self.finite & np.isnan(self.rcond), "rcond is NaN, though the inverse is finite")

    def _judge_finite(self) -> None:
        certain = self._expects(Expect.INVERSE, Expect.NEVER_SINGULAR) & self.determined
        self._fail(certain & ~self.finite & (self.info == 0), "the inverse is not finite")
        either = self._expects(*_HAS_INVERSE, Expect.FINITE_OR_FLAG) & ~certain
        self._fail(either & ~self.finite & ~self.flagged, "the inverse is neither finite nor flagged")

    def _judge_rcond(self) -> None:
        seen = np.maximum(self.rcond, self.nu)
        true = np.maximum(1 / self.known.condition, self.nu)
        far = (seen > RCOND_FACTOR * true) | (true > RCOND_FACTOR * seen)
        text = f"rcond {{}} is not within {RCOND_FACTOR:g} times the true {{}}"
        self._fail(self.accepted & far, text, self.rcond, 1 / self.known.condition)

    def _judge_ratio(self, what: str, ratios: Array, bound: float | Array, judged: Array) -> Figure | None:
        """Fails the ratios above ``bound``; the one nearest to its bound is returned."""
        bounds = np.broadcast_to(bound, ratios.shape)
        within = ratios <= bounds if what == "right residual" else ratios < bounds
        self._fail(judged & ~within, f"{what} {{}} exceeds {{}}", ratios, bounds)
        if not judged.any():
            return None
        worst = int(np.nanargmax(np.where(judged, ratios / bounds, -1)))
        return Figure(float(ratios[worst]), float(bounds[worst]), self.batch.families[worst].name, self.batch.n)

    def _right_bounds(self) -> Array:
        """LAPACK is asked only where the residual would fail without."""
        bounds = np.full(self.right.shape, RIGHT_BOUND)
        for i in np.flatnonzero(self.accepted & (self.right > RIGHT_BOUND)):
            a = self.batch.matrices[i]
            bounds[i] = max(RIGHT_BOUND, RIGHT_TIMES_LAPACK * lapack_right_residual(a))
        return bounds

    def _fail(self, bad: Array, text: str, *values: Array) -> None:
        """One failure per matrix where ``bad`` holds, its values put into ``text``."""
        for i in np.flatnonzero(bad):
            self.failures.append(text.format(*(f"{v[i]:.4g}" for v in values)) + f": {self._name(int(i))}")

    def _expects(self, *expected: Expect) -> Array:
        """Where the family of a matrix expects one of these."""
        return np.array([family.expect in expected for family in self.batch.families], dtype=bool)

    def _name(self, i: int) -> str:
        family, known = self.batch.families[i], self.known
        dtype = self.batch.matrices.dtype.name
        condition = f", κ₁ = {known.condition[i]:.2g}" if family.has_inverse else ""
        return f"{family.name}, n = {self.batch.n}, {dtype}, matrix {i}{condition}"


def lapack_right_residual(a: Array) -> float:
    """The larger of the right residual ratios that getri and gesv leave, in the dtype of ``a`` (n, n).

    Without SciPy, gesv (which NumPy's inv is) stands for both.
    """
    try:
        inverses = [np.linalg.inv(a)]
    except np.linalg.LinAlgError:
        return float("inf")
    try:
        from scipy.linalg import get_lapack_funcs  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        pass
    else:
        getrf, getri = get_lapack_funcs(("getrf", "getri"), (a,))
        inverses.append(getri(*getrf(a)[:2])[0])
    return max(_right_residual(a, x) for x in inverses)


def _right_residual(a: Array, x: Array) -> float:
    if not np.isfinite(x).all():
        return float("inf")
    exponent = np.frexp(np.abs(a).max())[1]
    wide_a, wide_x = np.ldexp(a.astype(np.float64), -exponent), np.ldexp(x.astype(np.float64), exponent)
    rest = residual(wide_a[None], wide_x[None], exact=a.dtype == np.float64)[0]
    u = float(np.finfo(a.dtype).eps) / 2
    return float(norm(rest) / (len(a) * norm(wide_a) * norm(wide_x) * u))


def _malformed(batch: Batch, result: Result) -> list[str]:
    """What is wrong with shapes and dtypes."""
    shape, dtype = batch.matrices.shape, batch.matrices.dtype
    wanted = (("inverse", shape, dtype), ("info", shape[:1], np.dtype(np.int32)), ("rcond", shape[:1], dtype))
    return [
        f"{name} is {x.dtype} of shape {x.shape}, not {wanted_dtype} of shape {wanted_shape}"
        for x, (name, wanted_shape, wanted_dtype) in zip(result, wanted, strict=True)
        if x.shape != wanted_shape or x.dtype != wanted_dtype
    ]


def _differences(result: Result, again: Result, batch: Batch, text: str) -> Iterator[str]:
    inverse, info, rcond = result
    same_inverse = same_bits(inverse, again[0]).all(axis=(-2, -1))
    dtype = inverse.dtype.name
    for i in np.flatnonzero(~(same_inverse & (info == again[1]) & same_bits(rcond, again[2]))):
        yield f"{text}: {batch.families[i].name}, n = {batch.n}, {dtype}, matrix {i}"


def _differences_alone(invert: Inverter, batch: Batch, result: Result, n_singles: int | None) -> Iterator[str]:
    """Inverts matrices without their neighbours; ``n_singles`` of them, spread over the batch."""
    n_matrices = len(batch.families)
    if n_singles == 0:
        return
    step = max(1, n_matrices // n_singles) if n_singles else 1
    for i in range(0, n_matrices, step):
        inverse, info, rcond = (np.asarray(x)[None] for x in invert(batch.matrices[i]))
        one = Batch(batch.matrices[i : i + 1], batch.families[i : i + 1])
        of_batch = result[0][i : i + 1], result[1][i : i + 1], result[2][i : i + 1]
        yield from _differences(of_batch, (inverse, info, rcond), one, f"alone, matrix {i} gives other bits")


def _worse(x1: Figure | None, x2: Figure | None) -> Figure | None:
    if x1 is None or x2 is None:
        return x1 or x2
    return x1 if x1.share >= x2.share else x2
