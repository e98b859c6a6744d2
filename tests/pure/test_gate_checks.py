"""The gate on inverses that NumPy makes: a right one passes, and every kind of wrong one is caught."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from webgpu_array.testing import Batch, Expect, Report, check, check_inverter, stack
from webgpu_array.testing.gate import Figure, Result, lapack_right_residual, same_bits

_DTYPES = pytest.mark.parametrize("dtype", ["float32", "float64"])


def invert(a: np.ndarray) -> Result:
    """Gauss-Jordan elimination with partial pivoting, as the kernels do it, in the arithmetic of ``a``."""
    return _each(_eliminate, a)


def _each(one: Callable[[np.ndarray], tuple[np.ndarray, int]], a: np.ndarray) -> Result:
    lead, n = a.shape[:-2], a.shape[-1]
    inverse = np.full_like(a, np.nan).reshape(-1, n, n)
    info = np.zeros(len(inverse), np.int32)
    rcond = np.full(len(inverse), np.nan, a.dtype)
    with np.errstate(all="ignore"):
        for i, matrix in enumerate(a.reshape(-1, n, n)):
            if not np.isfinite(matrix).all():
                continue
            inverse[i], info[i] = one(matrix)
            norms = np.abs(matrix).sum(axis=0).max() * np.abs(inverse[i]).sum(axis=0).max()
            rcond[i] = 0 if info[i] else 1 / norms
    return inverse.reshape(a.shape), info.reshape(lead), rcond.reshape(lead)


def _eliminate(matrix: np.ndarray, pivoting: bool = True) -> tuple[np.ndarray, int]:
    work, pivots = matrix.copy(), []
    for step in range(len(work)):
        candidates = np.abs(work[:, step])
        candidates[pivots] = -1
        pivot = int(candidates.argmax()) if pivoting else step
        if work[pivot, step] == 0:
            return np.full_like(work, np.nan), step + 1
        pivots.append(pivot)
        reciprocal = 1 / work[pivot, step]
        row = work[pivot] * reciprocal
        row[step] = reciprocal
        factors = work[:, step].copy()
        work[:, step] = 0
        work -= np.outer(factors, row)
        work[pivot] = row
    inverse = np.empty_like(work)
    inverse[:, pivots] = work[pivots]
    return inverse, 0


def _without_pivoting(matrix: np.ndarray) -> tuple[np.ndarray, int]:
    return _eliminate(matrix, pivoting=False)


def _caught(batch: Batch, result: Result, families: str | None = None) -> set[str]:
    """The kinds of failure, numbers taken out; ``families`` limits to the matrices of one."""
    failures = check(batch, result).failures
    return {
        " ".join(word for word in failure.split(":")[0].split() if not any(c.isdigit() for c in word))
        for failure in failures
        if families is None or f": {families}," in failure
    }


def _result(batch: Batch) -> Result:
    inverse, info, rcond = invert(batch.matrices)
    return inverse.copy(), info.copy(), rcond.copy()


def _index(batch: Batch, name: str) -> int:
    return [family.name for family in batch.families].index(name)


@_DTYPES
@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 10, 24, 33, 66, 128])
def test_right_inverse_passes(n: int, dtype: str) -> None:
    report = check_inverter(invert, stack(n, dtype), n_singles=6)
    assert report.failures == (), report.describe()
    assert report.alarms == ()
    assert report.n_matrices == len(stack(n, dtype).families)
    assert report.left is not None
    assert 0 < report.left.ratio < 3


@_DTYPES
def test_elimination_without_pivoting_is_caught(dtype: str) -> None:
    batch = stack(8, dtype)
    result = _each(_without_pivoting, batch.matrices)
    assert "left residual exceeds" in _caught(batch, result)
    assert _caught(batch, result, "near permutation") == {"left residual exceeds", "forward error exceeds", "right residual exceeds"}
    assert "info reports a zero pivot that is not there" in _caught(batch, result, "zero leading pivot")


@_DTYPES
def test_perturbed_inverse_is_caught(dtype: str) -> None:
    batch = stack(8, dtype)
    inverse, info, rcond = _result(batch)
    i = _index(batch, "orthogonal")
    inverse[i, 2, 3] *= 1 + 20_000 * np.finfo(dtype).eps
    assert _caught(batch, (inverse, info, rcond)) == {"forward error exceeds", "left residual exceeds", "right residual exceeds"}
    assert all("matrix 2, κ₁" in failure for failure in check(batch, (inverse, info, rcond)).failures)


@_DTYPES
def test_transposed_inverse_is_caught(dtype: str) -> None:
    batch = stack(5, dtype)
    inverse, info, rcond = _result(batch)
    transposed = np.ascontiguousarray(np.swapaxes(inverse, -1, -2))
    assert _caught(batch, (transposed, info, rcond), "randn") == {
        "left residual exceeds",
        "forward error exceeds",
        "right residual exceeds",
    }


@_DTYPES
def test_one_matrix_in_place_of_another_is_caught(dtype: str) -> None:
    batch = stack(5, dtype)
    inverse, info, rcond = _result(batch)
    i, j = _index(batch, "randn"), _index(batch, "orthogonal")
    inverse[i] = inverse[j]
    failures = check(batch, (inverse, info, rcond)).failures
    assert {failure.split(": ")[1].split(",")[0] for failure in failures} == {"randn"}


def test_missing_nan_is_caught() -> None:
    batch = stack(5, "float32")
    inverse, info, rcond = _result(batch)
    inverse[_index(batch, "NaN"), 1, 1] = 0
    inverse[_index(batch, "ones"), 4, 4] = 0
    assert _caught(batch, (inverse, info, rcond), "NaN") == {"the inverse is not NaN throughout"}
    assert _caught(batch, (inverse, info, rcond), "ones") == {"the inverse is not NaN throughout"}


def test_nan_that_reaches_a_neighbour_is_caught() -> None:
    batch = stack(5, "float32")
    inverse, info, rcond = _result(batch)
    inverse[_index(batch, "orthogonal"), 0, 0] = np.nan
    assert _caught(batch, (inverse, info, rcond)) == {"the inverse is not finite"}


@pytest.mark.parametrize(
    ("family", "info", "rcond", "reason"),
    [
        ("randn", 0, None, None),
        ("randn", 0, 1.0, "rcond is not within times the true"),
        ("randn", 0, 0.0, "rcond is not within times the true"),
        ("randn", 0, np.nan, "rcond is NaN, though the inverse is finite"),
        ("randn", -1, None, "info is no step of the elimination"),
        ("randn", 6, None, "info is no step of the elimination"),
        ("randn", 3, None, "info reports a zero pivot that is not there"),
        ("graded rows", 5, None, "info reports a zero pivot that is not there"),
        ("ones", 1, None, "info is not the step of the first zero pivot"),
        ("ones", 0, None, "info is not the step of the first zero pivot"),
        ("ones", 2, 0.5, "rcond of a singular matrix is not"),
        ("zero column", 5, None, "info is not the step of the first zero pivot"),
        ("duplicated row", 0, 0.5, "rcond and info hide that the matrix is singular"),
        ("NaN", 2, None, "info reports a zero pivot that is not there"),
        ("Inf", 0, 0.0, "rcond is not NaN"),
    ],
)
def test_wrong_info_or_rcond_is_caught(family: str, info: int, rcond: float | None, reason: str | None) -> None:
    batch = stack(5, "float32")
    result = _result(batch)
    i = _index(batch, family)
    result[1][i] = info
    if rcond is not None:
        result[2][i] = rcond
    caught = _caught(batch, result, family)
    assert (reason in caught) if reason else not caught


def test_matrix_that_is_unusable_must_be_flagged() -> None:
    batch = stack(8, "float32")
    i = _index(batch, "Hilbert")
    inverse, info, rcond = _result(batch)
    inverse[i] = np.inf
    info[i], rcond[i] = 0, 0.5
    assert _caught(batch, (inverse, info, rcond), "Hilbert") == {"the inverse is neither finite nor flagged"}
    rcond[i] = 0
    assert _caught(batch, (inverse, info, rcond)) == set()


def test_matrix_that_differs_alone_is_caught() -> None:
    batch = stack(5, "float32")

    def other_alone(a: np.ndarray) -> Result:
        inverse, info, rcond = invert(a)
        return (inverse, info, rcond) if a.ndim == 3 else (np.nextafter(inverse, np.float32(9)), info, rcond)

    report = check_inverter(other_alone, batch)
    assert "alone, matrix 0 gives other bits: randn, n = 5, float32, matrix 0" in report.failures
    assert len(report.failures) == int(np.isfinite(invert(batch.matrices)[0]).all(axis=(1, 2)).sum())


def test_run_that_differs_from_the_last_is_caught() -> None:
    batch = stack(5, "float32")
    calls = []

    def unsteady(a: np.ndarray) -> Result:
        calls.append(a)
        inverse, info, rcond = invert(a)
        return inverse, info, rcond * np.float32(1 + 1e-6 * len(calls))

    report = check_inverter(unsteady, batch, n_singles=1)
    assert "the same batch again gives other bits: randn, n = 5, float32, matrix 0" in report.failures


def test_malformed_result_is_described() -> None:
    batch = stack(2, "float32")
    n_matrices = len(batch.families)
    inverse, info, rcond = invert(batch.matrices)
    report = check(batch, (inverse.astype(np.float64), info[1:], rcond.astype(np.float64)))
    assert report.failures == (
        f"inverse is float64 of shape ({n_matrices}, 2, 2), not float32 of shape ({n_matrices}, 2, 2)",
        f"info is int32 of shape ({n_matrices - 1},), not int32 of shape ({n_matrices},)",
        f"rcond is float64 of shape ({n_matrices},), not float32 of shape ({n_matrices},)",
    )


def test_alarm_is_no_failure() -> None:
    batch = stack(5, "float32")
    inverse, info, rcond = _result(batch)
    i = _index(batch, "randsvd 1e3")
    inverse[i] *= 1 + 4 * 5 * batch.reference.condition[i] * 2.0**-24
    report = check(batch, (inverse, info, rcond))
    assert [alarm.split(": ")[1].split(",")[0] for alarm in report.alarms] == ["randsvd 1e3"]
    assert not any(failure.startswith("left residual") for failure in report.failures)


def test_right_residual_is_judged_beside_lapack() -> None:
    # Where getri's own right residual is large, a kernel may have ten times that.
    batch = stack(16, "float32")
    regular = [i for i, family in enumerate(batch.families) if family.expect is Expect.INVERSE]
    ratios = [lapack_right_residual(batch.matrices[i]) for i in regular]
    assert 0.01 < max(ratios) < 1e3
    a = np.diag([1.0, 2.0]).astype(np.float32)
    assert lapack_right_residual(a) == 0
    assert lapack_right_residual(np.ones((2, 2), np.float32)) == np.inf


def test_reports_add_up() -> None:
    one = Report(2, ("x",), (), Figure(1.0, 30.0, "a", 5), None, Figure(20.0, 30.0, "a", 5))
    two = Report(3, (), ("y",), Figure(2.0, 30.0, "b", 5), Figure(0.5, 1.0, "b", 5), Figure(21.0, 100.0, "b", 5))
    assert one + two == Report(
        5, ("x",), ("y",), Figure(2.0, 30.0, "b", 5), Figure(0.5, 1.0, "b", 5), Figure(20.0, 30.0, "a", 5)
    )
    assert one.describe() == "1 failures in 2 matrices\nx"


def test_same_bits_tells_zeros_apart_but_not_nans() -> None:
    x1 = np.array([0.0, np.nan, 1.0], np.float32)
    x2 = np.array([-0.0, -np.float32(np.nan), 1.0], np.float32)
    assert same_bits(x1, x2).tolist() == [False, True, True]
