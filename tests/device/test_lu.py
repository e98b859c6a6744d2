"""Systems and determinants of every kernel of LU factorizations: sizes around their blocks, hard matrices, bad neighbours."""

import numpy as np
import pytest

from webgpu_array import dtypes
from webgpu_array.execute import run
from webgpu_array.interop import asarray, to_numpy
from webgpu_array.linalg.solve import slogdet, solve
from webgpu_array.plans.linalg import Solve
from webgpu_array.tensor import allocate

# A solution may be this much worse than LAPACK's, and is never worse than the bound.
FACTOR, ALWAYS, BOUND = 5, 0.1, 3


def normal(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


def residual(a, x, b):
    """max over columns of ‖b - Ax‖ / (n u ‖A‖ ‖x‖), in 1-norms."""
    u = np.finfo(a.dtype).eps / 2
    a, x, b = (m.astype(np.float64) for m in (a, x, b))
    norm = np.abs(a).sum(axis=-2).max(axis=-1)[..., None] * np.abs(x).sum(axis=-2)
    return float((np.abs(b - a @ x).sum(axis=-2) / (a.shape[-1] * u * norm)).max())


def check(device, a, b):
    a, b = a.astype("float32"), b.astype("float32")
    ours = residual(a, to_numpy(solve(asarray(a, device=device), asarray(b, device=device))), b)
    assert ours < min(BOUND, FACTOR * residual(a, np.linalg.solve(a, b), b) + ALWAYS)


@pytest.mark.parametrize(("n", "batch", "n_rhs"), [(32, 3, 1), (32, 2, 33), (33, 3, 1), (65, 2, 70), (129, 1, 3), (300, 1, 1)])
def test_solutions_and_determinants_of_any_size(device, n, batch, n_rhs):
    a, b = normal(n, batch, n, n), normal(n + 1, batch, n, n_rhs)
    check(device, a, b)
    sign, logarithm = slogdet(asarray(a.astype("float32"), device=device))
    expected = np.linalg.slogdet(a)
    np.testing.assert_array_equal(to_numpy(sign), expected[0])
    np.testing.assert_allclose(to_numpy(logarithm), expected[1], rtol=1e-4)


def test_columns_that_are_searched_in_parts(device):
    """A NaN must be proposed as a pivot, or it would stay in its row."""
    n = 1025
    a, b = normal(1, 1, n, n), normal(2, 1, n, 2)
    check(device, a, b)
    a[0, n // 2, n // 3] = np.nan
    x = solve(*(asarray(each.astype("float32"), device=device) for each in (a, b)))
    assert np.isnan(to_numpy(x)).all()


def conditioned(n, condition):
    left, right = (np.linalg.qr(normal(seed, n, n))[0] for seed in (3, 4))
    return left * np.logspace(0, -np.log10(condition), n) @ right


@pytest.mark.parametrize("n", [24, 70, 140])
@pytest.mark.parametrize(
    "family",
    [
        lambda n: conditioned(n, 1e5),
        lambda n: conditioned(n, 1e7),
        lambda n: normal(5, n, n) * np.logspace(0, -20, n)[:, None],
        lambda n: normal(6, n, n) * np.logspace(0, -20, n),
        lambda n: np.eye(n)[np.random.default_rng(7).permutation(n)] + 1e-6 * normal(8, n, n),
        lambda n: np.triu(normal(9, n, n)) + 5 * np.eye(n),
    ],
    ids=["condition 1e5", "condition 1e7", "graded rows", "graded columns", "near permutation", "triangular"],
)
def test_residuals_of_hard_matrices_are_those_of_lapack(device, n, family):
    a = family(n).astype("float32").astype(float)
    check(device, a, a @ normal(10, n, 2))


@pytest.mark.parametrize("n", [8, 40, 129])
def test_bad_matrices_spare_their_neighbours(device, n):
    a, b = normal(11, 5, n, n).astype("float32"), normal(12, 5, n, 2).astype("float32")
    a[1, n // 2, n // 3] = np.nan
    a[2, :, n // 2] = 0
    a[3, 0, n - 1] = np.inf
    out, info = allocate((5, n, 2), dtypes.float32, device), allocate((5,), dtypes.int32, device)
    run(Solve(dtypes.float32, n, 2, 5), (out, info, asarray(a, device=device), asarray(b, device=device)), device)
    x = to_numpy(out)
    np.testing.assert_array_equal(to_numpy(info), [0, 0, n // 2 + 1, 0, 0])
    assert np.isnan(x[[1, 3]]).all()
    assert residual(a[[0, 4]], x[[0, 4]], b[[0, 4]]) < BOUND
    sign, logarithm = (to_numpy(each) for each in slogdet(asarray(a, device=device)))
    np.testing.assert_array_equal(np.isnan(sign), [False, True, False, True, False])
    assert (sign[2], logarithm[2]) == (0, -np.inf)
