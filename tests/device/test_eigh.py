"""Eigenvalues and eigenvectors of Hermitian matrices against float64."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from webgpu_array.errors import LinAlgError
from webgpu_array.interop import asarray, to_numpy
from webgpu_array.linalg import eigh, eigvalsh, spectra

_MATRICES = runpy.run_path(str(Path(__file__).parents[1] / "random_matrices.py"))
normal = _MATRICES["normal"]
adjoint = _MATRICES["adjoint"]
precise = _MATRICES["precise"]

N = 12


def hermitian(seed, dtype, *shape):
    x = normal(seed, dtype, *shape)
    return x + adjoint(x)


def with_eigenvalues(values, dtype):
    q, _ = np.linalg.qr(precise(normal(1, dtype, len(values), len(values))))
    return ((q * values) @ adjoint(q)).astype(dtype)


def decomposed(device, a):
    values, vectors = map(to_numpy, eigh(asarray(a, device=device)))
    assert (values.dtype, vectors.dtype) == (a.real.dtype, a.dtype)
    assert (values.shape, vectors.shape) == (a.shape[:-1], a.shape)
    return values, vectors


def check(device, a):
    """A V is V diag(values), V is orthonormal, the values are NumPy's: each to a few n epsilon."""
    values, vectors = decomposed(device, a)
    alone = to_numpy(eigvalsh(asarray(a, device=device)))
    n = a.shape[-1]
    bound = 4 * n * np.finfo(a.dtype).eps
    a, vectors = precise(a), precise(vectors)
    expected = np.linalg.eigvalsh(a)
    largest = np.abs(expected).max(axis=-1)
    largest = np.where(largest == 0, 1, largest)
    for found in (values, alone):
        assert (np.abs(found - expected) <= bound * largest[..., None]).all()
        assert (np.diff(found) >= 0).all()
    residual = a @ vectors - vectors * values[..., None, :]
    assert (np.linalg.norm(residual, axis=(-2, -1)) <= bound * largest).all()
    departure = np.linalg.norm(adjoint(vectors) @ vectors - np.eye(n), axis=(-2, -1))
    assert (departure <= bound).all()
    return values, vectors


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 16, 31, 33, 40])
def test_every_order(device, inexact, n):
    check(device, hermitian(2, inexact, 2, n, n))


@pytest.mark.parametrize(
    "values",
    [
        np.repeat([1.0, 2, -3], N // 3),
        1 + 1e-5 * np.arange(N),
        10.0 ** -np.arange(N),
        np.r_[5.0, 2, 1, np.zeros(N - 3)],
        np.r_[np.ones(N // 2), -np.ones(N // 2)],
        np.full(N, 3.0),
    ],
    ids=["repeated", "clustered", "decades", "rank 3", "reflection", "multiple of the identity"],
)
def test_spectra(device, inexact, values):
    check(device, with_eigenvalues(values, inexact))


def test_two_eigenvalues_of_many_vectors_each(device, inexact):
    check(device, with_eigenvalues(np.repeat([1.0, -1], 20), inexact))


@pytest.mark.parametrize("n", [6, 36])
def test_matrices_with_structure(device, inexact, n):
    tridiagonal = np.diag(np.ones(n - 1), 1) + np.diag(np.ones(n - 1), -1)
    for a in (np.zeros((n, n)), np.ones((n, n)), np.eye(n)[::-1], tridiagonal):
        check(device, a.astype(inexact))


@pytest.mark.parametrize("n", [7, 40])
def test_diagonal_matrix_is_exact(device, inexact, n):
    diagonal = np.random.default_rng(3).permutation(10.0 ** -np.arange(n / 4, step=0.25)).astype(inexact)
    values, vectors = decomposed(device, np.diag(diagonal))
    np.testing.assert_array_equal(values, np.sort(diagonal.real))
    np.testing.assert_array_equal(vectors, np.eye(n, dtype=inexact)[:, np.argsort(diagonal.real)])


@pytest.mark.parametrize("power", (-30, 30))
def test_extreme_scales(device, inexact, power):
    a = (10.0**power * precise(hermitian(4, inexact, 6, 6))).astype(inexact)
    values, _ = decomposed(device, a)
    expected = np.linalg.eigvalsh(precise(a))
    np.testing.assert_allclose(values, expected, rtol=0, atol=20 * np.finfo(inexact).eps * np.abs(expected).max())


def test_only_the_lower_triangle_is_looked_at(device, inexact):
    a = hermitian(5, inexact, 5, 5)
    scribbled = np.where(np.tri(5, dtype=bool), a, np.nan).astype(inexact)
    for found, expected in zip(decomposed(device, scribbled), decomposed(device, a), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_the_diagonal_of_a_hermitian_matrix_is_real(device):
    a = hermitian(6, "complex64", 4, 4)
    values = to_numpy(eigvalsh(asarray(a + 1j * np.eye(4, dtype="complex64"), device=device)))
    np.testing.assert_array_equal(values, to_numpy(eigvalsh(asarray(a, device=device))))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_matrix_that_is_not_finite_gives_nan_and_spares_its_neighbours(device, inexact, bad):
    a = hermitian(7, inexact, 3, 4, 4)
    a[1, 2, 1] = bad
    for found in (*decomposed(device, a), to_numpy(eigvalsh(asarray(a, device=device)))):
        assert np.isnan(found[1]).all()
        assert np.isfinite(found[::2]).all()


def test_batch_axes_are_kept_and_the_result_has_names(device):
    a = hermitian(8, "float32", 2, 3, 4, 4)
    check(device, a)
    assert eigh(asarray(a, device=device))._fields == ("eigenvalues", "eigenvectors")


def test_operands_of_any_layout(device, as_laid_out):
    base = hermitian(9, "float32", 2, 8, 8)
    for a in (base.transpose(0, 2, 1), base[:, ::-1, ::-1], base[:, ::2, ::2], np.broadcast_to(base[0], (3, 8, 8))):
        np.testing.assert_allclose(to_numpy(eigvalsh(as_laid_out(a))), np.linalg.eigvalsh(precise(a)), atol=1e-4)


def test_batch_beyond_the_dispatch_limit(device):
    a = np.zeros((65_540, 2, 2), "float32")
    a[:, 1, 0] = a[:, 0, 1] = np.arange(65_540)
    values = to_numpy(eigvalsh(asarray(a, device=device)))
    np.testing.assert_allclose(values, np.arange(65_540)[:, None] * np.array([-1, 1]), rtol=1e-6)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3, 3), (2, 0, 0)])
def test_empty_matrices(device, shape):
    decomposed(device, np.zeros(shape, "complex64"))
    assert eigvalsh(asarray(np.zeros(shape, "complex64"), device=device)).shape == shape[:-1]


def test_rotations_that_do_not_converge_are_reported(device, monkeypatch):
    monkeypatch.setattr(spectra, "_MOST_SWEEPS", 2)
    a = np.stack([np.eye(40), hermitian(10, "float64", 40, 40)]).astype("float32")
    with pytest.raises(LinAlgError) as raised:
        eigh(asarray(a, device=device))
    assert str(raised.value) == (
        "eigh: matrix 1 of the batch has not converged after 2 sweeps of rotations; "
        "scale its columns alike"
    )


@pytest.mark.parametrize("function", [eigh, eigvalsh])
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
