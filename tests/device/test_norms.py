"""Norms of vectors and matrices: as NumPy has them, whatever the scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import webgpu_array as xp

VECTOR_ORDERS = (0, 1, 2, 3, 2.5, 0.5, -1, -2, -0.5, np.inf, -np.inf)
MATRIX_ORDERS = ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)
REAL = {"float32": "float32", "complex64": "float32", "float64": "float64", "complex128": "float64"}


def normal(dtype: str, *shape: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    real = rng.standard_normal(shape)
    return (real + 1j * rng.standard_normal(shape) if dtype.startswith("c") else real).astype(dtype)


def check(found: Any, expected: np.ndarray, dtype: str, units: int) -> None:
    assert found.dtype.name == REAL[dtype]
    assert found.shape == expected.shape
    np.testing.assert_allclose(found.numpy(), expected, rtol=units * np.finfo(dtype).eps)


@pytest.mark.parametrize("ord", VECTOR_ORDERS)
def test_vector_norms_along_any_axes(device: Any, inexact: str, ord: float) -> None:
    host = normal(inexact, 3, 4, 5)
    x, wide = xp.asarray(host, device=device), host.astype(np.result_type(host.dtype, np.float64))
    for axis in (None, 0, -1, (0, 2), (2, 1)):
        for keepdims in (False, True):
            found = xp.linalg.vector_norm(x, axis=axis, keepdims=keepdims, ord=ord)
            check(found, np.linalg.vector_norm(wide, axis=axis, keepdims=keepdims, ord=ord), inexact, 40)


@pytest.mark.parametrize("ord", MATRIX_ORDERS)
def test_matrix_norms(device: Any, inexact: str, ord: Any) -> None:
    host = normal(inexact, 3, 4, 5)
    x, wide = xp.asarray(host, device=device), host.astype(np.result_type(host.dtype, np.float64))
    for keepdims in (False, True):
        found = xp.linalg.matrix_norm(x, keepdims=keepdims, ord=ord)
        check(found, np.linalg.matrix_norm(wide, keepdims=keepdims, ord=ord), inexact, 40)


def test_defaults_are_the_standards(device: Any) -> None:
    x = xp.asarray([[3.0, 0.0], [0.0, 4.0]], device=device)
    assert float(xp.linalg.vector_norm(x)) == 5
    assert float(xp.linalg.matrix_norm(x)) == 5


@pytest.mark.parametrize("scale", [1e-30, 1e30])
@pytest.mark.parametrize("ord", [2, 3, -2])
def test_no_intermediate_leaves_the_range(device: Any, scale: float, ord: float) -> None:
    host = normal("float64", 4, 5)
    x = xp.asarray((host * scale).astype("float32"), device=device)
    check(xp.linalg.vector_norm(x, ord=ord), np.linalg.vector_norm(host, ord=ord) * scale, "float32", 100)
    check(xp.linalg.matrix_norm(x), np.linalg.matrix_norm(host) * scale, "float32", 100)


@pytest.mark.parametrize("ord", [100, 1000, 1e6, -100, -1000, -1e6])
@pytest.mark.parametrize("scale", [1.0, 1e30])
def test_high_orders_stay_in_range(device: Any, inexact: str, ord: float, scale: float) -> None:
    host = np.array([1.9, 1.5, 1.2], inexact)
    extreme = 1.9 if ord > 0 else 1.2
    expected = extreme * ((host.real.astype("float64") / extreme) ** ord).sum() ** (1 / ord)
    x = xp.asarray(host * np.array(scale, inexact), device=device)
    check(xp.linalg.vector_norm(x, ord=ord), np.array(expected * scale), inexact, 10)


def test_orders_may_be_numpy_scalars_and_none_is_frobenius(device: Any) -> None:
    x = xp.asarray([[3.0, 0.0], [0.0, 4.0]], device=device)
    assert float(xp.linalg.vector_norm(x, ord=np.float32(2))) == 5
    assert float(xp.linalg.vector_norm(x, ord=np.int64(1))) == 7
    assert float(xp.linalg.matrix_norm(x, ord=None)) == 5


@pytest.mark.parametrize(
    ("elements", "norms"),
    [
        ([0.0, 0.0, 0.0], [0, 0, 0, 0, 0, 0, 0, 0]),
        ([1.0, np.inf, 0.0], [2, np.inf, np.inf, np.inf, 0, 0, np.inf, 0]),
        ([1.0, np.nan, 2.0], [3, *[np.nan] * 7]),
        ([2.0], [1, 2, 2, 2, 2, 2, 2, 2]),
        ([], [0, 0, 0, 0, np.inf, np.inf, 0, np.inf]),
    ],
)
def test_special_elements(device: Any, elements: list[float], norms: list[float]) -> None:
    x = xp.asarray(np.array(elements, "float32"), device=device)
    found = [float(xp.linalg.vector_norm(x, ord=ord)) for ord in (0, 1, 2, 3, -1, -2, np.inf, -np.inf)]
    np.testing.assert_array_equal(found, norms)


@pytest.mark.parametrize("ord", ["fro", "nuc", 1, 2, np.inf])
@pytest.mark.parametrize("shape", [(2, 0), (0, 3), (4, 0, 0)])
def test_norms_of_matrices_without_elements_are_zero(device: Any, shape: tuple[int, ...], ord: Any) -> None:
    found = xp.linalg.matrix_norm(xp.zeros(shape, device=device), ord=ord)
    np.testing.assert_array_equal(found.numpy(), np.zeros(shape[:-2], "float32"))


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (
            lambda x: xp.linalg.vector_norm(x, ord="fro"),
            ValueError,
            "vector_norm: ord must be a number, inf or -inf, not 'fro'",
        ),
        (
            lambda x: xp.linalg.vector_norm(x, axis=2),
            IndexError,
            "vector_norm: axis 2 is out of range for x with shape (0, 3); use -2 <= axis < 2",
        ),
        (
            lambda x: xp.linalg.matrix_norm(x, ord=3),
            ValueError,
            "matrix_norm: ord must be 'fro', 'nuc', 1, -1, 2, -2, inf or -inf, not 3",
        ),
        (
            lambda x: xp.linalg.matrix_norm(x, ord=np.arange(2)),
            ValueError,
            "matrix_norm: ord must be 'fro', 'nuc', 1, -1, 2, -2, inf or -inf, not array([0, 1])",
        ),
        (
            lambda x: xp.linalg.matrix_norm(x, ord=-1),
            ValueError,
            "matrix_norm: ord -1 takes the least of nothing: x has shape (0, 3); use another ord",
        ),
        (
            lambda x: xp.linalg.matrix_norm(x[:, 0]),
            ValueError,
            "matrix_norm: x must have shape (..., m, n), not (0,)",
        ),
        (
            lambda x: xp.linalg.vector_norm(xp.astype(x, xp.int32)),
            TypeError,
            "vector_norm: x must be floating-point, not int32; convert it with astype(x, float32)",
        ),
    ],
)
def test_what_does_not_fit_is_refused(device: Any, call: Any, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind) as raised:
        call(xp.zeros((0, 3), device=device))
    assert str(raised.value) == text
