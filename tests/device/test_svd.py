"""Singular value decompositions: what they multiply to, and what is orthonormal, against float64."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from webgpu_array.dtypes import BY_NAME
from webgpu_array.errors import LinAlgError
from webgpu_array.execute import run
from webgpu_array.interop import asarray, to_numpy
from webgpu_array.linalg import matrix_rank, singular, spectra, svd, svdvals
from webgpu_array.plans.spectral import SingularVectors

_MATRICES = runpy.run_path(str(Path(__file__).parents[1] / "random_matrices.py"))
normal = _MATRICES["normal"]
adjoint = _MATRICES["adjoint"]
precise = _MATRICES["precise"]
rough_arithmetic = runpy.run_path(str(Path(__file__).parents[1] / "rough.py"))["rough_arithmetic"]

SHAPES = [(1, 1), (2, 2), (3, 2), (2, 5), (7, 1), (1, 7), (16, 16), (33, 20), (20, 33), (40, 40)]


def departure(x):
    """How far the columns of ``x`` are from orthonormal ones."""
    return np.linalg.norm(adjoint(x) @ x - np.eye(x.shape[-1]), axis=(-2, -1))


def decomposed(device, a, **options):
    result = svd(asarray(a, device=device), **options)
    u, s, vh = map(to_numpy, result)
    assert (u.dtype, s.dtype, vh.dtype) == (a.dtype, a.real.dtype, a.dtype)
    return u, s, vh


def check(device, a, **options):
    """U diag(S) Vh is ``a``, U and Vh are orthonormal, S is NumPy's: each to a few n epsilon."""
    u, s, vh = decomposed(device, a, **options)
    k = min(a.shape[-2:])
    bound = 4 * max(a.shape[-2:]) * np.finfo(a.dtype).eps
    a, u, vh = precise(a), precise(u), precise(vh)
    expected = np.linalg.svd(a, compute_uv=False)
    largest = np.where(expected[..., 0] == 0, 1, expected[..., 0])
    assert (np.abs(s - expected) <= bound * largest[..., None]).all()
    assert (np.diff(s) <= 0).all()
    residual = (u[..., :k] * s[..., None, :]) @ vh[..., :k, :] - a
    assert (np.linalg.norm(residual, axis=(-2, -1)) <= bound * largest).all()
    assert (departure(u) <= bound).all()
    assert (departure(adjoint(vh)) <= bound).all()
    return u, s, vh


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("full_matrices", [True, False])
def test_every_shape(device, inexact, shape, full_matrices):
    u, s, vh = check(device, normal(1, inexact, 2, *shape), full_matrices=full_matrices)
    m, n = shape
    k = min(shape)
    assert u.shape == (2, m, m if full_matrices else k)
    assert s.shape == (2, k)
    assert vh.shape == (2, n if full_matrices else k, n)


def test_full_matrices_is_the_default_and_the_result_has_names(device):
    result = svd(asarray(normal(2, "float32", 3, 2), device=device))
    assert result._fields == ("U", "S", "Vh")
    assert result.U.shape == (3, 3)


@pytest.mark.parametrize(
    "a",
    [
        np.ones((6, 4)),
        np.ones((4, 6)),
        normal(3, "float64", 20, 3) @ normal(4, "float64", 3, 15),
        normal(5, "float64", 36, 3) @ normal(6, "float64", 3, 36),
        np.diag([0, 2.0, 0, 3]),
        np.zeros((5, 3)),
        np.zeros((3, 5)),
        np.eye(6)[::-1],
        np.eye(33) * 7,
        np.linalg.qr(normal(17, "float64", 36, 36))[0],
        1 / (np.arange(12)[:, None] + np.arange(12) + 1),
        np.diag(10.0 ** -np.arange(12)),
        np.diag(1 + 1e-5 * np.arange(10)),
    ],
    ids=[
        "ones", "ones, wide", "rank 3", "rank 3 in blocks", "diagonal", "zeros", "zeros, wide", "reversal",
        "multiple of the identity", "orthogonal", "Hilbert", "decades", "clustered",
    ],
)  # fmt: skip
def test_vectors_are_orthonormal_whatever_the_rank(device, inexact, a):
    check(device, a.astype(inexact))


# Software adapters end all loops of a shader after 65,535 rounds together.
def test_left_vectors_of_many_columns_of_zeros_are_orthonormal(device):
    n = 300
    columns = np.zeros((1, n, 2 * n), "float32")
    columns[0, :, n:] = np.eye(n)
    columns[0, 0, 0] = 1
    left, right = (asarray(np.zeros((1, n, n), "float32"), device=device) for _ in range(2))
    values, scale = (asarray(np.ones(shape, "float32"), device=device) for shape in ((1, n), (1,)))
    operands = (left, values, right, asarray(columns, device=device), scale)
    run(SingularVectors(left.dtype, n, n, 1), operands, left.device)
    vectors = left.numpy()[0].astype("float64")
    assert abs(vectors @ vectors.T - np.eye(n)).max() < 32 * np.finfo("float32").eps


@pytest.mark.parametrize("dtype", ["float32", "complex64"])
def test_vectors_are_orthonormal_where_quotients_and_roots_are_rough(own_device, dtype):
    scales = np.random.default_rng(19).uniform(0.5, 2, (10, 6, 1))
    grades = 10.0 ** np.linspace(0, -20, 10)
    with rough_arithmetic():
        check(own_device, (np.ones((10, 6, 4)) * scales).astype(dtype))
        check(own_device, (np.ones((10, 4, 6)) * scales[:, :1]).astype(dtype))
        check(own_device, (precise(normal(20, dtype, 10, 6, 2)) @ precise(normal(21, dtype, 10, 2, 4))).astype(dtype))
        check(own_device, (precise(normal(8, dtype, 10, 10)) * grades[:, None]).astype(dtype))
        check(own_device, (precise(normal(8, dtype, 10, 10)) * grades).astype(dtype))


def test_columns_of_noise_need_not_be_orthogonal(device, inexact):
    """Their vectors are made so: beside the longest column, any direction of theirs is as good as another."""
    eps = np.finfo(inexact).eps
    columns = np.zeros((1, 4, 10), inexact)
    columns[0, :, 6:] = np.eye(4)
    columns[0, 0, 0], columns[0, 1, 1] = 3, 1
    # One leans towards a longer column, one is the same as another but for rounding.
    columns[0, 2, :3] = eps * np.array([1e-3, 0, 0.5])
    columns[0, 3, :3] = eps * np.array([0, 0, 0.3])
    x = asarray(columns, device=device)
    left, values, right, scale = (
        asarray(np.ones(shape, dtype), device=device)
        for shape, dtype in (((1, 4, 6), inexact), ((1, 4), columns.real.dtype), ((1, 4, 4), inexact), ((1,), columns.real.dtype))
    )
    run(SingularVectors(BY_NAME[inexact], 6, 4, 1), (left, values, right, x, scale), device)
    assert departure(adjoint(precise(to_numpy(left)[0]))) < 8 * eps
    np.testing.assert_allclose(to_numpy(values)[0], [3, 1, 0.5 * eps, 0.3 * eps], rtol=1e-5)


@pytest.mark.parametrize("shape", [(40, 40), (41, 40), (71, 70)])
@pytest.mark.parametrize("full_matrices", [True, False])
def test_equal_columns_converge(device, inexact, shape, full_matrices):
    check(device, np.ones(shape, inexact), full_matrices=full_matrices)


def test_rows_a_hundred_decades_apart_converge(device, inexact):
    decades = 15 if inexact in ("float32", "complex64") else 150
    rows = 10.0 ** np.random.default_rng(0).uniform(-decades, decades, (64, 1))
    check(device, (precise(normal(18, inexact, 64, 64)) * rows).astype(inexact))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_vectors_of_two_clusters_are_orthonormal(device, inexact, seed):
    left = np.linalg.qr(precise(normal(seed, inexact, 77, 70)))[0]
    right = np.linalg.qr(precise(normal(seed + 10, inexact, 70, 70)))[0]
    values = np.repeat([1, 1e-3], 35)
    check(device, (left * values @ right).astype(inexact), full_matrices=False)


@pytest.mark.parametrize("power", (-30, 30))
def test_extreme_scales(device, inexact, power):
    a = (10.0**power * precise(normal(7, inexact, 2, 6, 4))).astype(inexact)
    _, s, _ = decomposed(device, a)
    expected = np.linalg.svd(precise(a), compute_uv=False)
    np.testing.assert_allclose(s, expected, rtol=20 * np.finfo(inexact).eps)


@pytest.mark.parametrize("axis", (0, 1))
def test_rows_and_columns_decades_apart(device, inexact, axis):
    grades = 10.0 ** np.linspace(0, -20, 10)
    check(device, (precise(normal(8, inexact, 10, 10)) * np.expand_dims(grades, axis)).astype(inexact))


def test_long_columns(device, inexact):
    check(device, normal(9, inexact, 1_200, 5), full_matrices=False)


def test_values_alone_are_those_of_the_decomposition(device, inexact):
    a = normal(10, inexact, 2, 9, 6)
    values = to_numpy(svdvals(asarray(a, device=device)))
    assert values.dtype == a.real.dtype
    expected = np.linalg.svd(precise(a), compute_uv=False)
    np.testing.assert_allclose(values, expected, rtol=50 * np.finfo(inexact).eps)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("shape", [(5, 4), (4, 5)])
def test_matrix_that_is_not_finite_gives_nan_and_spares_its_neighbours(device, inexact, bad, shape):
    a = normal(11, inexact, 3, *shape)
    a[1, 2, 1] = bad
    for found in decomposed(device, a):
        assert np.isnan(found[1]).all()
        assert np.isfinite(found[::2]).all()


def test_batch_axes_are_kept(device):
    a = normal(12, "float32", 2, 3, 6, 4)
    u, s, vh = check(device, a)
    assert (u.shape, s.shape, vh.shape) == ((2, 3, 6, 6), (2, 3, 4), (2, 3, 4, 4))


def test_operands_of_any_layout(device, as_laid_out):
    base = normal(13, "float32", 2, 6, 8)
    for a in (base.transpose(0, 2, 1), base[::-1, ::-1], base[:, ::2, 1::2], np.broadcast_to(base[0], (3, 6, 8))):
        values = to_numpy(svdvals(as_laid_out(a)))
        np.testing.assert_allclose(values, np.linalg.svd(precise(a), compute_uv=False), rtol=1e-5)


@pytest.mark.parametrize("full_matrices", [True, False])
@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (0, 3), (0, 4, 3), (2, 0, 3), (2, 3, 0)])
def test_empty_matrices(device, shape, full_matrices):
    a = np.zeros(shape, "complex64")
    expected = np.linalg.svd(a, full_matrices=full_matrices)
    for found, like in zip(decomposed(device, a, full_matrices=full_matrices), expected, strict=True):
        np.testing.assert_array_equal(found, like)


def test_rotations_that_do_not_converge_are_reported(device, monkeypatch):
    monkeypatch.setattr(spectra, "_MOST_SWEEPS", 2)
    a = np.stack([np.eye(40), normal(14, "float64", 40, 40)]).astype("float32")
    with pytest.raises(LinAlgError) as raised:
        svd(asarray(a, device=device))
    assert str(raised.value) == (
        "svd: matrix 1 of the batch has not converged after 2 sweeps of rotations; "
        "scale its columns alike"
    )


def test_the_device_is_waited_for_once_where_two_sweeps_do(device, monkeypatch):
    waits = []
    first_flagged = spectra.first_flagged
    monkeypatch.setattr(spectra, "first_flagged", lambda flags: waits.append(1) or first_flagged(flags))
    singular.svdvals(asarray(np.eye(4, dtype="float32"), device=device))
    assert len(waits) == 1


def test_rank(device, inexact):
    low = normal(15, "float64", 12, 3) @ normal(16, "float64", 3, 9)
    for a, expected in ((low, 3), (np.eye(4, 6), 4), (np.zeros((3, 2)), 0), (np.ones((1, 5)), 1)):
        rank = to_numpy(matrix_rank(asarray(a.astype(inexact), device=device)))
        assert rank.shape == ()
        assert rank == expected


def test_rank_by_tolerance(device):
    x = asarray(np.stack([np.diag([1, 0.1, 0.01])] * 3).astype("float32"), device=device)
    assert to_numpy(matrix_rank(x, rtol=0.05)).tolist() == [2, 2, 2]
    rtol = asarray(np.array([0.5, 0.05, 1e-3], "float32"), device=device)
    assert to_numpy(matrix_rank(x, rtol=rtol)).tolist() == [1, 2, 3]


def test_rank_of_empty_and_of_not_finite_matrices(device):
    assert to_numpy(matrix_rank(asarray(np.zeros((2, 0, 3), "float32"), device=device))).tolist() == [0, 0]
    assert matrix_rank(asarray(np.zeros((0, 2, 3), "float32"), device=device)).shape == (0,)
    assert to_numpy(matrix_rank(asarray(np.full((2, 2), np.nan, "float32"), device=device))) == 0


@pytest.mark.parametrize("function", [svd, svdvals, matrix_rank])
def test_operands_that_do_not_fit_are_refused(device, function):
    name = function.__name__
    with pytest.raises(ValueError) as raised:
        function(asarray(np.ones(3, "float32"), device=device))
    assert str(raised.value) == f"{name}: x must have shape (..., M, N), not (3,)"
    with pytest.raises(TypeError) as refused:
        function(asarray(np.ones((3, 3), "int32"), device=device))
    assert str(refused.value) == (
        f"{name}: x must be floating-point, not int32; convert it with astype(x, float32)"
    )
