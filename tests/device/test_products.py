"""Products of every dtype, and what is made of them: as NumPy has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.dtypes import float32, float64
from webgpu_array.errors import LinAlgError
from webgpu_array.execute import run
from webgpu_array.kernels.matmul import MatMulLarge
from webgpu_array.plans.linalg import MatMul
from webgpu_array.tensor import allocate

INTEGERS = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")
NUMBERS = (*INTEGERS, "float32", "float64", "complex64", "complex128")


@pytest.fixture(params=NUMBERS)
def number(request: pytest.FixtureRequest, device: Any) -> str:
    """The name of each numeric type that the device has."""
    if not device.supports(getattr(xp, request.param)):
        pytest.skip(f"{device} has no {request.param}")
    return str(request.param)


def digits(dtype: str, seed: int, *shape: int) -> np.ndarray:
    """Small integers, of which every product and sum is exact, in floats too; narrow integers wrap around."""
    rng = np.random.default_rng(seed)
    low = 0 if dtype.startswith("u") else -50
    real = rng.integers(low, 50, shape)
    return (real + 1j * rng.integers(-50, 50, shape) if dtype.startswith("c") else real).astype(dtype)


def same(found: Any, expected: np.ndarray) -> None:
    assert found.dtype.name == expected.dtype.name
    np.testing.assert_array_equal(found.numpy(), expected)


# One for each kernel: few results of long sums, small tiles, large tiles.
@pytest.mark.parametrize("sizes", [(1, 3, 300), (5, 6, 7), (49, 70, 33), (66, 65, 1)])
def test_matmul_of_every_dtype(device: Any, number: str, sizes: tuple[int, int, int]) -> None:
    m, n, k = sizes
    x1, x2 = digits(number, 1, 2, m, k), digits(number, 2, 2, k, n)
    same(xp.matmul(xp.asarray(x1, device=device), xp.asarray(x2, device=device)), x1 @ x2)


@pytest.mark.parametrize("dtype", ["int64", "uint64"])
@pytest.mark.parametrize("sizes", [(1, 3, 300), (5, 6, 7), (49, 70, 33)])
def test_matmul_of_integers_in_two_words(bare_device: Any, dtype: str, sizes: tuple[int, int, int]) -> None:
    m, n, k = sizes
    rng = np.random.default_rng(0)
    x1, x2 = (rng.integers(0, 2**64, shape, "uint64").view(dtype) for shape in ((m, k), (k, n)))
    same(xp.matmul(xp.asarray(x1, device=bare_device), xp.asarray(x2, device=bare_device)), x1 @ x2)


@pytest.mark.parametrize("dtype", [float32, float64, xp.int32])
@pytest.mark.parametrize("sizes", [(1, 1540, 1548, 68), (16, 384, 388, 64), (1, 258, 132, 100)])
def test_large_tiles_hold_at_every_edge(device: Any, dtype: Any, sizes: tuple[int, int, int, int]) -> None:
    batch, m, n, k = sizes
    plan = MatMul(dtype, batch, m, n, k, (m * n, n, 1), (m * k, k, 1), (k * n, n, 1))
    reason = MatMulLarge().why_not(plan, device) if device.supports(dtype) else f"{device} has no {dtype.name}"
    if reason:
        pytest.skip(reason)
    x1, x2 = digits(dtype.name, 1, batch, m, k), digits(dtype.name, 2, batch, k, n)
    out = allocate((batch, m, n), dtype, device)
    run(plan, (out, xp.asarray(x1, device=device), xp.asarray(x2, device=device)), device, "matmul_large")
    same(out, x1 @ x2)


def test_large_products_of_any_layout(device: Any) -> None:
    x1, x2 = digits("float32", 1, 10, 260, 256), digits("float32", 2, 256, 1036)
    left, right = xp.asarray(x1, device=device), xp.asarray(x2, device=device)
    same(left @ right, x1 @ x2)
    transposed = xp.asarray(np.ascontiguousarray(x2.T), device=device).T
    same(left[:, ::-1] @ transposed, x1[:, ::-1] @ x2)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"dtype": xp.int16}, "WGSL has no vectors of this type that it multiplies as they are stored"),
        ({"dtype": xp.complex64}, "WGSL has no vectors of this type that it multiplies as they are stored"),
        ({"n": 2046, "out_steps": (1, 2046, 1), "x2_steps": (1, 2046, 1)}, "rows of the result are not whole vectors of 4 that follow each other"),
        ({"x2_steps": (1, 4096, 2)}, "an operand has neither rows nor columns of whole vectors of 4"),
    ],
)
def test_matmul_large_says_why_not(device: Any, change: dict[str, Any], reason: str) -> None:
    sizes = {"dtype": float32, "batch": 1, "m": 2048, "n": 2048, "k": 2048}
    steps = {"out_steps": (1, 2048, 1), "x1_steps": (1, 2048, 1), "x2_steps": (1, 2048, 1)}
    assert MatMulLarge().why_not(MatMul(**{**sizes, **steps, **change}), device) == reason


def test_narrow_results_have_tiles_of_their_own_on_gpus(device: Any) -> None:
    narrow = MatMul(float32, 1, 48, 2048, 2048, (1, 2048, 1), (1, 2048, 1), (1, 2048, 1))
    expected = "the tiles are larger than the result" if device.kind == "software" else None
    assert MatMulLarge().why_not(narrow, device) == expected


def test_vecdot_conjugates_its_first_argument(device: Any, number: str) -> None:
    x1, x2 = digits(number, 1, 4, 3, 5), digits(number, 2, 3, 5)
    a, b = xp.asarray(x1, device=device), xp.asarray(x2, device=device)
    same(xp.vecdot(a, b), np.vecdot(x1, x2))
    same(xp.linalg.vecdot(a, b, axis=-2), np.vecdot(x1, x2, axis=-2))


def test_cross_of_every_dtype(device: Any, number: str) -> None:
    x1, x2 = digits(number, 1, 4, 2, 3), digits(number, 2, 2, 3)
    same(xp.linalg.cross(xp.asarray(x1, device=device), xp.asarray(x2, device=device)), np.cross(x1, x2))
    y1, y2 = x1.mT.copy(), x2.mT.copy()
    found = xp.linalg.cross(xp.asarray(y1, device=device), xp.asarray(y2, device=device), axis=-2)
    same(found, np.cross(x1, x2).mT)


def test_diagonals_and_traces(device: Any, number: str) -> None:
    host = digits(number, 1, 2, 3, 5)
    x = xp.asarray(host, device=device)
    for offset in (-4, -2, 0, 1, 4, 7):
        same(xp.linalg.diagonal(x, offset=offset), host.diagonal(offset, -2, -1))
        expected = host.trace(offset, -2, -1)
        found = xp.linalg.trace(x, offset=offset)
        np.testing.assert_array_equal(found.numpy(), expected)
        assert found.dtype is xp.sum(x).dtype
    same(xp.linalg.trace(x, dtype=x.dtype), host.trace(0, -2, -1, dtype=number))


def test_a_diagonal_is_a_view(device: Any) -> None:
    x = xp.zeros((3, 3), device=device)
    xp.linalg.diagonal(x, offset=1)[...] = 7
    np.testing.assert_array_equal(x.numpy(), np.diag([7, 7], 1))


def test_offsets_and_axes_may_be_numpy_integers(device: Any) -> None:
    x = xp.ones((2, 2), device=device)
    shape = xp.linalg.diagonal(x, offset=np.int64(1)).shape
    assert shape == (1,)
    assert type(shape[0]) is int
    same(xp.tensordot(x, x, axes=np.int64(1)), np.full((2, 2), 2, "float32"))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 6])
def test_powers_of_matrices(device: Any, number: str, n: int) -> None:
    host = (digits(number, 1, 2, 3, 3) % 5 if number in INTEGERS else digits(number, 1, 2, 3, 3) / 64).astype(number)
    found = xp.linalg.matrix_power(xp.asarray(host, device=device), n)
    assert found.dtype.name == number
    np.testing.assert_allclose(found.numpy(), np.linalg.matrix_power(host, n), rtol=1e-4, atol=1e-6)


def test_powers_of_inverses(device: Any, inexact: str) -> None:
    host = (digits(inexact, 1, 2, 4, 4) / 64 + np.eye(4)).astype(inexact)
    found = xp.linalg.matrix_power(xp.asarray(host, device=device), -3).numpy()
    np.testing.assert_allclose(found @ np.linalg.matrix_power(host, 3), np.broadcast_to(np.eye(4), (2, 4, 4)), atol=1e-2)


def test_first_power_is_a_copy(device: Any) -> None:
    x = xp.eye(3, device=device)
    xp.linalg.matrix_power(x, 1)[...] = 7
    np.testing.assert_array_equal(x.numpy(), np.eye(3))


def test_outer_and_tensordot_of_complex_numbers_do_not_conjugate(device: Any) -> None:
    x1, x2 = digits("complex64", 1, 3, 4), digits("complex64", 2, 4, 3)
    a, b = xp.asarray(x1, device=device), xp.asarray(x2, device=device)
    same(xp.linalg.outer(a[0], b[:, 0]), np.outer(x1[0], x2[:, 0]))
    same(xp.tensordot(a, b, axes=1), np.tensordot(x1, x2, axes=1))
    same(xp.linalg.tensordot(a, b, axes=((0, 1), (1, 0))), np.tensordot(x1, x2, axes=((0, 1), (1, 0))))


def test_empty_operands(device: Any) -> None:
    x = xp.zeros((0, 3), device=device)
    assert xp.linalg.cross(x, x).shape == (0, 3)
    same(xp.vecdot(x, x, axis=0), np.zeros(3, "float32"))
    assert xp.linalg.diagonal(x).shape == (0,)
    assert float(xp.linalg.trace(x)) == 0
    assert xp.linalg.matrix_power(xp.zeros((2, 0, 0), device=device), 3).shape == (2, 0, 0)


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (
            lambda x: xp.linalg.cross(x, x),
            ValueError,
            "cross: axis -1 of x1 with shape (2, 4) and of x2 with shape (2, 4) must have 3 elements",
        ),
        (
            lambda x: xp.linalg.cross(x, x[0]),
            ValueError,
            "cross: axis -1 of x1 with shape (2, 4) and of x2 with shape (4,) must have 3 elements",
        ),
        (
            lambda x: xp.linalg.cross(x[:, :3], xp.ones((5, 3), device=x.device)),
            ValueError,
            "cross: the axes of x1 with shape (2, 3) and x2 with shape (5, 3) besides axis -1 do not broadcast",
        ),
        (
            lambda x: xp.vecdot(x, xp.ones((2, 3), device=x.device), axis=0),
            ValueError,
            "vecdot: the axes of x1 with shape (2, 4) and x2 with shape (2, 3) besides axis 0 do not broadcast",
        ),
        (
            lambda x: xp.linalg.trace(xp.astype(x, xp.bool)),
            TypeError,
            "trace: x must be numeric, not bool; convert it with astype(x, int32)",
        ),
        (lambda x: xp.linalg.diagonal(x[0]), ValueError, "diagonal: x must have shape (..., M, N), not (4,)"),
        (
            lambda x: xp.linalg.outer(x, x),
            ValueError,
            "outer: x1 and x2 must have one axis each, not shapes (2, 4) and (2, 4)",
        ),
        (
            lambda x: xp.linalg.matrix_power(x, 2),
            LinAlgError,
            "matrix_power: the last two axes must be equal, not (2, 4) of x with shape (2, 4)",
        ),
        (
            lambda x: xp.linalg.matrix_power(x[:, :2], 0.5),
            TypeError,
            "matrix_power: n must be an integer, not 0.5",
        ),
        (
            lambda x: xp.linalg.matrix_power(xp.astype(x[:, :2], xp.int32), -1),
            TypeError,
            "matrix_power: x must be floating-point, not int32; convert it with astype(x, float32)",
        ),
        (lambda x: xp.linalg.diagonal(x, offset=1.5), TypeError, "diagonal: offset must be an integer, not 1.5"),
        (lambda x: xp.linalg.trace(x, offset=None), TypeError, "trace: offset must be an integer, not None"),
        (
            lambda x: xp.tensordot(x, x, axes=([0, -2], [0, 1])),
            ValueError,
            "tensordot: axis [0, -2] names an axis twice",
        ),
        (
            lambda x: xp.tensordot(x, x, axes=(0, 0)),
            TypeError,
            "tensordot: axes must be an integer or two sequences of integers, not (0, 0)",
        ),
        (
            lambda x: xp.tensordot(x, x, axes=3),
            ValueError,
            "tensordot: axes is 3; use 0 to 2 for x1 with shape (2, 4) and x2 with shape (2, 4)",
        ),
    ],
)
def test_what_does_not_fit_is_refused(device: Any, call: Any, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind) as raised:
        call(xp.ones((2, 4), device=device))
    assert str(raised.value) == text
