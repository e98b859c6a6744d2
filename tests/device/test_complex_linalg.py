"""Inverses, systems and determinants of complex matrices: as accurate as elimination is, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.errors import IllConditionedWarning, LinAlgError

# Around the width of a panel (16), of a tile (32), and where several of them meet.
SIZES = (1, 2, 3, 15, 16, 17, 33, 70)
BOUND = 30


@pytest.fixture(params=["complex64", "complex128"])
def dtype(request: pytest.FixtureRequest, device: Any) -> str:
    """The name of each complex type that the device has."""
    if not device.supports(getattr(xp, request.param)):
        pytest.skip(f"{device} has no {request.param}")
    return str(request.param)


def normal(seed: int, *shape: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape) + 1j * rng.standard_normal(shape)


def norm(x: np.ndarray) -> np.ndarray:
    """1-norms of matrices."""
    return abs(x).sum(axis=-2).max(axis=-1)


def unit(x: np.ndarray) -> float:
    """n times half of epsilon."""
    return float(x.shape[-1] * np.finfo(x.dtype).eps / 2)


@pytest.mark.parametrize("n", SIZES)
def test_inverses_at_every_size(device: Any, dtype: str, n: int) -> None:
    a = normal(n, 3, n, n).astype(dtype)
    inverse, info, rcond = xp.linalg.inv_ex(xp.asarray(a, device=device))
    found, exact = inverse.numpy().astype("complex128"), a.astype("complex128")
    assert found.shape == a.shape
    assert inverse.dtype is getattr(xp, dtype)
    assert (norm(np.eye(n) - found @ exact) < BOUND * unit(a) * norm(exact) * norm(found)).all()
    assert not info.numpy().any()
    assert rcond.dtype is (xp.float32 if dtype == "complex64" else xp.float64)
    np.testing.assert_allclose(rcond.numpy(), 1 / (norm(exact) * norm(np.linalg.inv(exact))), rtol=1e-2)


@pytest.mark.parametrize("n", SIZES)
def test_solutions_at_every_size(device: Any, dtype: str, n: int) -> None:
    a, b = normal(n, 2, n, n).astype(dtype), normal(n + 1, 2, n, 3).astype(dtype)
    x = xp.linalg.solve(xp.asarray(a, device=device), xp.asarray(b, device=device)).numpy().astype("complex128")
    assert (norm(b - a.astype("complex128") @ x) < BOUND * unit(a) * norm(a) * norm(x)).all()


def test_solutions_of_broadcast_operands(device: Any) -> None:
    a, b = normal(1, 3, 1, 5, 5).astype("complex64"), normal(2, 4, 5, 2).astype("complex64")
    vector = b[0, :, 0]
    x1 = xp.asarray(a, device=device)
    found = xp.linalg.solve(x1, xp.asarray(b, device=device)).numpy()
    np.testing.assert_allclose(found, np.linalg.solve(a, b), rtol=1e-3, atol=1e-4)
    found = xp.linalg.solve(x1, xp.asarray(vector, device=device)).numpy()
    np.testing.assert_allclose(found, np.linalg.solve(a, vector), rtol=1e-3, atol=1e-4)
    real = xp.asarray(vector.real.copy(), device=device)
    np.testing.assert_allclose(xp.linalg.solve(x1, real).numpy(), np.linalg.solve(a, vector.real), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("n", SIZES)
def test_determinants_at_every_size(device: Any, dtype: str, n: int) -> None:
    a = normal(n, 2, n, n).astype(dtype)
    expected = np.linalg.slogdet(a.astype("complex128"))
    x = xp.asarray(a, device=device)
    sign, logabsdet = xp.linalg.slogdet(x)
    bound = 500 * unit(a)
    np.testing.assert_allclose(sign.numpy(), expected.sign, rtol=0, atol=bound)
    np.testing.assert_allclose(logabsdet.numpy(), expected.logabsdet, rtol=0, atol=bound)
    assert sign.dtype is getattr(xp, dtype)
    assert logabsdet.dtype is (xp.float32 if dtype == "complex64" else xp.float64)
    if n < 30:
        value = np.exp(expected.logabsdet) * expected.sign
        np.testing.assert_allclose(xp.linalg.det(x).numpy(), value, rtol=bound)


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_no_intermediate_leaves_the_range(device: Any, scale: float) -> None:
    a = (normal(3, 40, 40) * scale).astype("complex64")
    expected = np.linalg.slogdet(a.astype("complex128"))
    found = xp.linalg.slogdet(xp.asarray(a, device=device))
    np.testing.assert_allclose(found.sign.numpy(), expected.sign, atol=1e-4)
    np.testing.assert_allclose(found.logabsdet.numpy(), expected.logabsdet, rtol=1e-6)
    inverse = xp.linalg.inv_ex(xp.asarray(a, device=device)).inverse.numpy().astype("complex128")
    assert norm(np.eye(40) - inverse @ a) < BOUND * unit(a) * norm(a.astype("complex128")) * norm(inverse)


def test_bad_matrices_of_a_batch_spoil_no_other(device: Any, dtype: str) -> None:
    a = normal(4, 4, 20, 20).astype(dtype)
    a[1], a[2, 3, 4], a[3, 0, 0] = 0, complex(0, np.nan), complex(np.inf, 0)
    x = xp.asarray(a, device=device)
    inverse, info, rcond = (y.numpy() for y in xp.linalg.inv_ex(x))
    assert info.tolist() == [0, 1, 0, 0]
    assert np.isfinite(inverse[0]).all()
    assert np.isnan(inverse[1:]).all()
    assert rcond[1] == 0
    assert np.isnan(rcond[2:]).all()
    sign, logabsdet = (y.numpy() for y in xp.linalg.slogdet(x))
    assert np.isfinite([sign[0], logabsdet[0]]).all()
    assert (sign[1], logabsdet[1]) == (0, -np.inf)
    assert np.isnan(sign[2:]).all()
    assert np.isnan(logabsdet[2:]).all()


def test_singular_matrices_raise(device: Any) -> None:
    a = np.broadcast_to(np.eye(3, dtype="complex64"), (2, 3, 3)).copy()
    a[1] = 1j
    x = xp.asarray(a, device=device)
    for function in (xp.linalg.inv, lambda x: xp.linalg.solve(x, x)):
        with pytest.raises(LinAlgError, match=r": matrix 1 of the batch is singular: the pivot of step 2 is zero$"):
            function(x)


def test_ill_conditioned_matrices_warn(device: Any) -> None:
    with pytest.warns(IllConditionedWarning) as warned:
        xp.linalg.inv(xp.asarray(np.diag([1, 1e-12j]).astype("complex64"), device=device))
    assert [str(w.message) for w in warned] == [
        "inv: the matrix is ill-conditioned: rcond 1e-12 is below complex64's epsilon 1.2e-07, "
        "its inverse may hold no correct digits; compute in complex128, or take rcond from inv_ex"
    ]


@pytest.mark.parametrize("shape", [(0, 0), (3, 0, 0), (0, 4, 4)])
def test_empty_operands(device: Any, shape: tuple[int, ...]) -> None:
    x = xp.zeros(shape, dtype=xp.complex64, device=device)
    assert xp.linalg.inv(x).shape == shape
    np.testing.assert_array_equal(xp.linalg.det(x).numpy(), np.ones(shape[:-2], "complex64"))


def test_complex_matrices_have_the_kernels_of_real_ones(device: Any) -> None:
    x = xp.asarray(np.eye(2, dtype="complex64"), device=device)
    assert xp.linalg.kernel_for(x) == xp.linalg.kernel_for(xp.real(x)) == "gauss_jordan_thread"
