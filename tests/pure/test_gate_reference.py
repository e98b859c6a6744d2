"""The gate's reference inverses and residuals, against exact rational arithmetic."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from webgpu_array.testing.reference import norm, reference, residual


def _exact_residual(x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
    """I - x1 x2, rounded once."""
    n = len(x1)
    a, b = ([[Fraction(float(v)) for v in row] for row in x] for x in (x1, x2))
    return np.array(
        [[float((i == j) - sum(a[i][k] * b[k][j] for k in range(n))) for j in range(n)] for i in range(n)]
    )


def _hilbert(n: int) -> np.ndarray:
    i = np.arange(1, n + 1)
    return 1 / (i[:, None] + i - 1)


@pytest.mark.parametrize("n", [1, 3, 17])
def test_residual_of_float64_factors_is_exact(n: int) -> None:
    rng = np.random.default_rng(n)
    a = rng.standard_normal((n, n))
    x = np.linalg.inv(a)
    exact = _exact_residual(a, x)
    error = np.abs(residual(a[None], x[None], exact=True)[0] - exact)
    assert error.max() <= 2.0**-64 * n * np.abs(a).max() * np.abs(x).max()
    # What the same product has in plain float64, to show that the above is no accident.
    assert n == 1 or np.abs((np.eye(n) - a @ x) - exact).max() > 1e3 * error.max()


@pytest.mark.parametrize("n", [4, 8])
def test_reference_of_hilbert_matrix_is_right_to_twice_float64(n: int) -> None:
    a = _hilbert(n)
    known = reference(a[None], np.array([False]))
    high, low = known.high[0], known.low[0]
    scaled = known.a[0]
    exact = np.eye(n) - np.array(_product(scaled, high, low), dtype=float)
    assert np.abs(exact).max() < 1e-20 * known.condition[0]


def _product(a: np.ndarray, high: np.ndarray, low: np.ndarray) -> list[list[float]]:
    """a (high + low), rounded once; its distance from I is what remains, also where I cancels."""
    n = len(a)
    total = [[Fraction(float(high[k, j])) + Fraction(float(low[k, j])) for j in range(n)] for k in range(n)]
    rows = [[Fraction(float(v)) for v in row] for row in a]
    return [
        [float((i == j) - ((i == j) - sum(rows[i][k] * total[k][j] for k in range(n)))) for j in range(n)]
        for i in range(n)
    ]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_reference_scales_by_powers_of_two(dtype: str) -> None:
    power = {"float32": 90, "float64": 900}[dtype]
    a = np.random.default_rng(0).standard_normal((3, 5, 5)).astype(dtype)
    plain = reference(a, np.zeros(3, dtype=bool))
    large = reference(np.ldexp(a, power), np.zeros(3, dtype=bool))
    np.testing.assert_array_equal(large.high, plain.high)
    np.testing.assert_array_equal(large.condition, plain.condition)
    np.testing.assert_array_equal(large.exponents, plain.exponents + power)


def test_reference_sees_through_grading() -> None:
    rng = np.random.default_rng(1)
    b = rng.standard_normal((6, 6))
    grades = 2.0 ** -np.arange(0, 60, 10)
    known = reference((grades[:, None] * b)[None], np.array([False]))
    plain = reference(b[None], np.array([False]))
    inverse = np.ldexp(known.high[0], -known.exponents[0])
    np.testing.assert_allclose(inverse * grades, np.ldexp(plain.high[0], -plain.exponents[0]), rtol=1e-12)


def test_condition_is_infinite_where_no_inverse_was_found() -> None:
    a = _hilbert(16)
    assert reference(a[None], np.array([False])).condition[0] == np.inf


def test_known_singular_matrices_are_left_out() -> None:
    a = np.stack([np.full((3, 3), np.nan), 2 * np.eye(3)])
    known = reference(a, np.array([True, False]))
    np.testing.assert_array_equal(known.high[0], 2 * np.eye(3))
    np.testing.assert_array_equal(known.condition, [1, 1])


def test_norm_is_the_largest_column_sum() -> None:
    assert norm(np.array([[1.0, -5.0], [2.0, 1.0]])) == 6
