"""Cholesky factors: small residuals around the border of every panel, and matrices that have none."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.errors import LinAlgError
from webgpu_array.execute import run
from webgpu_array.plans.linalg import Cholesky
from webgpu_array.plugins import registry

as_gpu = runpy.run_path(str(Path(__file__).parents[1] / "as_gpu.py"))["as_gpu"]

# Around the squares that invocations hold (4 or 8 rows by order), and where blocks begin on some device.
SIZES = (1, 2, 7, 8, 9, 16, 17, 32, 33, 64, 65, 130)


def normal(dtype: str, seed: int, *shape: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    real = rng.standard_normal(shape)
    return (real + 1j * rng.standard_normal(shape) if dtype.startswith("c") else real).astype(dtype)


def positive(dtype: str, seed: int, *shape: int) -> np.ndarray:
    """Hermitian positive definite matrices, of eigenvalues from about 1 to 4 n."""
    x = normal(dtype, seed, *shape)
    return (x @ x.mT.conj() + np.eye(shape[-1])).astype(dtype)


def error(x: np.ndarray, factor: np.ndarray, upper: bool) -> float:
    """max |x - L Lᴴ| / (n eps max |x|), or of Uᴴ U, in 64-bit arithmetic."""
    wide = factor.astype(np.result_type(factor.dtype, np.float64))
    product = wide.mT.conj() @ wide if upper else wide @ wide.mT.conj()
    return float(abs(product - x).max() / abs(x).max() / np.finfo(x.dtype).eps / x.shape[-1])


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("n", SIZES)
def test_residual_is_small_and_only_one_triangle_is_read(device: Any, inexact: str, n: int, upper: bool) -> None:
    x = positive(inexact, n, 2, n, n)
    unread = np.tri(n, k=-1, dtype=bool) if upper else ~np.tri(n, dtype=bool)
    given = np.where(unread, np.nan, x).astype(inexact)
    factor = xp.linalg.cholesky(xp.asarray(given, device=device), upper=upper)
    assert factor.dtype is getattr(xp, inexact)
    assert not factor.numpy()[:, unread].any()
    assert error(x, factor.numpy(), upper) < 1


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("n", [5, 20, 40, 300])
def test_kernels_agree(device: Any, n: int, upper: bool) -> None:
    """In every configuration, also of a GPU, and in batches that fill no whole number of workgroups."""
    host = positive("float32", 3, 3, n, n)
    x = xp.asarray(host, device=device)
    plan = Cholesky(x.dtype, n, 3, upper)
    for kernel in registry().candidates(plan, x.device):
        for config in [*kernel.configs(plan, x.device), *kernel.configs(plan, as_gpu(x.device))]:
            out, info = xp.zeros_like(x), xp.ones((3,), dtype=xp.int32, device=device)
            run(plan, (out, info, x), x.device, kernel.name, config)
            assert info.tolist() == [0, 0, 0], (kernel.name, config)
            assert error(host, out.numpy(), upper) < 1, (kernel.name, config)


def test_the_diagonal_is_real_and_positive(device: Any) -> None:
    x = positive("complex64", 1, 40, 40) + np.diag(1j * np.arange(40, dtype="float32"))
    factor = xp.linalg.cholesky(xp.asarray(x.astype("complex64"), device=device)).numpy()
    assert (factor.diagonal().real > 0).all()
    assert not factor.diagonal().imag.any()


def test_operands_of_any_layout(as_laid_out: Any) -> None:
    x = positive("float32", 2, 3, 5, 20, 20)
    reversed_twice = x[:, :, ::-1, ::-1]
    for host in (x.swapaxes(0, 1), x[::2], np.broadcast_to(x[:, :1], x.shape), reversed_twice, x.mT):
        assert error(host, xp.linalg.cholesky(as_laid_out(host)).numpy(), upper=False) < 1


@pytest.mark.parametrize("shape", [(0, 0), (3, 0, 0), (0, 4, 4)])
def test_empty_operands(device: Any, shape: tuple[int, ...]) -> None:
    assert xp.linalg.cholesky(xp.zeros(shape, device=device)).shape == shape


@pytest.mark.parametrize("order", [1, 20, 33, 70])
@pytest.mark.parametrize("upper", [False, True])
def test_what_is_not_positive_definite_is_named(device: Any, inexact: str, order: int, upper: bool) -> None:
    x = np.broadcast_to(np.eye(70, dtype=inexact), (2, 3, 70, 70)).copy()
    x[1, 2, order - 1, order - 1] = -1
    with pytest.raises(LinAlgError) as raised:
        xp.linalg.cholesky(xp.asarray(x, device=device), upper=upper)
    assert str(raised.value) == (
        f"cholesky: matrix (1, 2) of the batch is not positive definite: its leading minor of order {order} is not positive"
    )


def test_the_first_of_very_many_matrices_is_named(device: Any) -> None:
    x = np.ones((200_000, 1, 1), "float32")
    for index in (199_999, 131_072, 131_071, 65_535, 0):
        x[index] = -1
        with pytest.raises(LinAlgError, match=f"matrix {index} of the batch .* leading minor of order 1 "):
            xp.linalg.cholesky(xp.asarray(x, device=device))


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_zero_and_nan_are_not_positive(device: Any, value: float) -> None:
    x = np.eye(3, dtype="float32")
    x[1, 1] = value
    with pytest.raises(LinAlgError) as raised:
        xp.linalg.cholesky(xp.asarray(x, device=device))
    assert str(raised.value) == (
        "cholesky: the matrix is not positive definite: its leading minor of order 2 is not positive"
    )


@pytest.mark.parametrize(
    ("x", "kind", "text"),
    [
        (
            np.zeros((2, 3), "float32"),
            LinAlgError,
            "cholesky: the last two axes must be equal, not (2, 3) of x with shape (2, 3)",
        ),
        (np.zeros(3, "float32"), ValueError, "cholesky: x must have shape (..., n, n), not (3,)"),
        (
            np.eye(2, dtype="int32"),
            TypeError,
            "cholesky: x must be floating-point, not int32; convert it with astype(x, float32)",
        ),
    ],
)
def test_operands_that_do_not_fit_are_refused(device: Any, x: np.ndarray, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind) as raised:
        xp.linalg.cholesky(xp.asarray(x, device=device))
    assert str(raised.value) == text
