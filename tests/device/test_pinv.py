"""Pseudoinverses, by the four conditions of Penrose."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from webgpu_array.errors import LinAlgError
from webgpu_array.interop import asarray, to_numpy
from webgpu_array.linalg import pinv, spectra

_MATRICES = runpy.run_path(str(Path(__file__).parents[1] / "random_matrices.py"))
adjoint = _MATRICES["adjoint"]

SHAPES = [(1, 1), (2, 2), (3, 2), (2, 5), (4, 4), (5, 1), (1, 5), (16, 16), (17, 31), (33, 32), (65, 17), (64, 64)]
BOUND = 30


def normal(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


def normal_in(seed, dtype, *shape):
    x = normal(seed, *shape)
    return (x + 1j * normal(seed + 100, *shape) if dtype.startswith("complex") else x).astype(dtype)


def norm(x):
    return np.linalg.norm(x, axis=(-2, -1))


def penrose(a, p):
    """The largest residual of Penrose's conditions over max(m, n) u κ, relative to the norms it is made of."""
    scale = max(a.shape[-2:]) * np.finfo(a.dtype).eps / 2
    wide = np.complex128 if np.iscomplexobj(a) else np.float64
    a, p = a.astype(wide), p.astype(wide)
    norm_a, norm_p = norm(a), norm(p)
    condition = np.maximum(norm_a * norm_p, 1)
    # A matrix of zeros has residuals of zero.
    norm_a, norm_p = np.where(norm_a == 0, 1, norm_a), np.where(norm_p == 0, 1, norm_p)
    residuals = [
        norm(a @ p @ a - a) / norm_a,
        norm(p @ a @ p - p) / norm_p,
        norm(a @ p - adjoint(a @ p)),
        norm(p @ a - adjoint(p @ a)),
    ]
    return float((np.stack(residuals) / (scale * condition)).max())


def pseudoinverse(device, a, **options):
    p = to_numpy(pinv(asarray(a, device=device), **options))
    assert p.dtype == a.dtype
    assert p.shape == (*a.shape[:-2], *a.shape[:-3:-1])
    return p


def rank(p, dtype):
    return np.linalg.matrix_rank(p.astype(np.float64), rtol=100 * np.finfo(dtype).eps)


@pytest.mark.parametrize("shape", SHAPES)
def test_penrose_at_every_shape(device, inexact, shape):
    a = normal_in(1, inexact, 2, *shape)
    assert penrose(a, pseudoinverse(device, a)) < BOUND


def low_rank(seed, m, n, r):
    return normal(seed, m, r) @ normal(seed + 1, r, n)


@pytest.mark.parametrize(
    ("a", "expected_rank"),
    [
        (np.ones((6, 4)), 1),
        (low_rank(3, 20, 15, 3), 3),
        (low_rank(4, 15, 20, 7), 7),
        (np.diag([1.0, 2, 0, 3]), 3),
        (np.outer(np.arange(9.0), np.ones(9)), 1),
        (np.zeros((5, 3)), 0),
        (np.zeros((3, 5)), 0),
    ],
    ids=["ones", "rank 3", "rank 7, wide", "diagonal", "outer", "zeros", "zeros, wide"],
)
def test_rank_deficient_matrices(device, dtype, a, expected_rank):
    a = a.astype(dtype)
    p = pseudoinverse(device, a)
    assert penrose(a, p) < BOUND
    assert rank(p, dtype) == expected_rank


def test_rank_deficient_pseudoinverse_is_numpys(device, dtype):
    a = low_rank(5, 12, 8, 4).astype(dtype)
    expected = np.linalg.pinv(a.astype(np.float64), rtol=12 * np.finfo(dtype).eps)
    np.testing.assert_allclose(
        pseudoinverse(device, a), expected, atol=1e3 * np.finfo(dtype).eps * np.abs(expected).max()
    )


def test_well_conditioned_square_matrix_gives_its_inverse(device, dtype):
    a = (normal(6, 10, 10) + 10 * np.eye(10)).astype(dtype)
    np.testing.assert_allclose(
        pseudoinverse(device, a), np.linalg.inv(a.astype(np.float64)), atol=20 * np.finfo(dtype).eps
    )


def test_hilbert(device, dtype):
    a = (1 / (np.arange(8)[:, None] + np.arange(8) + 1)).astype(dtype)
    assert penrose(a, pseudoinverse(device, a)) < BOUND


@pytest.mark.parametrize("power", (-30, 30))
def test_extreme_scales(device, dtype, power):
    a = (10.0**power * normal(7, 2, 6, 4)).astype(dtype)
    assert penrose(a, pseudoinverse(device, a)) < BOUND


@pytest.mark.parametrize("power", (-20, 20))
def test_graded_columns(device, power):
    a = (normal(8, 10, 10) * 10.0 ** np.linspace(0, power, 10)).astype("float32")
    assert penrose(a, pseudoinverse(device, a)) < BOUND


@pytest.mark.parametrize(("rtol", "expected_rank"), [(0.5, 1), (0.05, 2), (1e-3, 3), (0, 4), (1, 0)])
def test_rtol_decides_the_rank(device, rtol, expected_rank):
    a = np.diag([1, 0.1, 0.01, 1e-6]).astype("float32")
    assert (np.diag(pseudoinverse(device, a, rtol=rtol)) > 0).sum() == expected_rank


def test_rtol_may_be_a_numpy_scalar(device):
    a = np.diag([1, 0.1, 0.01]).astype("float32")
    assert (np.diag(pseudoinverse(device, a, rtol=np.float32(0.05))) > 0).sum() == 2


def test_rtol_per_matrix(device):
    a = np.stack([np.diag([1, 0.1, 0.01])] * 3).astype("float32")
    rtol = asarray(np.array([0.5, 0.05, 1e-3], "float32"), device=device)
    ranks = [(np.diag(p) > 0).sum() for p in pseudoinverse(device, a, rtol=rtol)]
    assert ranks == [1, 2, 3]


def test_default_rtol_is_the_larger_side_times_epsilon(device, dtype):
    eps = np.finfo(dtype).eps
    a = np.zeros((8, 3), dtype)
    np.fill_diagonal(a, [1, 9 * eps, 7 * eps])
    assert (np.diag(pseudoinverse(device, a)) > 0).tolist() == [True, True, False]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_matrix_that_is_not_finite_gives_nan_and_spares_its_neighbours(device, bad):
    a = normal(9, 3, 5, 4).astype("float32")
    a[1, 2, 1] = bad
    p = pseudoinverse(device, a)
    assert np.isnan(p[1]).all()
    assert penrose(a[::2], p[::2]) < BOUND


def test_batch_axes_are_kept(device):
    a = normal(10, 2, 3, 6, 4).astype("float32")
    p = pseudoinverse(device, a)
    assert penrose(a, p) < BOUND
    for i in np.ndindex(2, 3):
        np.testing.assert_array_equal(pseudoinverse(device, a[i]), p[i])


def test_operands_of_any_layout(device, as_laid_out):
    base = normal(11, 2, 6, 8).astype("float32")
    for a in (base.transpose(0, 2, 1), base[::-1, ::-1], base[:, ::2, 1::2], np.broadcast_to(base[0], (3, 6, 8))):
        assert penrose(a, to_numpy(pinv(as_laid_out(a)))) < BOUND


def test_batch_beyond_the_dispatch_limit(device):
    a = np.zeros((65_540, 2, 1), "float32")
    a[:, 1, 0] = np.arange(1, 65_541)
    p = pseudoinverse(device, a)
    np.testing.assert_allclose(p[:, 0, 1], 1 / a[:, 1, 0], rtol=1e-6)
    assert not p[:, 0, 0].any()


@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (0, 3), (0, 4, 3), (2, 0, 3)])
def test_empty_matrices(device, shape):
    a = np.zeros(shape, "float32")
    assert pseudoinverse(device, a).size == 0


def test_rotations_that_do_not_converge_are_reported(device, monkeypatch):
    monkeypatch.setattr(spectra, "_MOST_SWEEPS", 2)
    a = np.stack([np.eye(40), normal(12, 40, 40)]).astype("float32")
    with pytest.raises(LinAlgError) as raised:
        pinv(asarray(a, device=device))
    assert str(raised.value) == (
        "pinv: matrix 1 of the batch has not converged after 2 sweeps of rotations; "
        "scale its columns alike"
    )


@pytest.mark.parametrize(
    ("x", "rtol", "error", "message"),
    [
        (np.ones(3, "f"), None, ValueError, "pinv: x must have shape (..., M, N), not (3,)"),
        (np.ones((3, 3), "i"), None, TypeError,
         "pinv: x must be floating-point, not int32; convert it with astype(x, float32)"),
        (np.ones((3, 3), "f"), "small", TypeError,
         "pinv: rtol must be a tensor, not str; convert it with asarray()"),
    ],
)  # fmt: skip
def test_operands_that_do_not_fit_are_refused(device, x, rtol, error, message):
    with pytest.raises(error) as raised:
        pinv(asarray(x, device=device), rtol=rtol)
    assert str(raised.value) == message


def test_rtol_that_does_not_broadcast_is_refused(device):
    x = asarray(np.ones((2, 3, 3), "f"), device=device)
    with pytest.raises(ValueError) as raised:
        pinv(x, rtol=asarray(np.ones(3, "f"), device=device))
    assert str(raised.value) == (
        "pinv: rtol must be a number or broadcast to (2,), the batch axes of x, not have shape (3,)"
    )
