"""Determinants, and their signs and logarithms, against float64 and the exact values."""

import numpy as np
import pytest

from webgpu_array.errors import LinAlgError
from webgpu_array.interop import asarray, to_numpy
from webgpu_array.linalg.solve import det, slogdet

SIZES = (1, 2, 3, 4, 5, 15, 16, 17, 31, 32, 33, 64, 65, 100)


def normal(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


def determinants(device, a):
    x = asarray(a, device=device)
    sign, logabsdet = slogdet(x)
    results = to_numpy(det(x)), to_numpy(sign), to_numpy(logabsdet)
    assert all(r.dtype == a.dtype and r.shape == a.shape[:-2] for r in results)
    return results


def perturbation(a):
    """n u κ₁(A): how far the relative error of a determinant may go when A is rounded."""
    a64 = a.astype(np.float64)
    return a.shape[-1] * np.finfo(a.dtype).eps * np.linalg.cond(a64, 1)


@pytest.mark.parametrize("n", SIZES)
def test_sign_and_logarithm_at_every_size(device, dtype, n):
    a = normal(n, 3, n, n).astype(dtype)
    _, sign, logabsdet = determinants(device, a)
    expected_sign, expected = np.linalg.slogdet(a.astype(np.float64))
    np.testing.assert_array_equal(sign, expected_sign)
    error = np.abs(logabsdet - expected)
    assert (error <= perturbation(a) + np.finfo(dtype).eps * np.abs(expected)).all()


@pytest.mark.parametrize("n", (1, 2, 3, 5, 16, 17, 31, 33))
def test_determinant_at_every_size(device, dtype, n):
    a = normal(n, 3, n, n).astype(dtype)
    determinant, _, _ = determinants(device, a)
    np.testing.assert_array_less(
        np.abs(determinant / np.linalg.det(a.astype(np.float64)) - 1), perturbation(a) + np.finfo(dtype).eps
    )


@pytest.mark.parametrize("n", (2, 3, 16, 17, 40))
def test_permutations_have_their_parity(device, dtype, n):
    rng = np.random.default_rng(n)
    a = np.stack([np.eye(n)[rng.permutation(n)] for _ in range(6)]).astype(dtype)
    determinant, sign, logabsdet = determinants(device, a)
    expected = np.linalg.det(a.astype(np.float64)).round()
    assert set(expected) == {-1, 1}
    np.testing.assert_array_equal(determinant, expected)
    np.testing.assert_array_equal(sign, expected)
    np.testing.assert_array_equal(logabsdet, 0)


def test_powers_of_two_are_exact_though_partial_products_overflow(device, dtype):
    """The products of the first half overflow every type, and of the second underflow."""
    exponent = 100 if dtype == "float32" else 900
    a = np.diag(2.0 ** np.array([exponent] * 20 + [-exponent] * 20 + [3])).astype(dtype)
    determinant, sign, logabsdet = determinants(device, a)
    assert (determinant, sign) == (8, 1)
    assert abs(logabsdet - np.log(8)) <= 2 * np.finfo(dtype).eps


def test_determinant_outside_the_range_overflows_and_its_logarithm_does_not(device):
    a = np.stack([np.diag([1e30, 1e30]), np.diag([1e-30, -1e-30])]).astype("float32")
    determinant, sign, logabsdet = determinants(device, a)
    np.testing.assert_array_equal(determinant, [np.inf, 0])
    np.testing.assert_array_equal(sign, [1, -1])
    np.testing.assert_allclose(logabsdet, [60 * np.log(10), -60 * np.log(10)], rtol=2e-7)


def test_largest_and_smallest_normal_determinants(device, dtype):
    info = np.finfo(dtype)
    values = np.array([info.max, -info.max, info.tiny, -info.tiny], dtype)
    determinant, sign, logabsdet = determinants(device, values.reshape(-1, 1, 1))
    np.testing.assert_array_equal(determinant, values)
    np.testing.assert_array_equal(sign, [1, -1, 1, -1])
    np.testing.assert_allclose(logabsdet, np.log(np.abs(values.astype(np.longdouble))).astype(dtype), rtol=2 * info.eps)


def test_logarithm_is_right_to_two_epsilons(device, dtype):
    rng, info = np.random.default_rng(0), np.finfo(dtype)
    everywhere = 2.0 ** rng.uniform(info.minexp, info.maxexp - 1, 2000)
    near_one = 1 + rng.uniform(-0.5, 1, 2000)
    at_one = 1 + rng.uniform(-1, 1, 1000) * 1000 * info.eps
    x = np.concatenate([everywhere, near_one, at_one]).astype(dtype)
    x = x[x != 1]
    _, _, logabsdet = determinants(device, x.reshape(-1, 1, 1))
    expected = np.log(x.astype(np.longdouble))
    assert np.abs((logabsdet - expected) / expected).max() <= 2 * info.eps


@pytest.mark.parametrize("n", (2, 5, 20, 40))
def test_singular_matrix_has_determinant_zero(device, dtype, n):
    a = np.stack([np.ones((n, n)), np.eye(n)]).astype(dtype)
    a[0, :, n // 2] = 0
    determinant, sign, logabsdet = determinants(device, a)
    np.testing.assert_array_equal(determinant, [0, 1])
    np.testing.assert_array_equal(sign, [0, 1])
    np.testing.assert_array_equal(logabsdet, [-np.inf, 0])


@pytest.mark.parametrize("n", (1, 3, 20))
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_matrix_that_is_not_finite_gives_nan_and_spares_its_neighbours(device, n, bad):
    a = normal(1, 3, n, n).astype("float32")
    a[1, 0, -1] = bad
    for result, expected in zip(determinants(device, a), determinants(device, a[::2]), strict=True):
        assert np.isnan(result[1])
        np.testing.assert_array_equal(result[::2], expected)


def test_singular_matrix_with_nan_gives_nan(device):
    a = np.array([[0, 1], [0, np.nan]], dtype="float32")
    for result in determinants(device, a):
        assert np.isnan(result)


@pytest.mark.parametrize("lead", [(), (4,), (2, 3), (0,)])
def test_empty_matrices_have_determinant_one(device, dtype, lead):
    determinant, sign, logabsdet = determinants(device, np.zeros((*lead, 0, 0), dtype))
    np.testing.assert_array_equal(determinant, np.ones(lead))
    np.testing.assert_array_equal(sign, np.ones(lead))
    np.testing.assert_array_equal(logabsdet, np.zeros(lead))


def test_batch_of_none(device):
    assert determinants(device, np.zeros((0, 3, 3), "float32"))[0].shape == (0,)


def test_operands_of_any_layout(device, as_laid_out):
    base = normal(2, 2, 6, 6).astype("float32")
    for a in (base.transpose(0, 2, 1), base[::-1, ::-1], base[:, ::2, 1::2], np.broadcast_to(base[0], (3, 6, 6))):
        np.testing.assert_allclose(to_numpy(det(as_laid_out(a))), np.linalg.det(a.astype(np.float64)), rtol=1e-4)


def test_batch_beyond_the_dispatch_limit(device):
    values = np.arange(1, 65_541, dtype="float32")
    a = np.zeros((values.size, 2, 2), "float32")
    a[:, 0, 1] = values
    a[:, 1, 0] = 1
    determinant, _, _ = determinants(device, a)
    np.testing.assert_array_equal(determinant, -values)


@pytest.mark.parametrize(("function", "name"), [(det, "det"), (slogdet, "slogdet")])
@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (np.ones((2, 3), "f"), LinAlgError, "{}: the last two axes must be equal, not (2, 3) of x with shape (2, 3)"),
        (np.ones(3, "f"), ValueError, "{}: x must have shape (..., n, n), not (3,)"),
        (np.ones((3, 3), "i"), TypeError,
         "{}: x must be floating-point, not int32; convert it with astype(x, float32)"),
    ],
)  # fmt: skip
def test_operands_that_do_not_fit_are_refused(device, function, name, x, error, message):
    with pytest.raises(error) as raised:
        function(asarray(x, device=device))
    assert str(raised.value) == message.format(name)
