"""QR factors: orthonormal columns and small residuals for every shape around the border of a panel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.plans.linalg import QR

# (rows, columns) around the width of a panel (8, 16, 32 by dtype), of tiles (32, 64), and where several meet.
SHAPES = ((1, 1), (1, 5), (5, 1), (7, 8), (9, 9), (17, 16), (33, 33), (40, 70), (70, 33), (130, 20))
MODES = ("reduced", "complete")


def normal(dtype: str, seed: int, *shape: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    real = rng.standard_normal(shape)
    return (real + 1j * rng.standard_normal(shape) if dtype.startswith("c") else real).astype(dtype)


def wide(x: Any) -> np.ndarray:
    host = x.numpy()
    return host.astype(np.result_type(host.dtype, np.float64))


def check(x: np.ndarray, q: Any, r: Any, mode: str) -> None:
    """Shapes, dtypes, orthonormal columns, the triangle, and the product column by column, for finite matrices."""
    m, n = x.shape[-2:]
    k = m if mode == "complete" else min(m, n)
    assert (q.shape, r.shape) == ((*x.shape[:-2], m, k), (*x.shape[:-2], k, n))
    assert q.dtype.name == r.dtype.name == x.dtype.name
    q, r = wide(q), wide(r)
    unit = np.finfo(x.dtype).eps * max(m, n)
    assert abs(q.mT.conj() @ q - np.eye(k)).max() < 2 * unit
    assert (abs(q @ r - x) <= 2 * unit * np.linalg.norm(x.astype(q.dtype), axis=-2, keepdims=True)).all()
    assert not np.tril(r, -1).any()
    assert not r.diagonal(axis1=-2, axis2=-1).imag.any()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", SHAPES)
def test_factors_of_every_shape(device: Any, inexact: str, shape: tuple[int, int], mode: str) -> None:
    x = normal(inexact, 1, 2, *shape)
    check(x, *xp.linalg.qr(xp.asarray(x, device=device), mode=mode), mode)


def test_signs_are_those_of_lapack(device: Any, inexact: str) -> None:
    x = normal(inexact, 2, 40, 20)
    expected = np.linalg.qr(x.astype(np.result_type(x.dtype, np.float64)))
    found = xp.linalg.qr(xp.asarray(x, device=device))
    np.testing.assert_allclose(found.Q.numpy(), expected.Q, atol=100 * np.finfo(inexact).eps)
    np.testing.assert_allclose(found.R.numpy(), expected.R, atol=400 * np.finfo(inexact).eps)


@pytest.mark.parametrize(
    "x",
    [
        np.zeros((40, 40)),
        np.ones((40, 35)),
        np.eye(40)[::-1],
        np.triu(normal("float64", 3, 40, 40)),
        1e30 * normal("float64", 4, 40, 40),
        1e-30 * normal("float64", 5, 40, 40),
        normal("float64", 6, 40, 20) * 10.0 ** -np.linspace(0, 25, 20),
    ],
    ids=["zero", "rank one", "permutation", "triangular", "large", "small", "graded columns"],
)
@pytest.mark.parametrize("mode", MODES)
def test_factors_of_special_matrices(device: Any, dtype: str, x: np.ndarray, mode: str) -> None:
    x = x.astype(dtype)
    check(x, *xp.linalg.qr(xp.asarray(x, device=device), mode=mode), mode)


def test_a_matrix_that_is_not_finite_spoils_no_other(device: Any) -> None:
    x = normal("float32", 7, 3, 20, 20)
    x[0, 3, 0], x[2, 0, 4] = np.nan, np.inf
    q, r = xp.linalg.qr(xp.asarray(x, device=device))
    check(x[1], q[1], r[1], "reduced")
    assert np.isnan(q.numpy()[0]).all()
    assert np.isnan(q.numpy()[2, :, 4:]).all()


@pytest.mark.parametrize("column", [0, 1, 2])
def test_factors_of_a_matrix_that_is_not_finite_hold_nan(device: Any, inexact: str, column: int) -> None:
    x = normal(inexact, 7, 3, 3)
    x[1, column] = np.nan
    q, r = xp.linalg.qr(xp.asarray(x, device=device))
    assert np.isnan(r.numpy()).any()
    assert np.isnan((q.numpy() @ r.numpy())[:, column]).any()


# Blocks of 128 rows on a software adapter: eight chains of five of them, but the last one is a single row.
TALL = (4481, 17)


def test_factors_of_a_tall_matrix_are_as_accurate_as_those_of_a_small_one(device: Any, dtype: str) -> None:
    x = normal(dtype, 10, *TALL)
    q, r = xp.linalg.qr(xp.asarray(x, device=device))
    check(x, q, r, "reduced")
    assert abs(wide(q).T @ wide(q) - np.eye(17)).max() < 32 * np.finfo(dtype).eps


def test_factors_of_special_tall_matrices(device: Any, dtype: str) -> None:
    x = normal(dtype, 11, 6, *TALL)
    x[0] = 0
    x[1] = 1
    x[2] *= 10.0 ** -np.linspace(0, 25, 17)
    x[3] *= 10.0 ** -np.linspace(0, 25, 4481)[:, None]
    x[4, :-1] = 0
    x[5, 2000, 3] = np.inf
    q, r = xp.linalg.qr(xp.asarray(x, device=device))
    check(x[:5], q[:5], r[:5], "reduced")
    errors = abs(wide(q[:5]).mT @ wide(q[:5]) - np.eye(17)).max(axis=(-2, -1)) / np.finfo(dtype).eps
    # Rows that are alike round alike: each of up to 48 additions that make a block's sum errs by half an epsilon to the same side, in
    # finding the length of a reflection's vector and in applying it. It depends on the last bit of quotients and roots to which.
    assert (errors < np.array([32, 96, 32, 32, 32])).all()
    assert np.isnan(q.numpy()[5]).all()


# A software adapter ends all loops of a shader after 65,535 rounds together, and on others one workgroup takes long.
def test_no_workgroup_has_all_rows_of_a_long_matrix_to_itself(own_device: Any) -> None:
    x = normal("complex64", 12, 8193, 17)
    q, r = xp.linalg.qr(xp.asarray(x, device=own_device))
    check(x, q, r, "reduced")
    assert abs(wide(q).T.conj() @ wide(q) - np.eye(17)).max() < 32 * np.finfo("float32").eps
    assert max(plan.m for plan in own_device.programs if isinstance(plan, QR)) < 8192


def test_operands_of_any_layout(as_laid_out: Any) -> None:
    x = normal("float32", 8, 3, 5, 20, 30)
    for host in (x.swapaxes(0, 1), x[::2], np.broadcast_to(x[:, :1], x.shape), x[..., ::-1, ::-1], x.mT, x[1:]):
        check(host, *xp.linalg.qr(as_laid_out(host)), "reduced")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 3, 0), (0, 2, 3)])
def test_empty_operands(device: Any, shape: tuple[int, ...], mode: str) -> None:
    x = np.zeros(shape, "float32")
    check_empty = np.linalg.qr(x, mode=mode)
    q, r = xp.linalg.qr(xp.asarray(x, device=device), mode=mode)
    np.testing.assert_array_equal(q.numpy(), check_empty.Q)
    np.testing.assert_array_equal(r.numpy(), check_empty.R)


def test_batches_whose_scratch_exceeds_a_binding_are_cut(own_device: Any) -> None:
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 16384}
    x = normal("float32", 9, 2, 50, 3, 2)
    check(x, *xp.linalg.qr(xp.asarray(x, device=own_device)), "reduced")


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda d: xp.linalg.qr(xp.zeros(3, device=d)), ValueError, "qr: x must have shape (..., m, n), not (3,)"),
        (
            lambda d: xp.linalg.qr(xp.ones((2, 2), dtype=xp.int32, device=d)),
            TypeError,
            "qr: x must be floating-point, not int32; convert it with astype(x, float32)",
        ),
        (
            lambda d: xp.linalg.qr(xp.ones((2, 2), device=d), mode="raw"),
            ValueError,
            "qr: mode must be 'reduced' or 'complete', not 'raw'",
        ),
    ],
)
def test_what_does_not_fit_is_refused(device: Any, call: Any, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind) as raised:
        call(device)
    assert str(raised.value) == text
