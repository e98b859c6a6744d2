"""Eigenvalues and eigenvectors of general matrices, which the host computes."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from webgpu_array.errors import LinAlgError
from webgpu_array.interop import asarray, to_numpy
from webgpu_array.linalg import eig, eigvals

_MATRICES = runpy.run_path(str(Path(__file__).parents[1] / "random_matrices.py"))
normal = _MATRICES["normal"]

COMPLEX = {"float32": "complex64", "float64": "complex128", "complex64": "complex64", "complex128": "complex128"}


@pytest.mark.parametrize("shape", [(1, 1), (5, 5), (2, 3, 4, 4)])
def test_vectors_are_multiplied_by_the_values(device, inexact, shape):
    a = normal(1, inexact, *shape)
    result = eig(asarray(a, device=device))
    assert result._fields == ("eigenvalues", "eigenvectors")
    values, vectors = map(to_numpy, result)
    assert values.dtype == vectors.dtype == COMPLEX[inexact]
    assert (values.shape, vectors.shape) == (shape[:-1], shape)
    eps = np.finfo(inexact).eps
    np.testing.assert_allclose(a @ vectors, vectors * values[..., None, :], atol=200 * eps)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=-2), 1, rtol=10 * eps)


def test_values_alone_are_the_same(device, inexact):
    a = asarray(normal(2, inexact, 3, 6, 6), device=device)
    values = to_numpy(eigvals(a))
    assert values.dtype == COMPLEX[inexact]
    expected = to_numpy(eig(a).eigenvalues)
    for found, like in zip(values, expected, strict=True):
        np.testing.assert_allclose(np.sort_complex(found), np.sort_complex(like), atol=200 * np.finfo(inexact).eps)


def test_real_eigenvalues_are_complex_numbers_too(device):
    values = eigvals(asarray(np.diag([3.0, 1, 2]).astype("float32"), device=device))
    assert values.dtype.name == "complex64"
    assert to_numpy(values).tolist() == [3, 1, 2]


def test_matrix_that_is_not_finite_gives_nan_and_spares_its_neighbours(device):
    a = normal(3, "float32", 3, 4, 4)
    a[1, 2, 1] = np.inf
    x = asarray(a, device=device)
    for found in map(to_numpy, (*eig(x), eigvals(x))):
        assert np.isnan(found[1]).all()
        assert np.isfinite(found[::2]).all()


def test_operands_of_any_layout(device, as_laid_out):
    base = normal(4, "float32", 2, 6, 6)
    for a in (base.transpose(0, 2, 1), base[::-1, ::-1], base[:, ::2, 1::2]):
        np.testing.assert_array_equal(to_numpy(eigvals(as_laid_out(a))), np.linalg.eigvals(a))


@pytest.mark.parametrize("shape", [(0, 0), (0, 3, 3), (2, 0, 0)])
def test_empty_matrices(device, shape):
    x = asarray(np.zeros(shape, "float32"), device=device)
    values, vectors = eig(x)
    assert (values.shape, vectors.shape) == (shape[:-1], shape)
    assert values.dtype.name == vectors.dtype.name == "complex64"
    assert eigvals(x).shape == shape[:-1]


@pytest.mark.parametrize("function", [eig, eigvals])
def test_what_lapack_gives_up_is_reported(device, function, monkeypatch):
    def fail(host):
        raise np.linalg.LinAlgError("Eigenvalues did not converge")

    monkeypatch.setattr(np.linalg, function.__name__, fail)
    with pytest.raises(LinAlgError) as raised:
        function(asarray(np.eye(2, dtype="float32"), device=device))
    assert str(raised.value) == f"{function.__name__}: Eigenvalues did not converge, for x with shape (2, 2)"


@pytest.mark.parametrize("function", [eig, eigvals])
@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (np.ones(3, "f"), ValueError, "x must have shape (..., M, M), not (3,)"),
        (np.ones((3, 3), "i"), TypeError, "x must be floating-point, not int32; convert it with astype(x, float32)"),
        (np.ones((2, 3), "f"), LinAlgError, "the last two axes must be equal, not (2, 3) of x with shape (2, 3)"),
    ],
)
def test_operands_that_do_not_fit_are_refused(device, function, x, error, message):
    with pytest.raises(error) as raised:
        function(asarray(x, device=device))
    assert str(raised.value) == f"{function.__name__}: {message}"
