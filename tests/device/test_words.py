"""64-bit integers on a device without them, two words each: as NumPy computes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array import dtypes
from webgpu_array.ops.elementwise import TABLE, apply

# Both sides of every carry, borrow and sign.
WORDS = [0, 1, 2, 3, 7, 10, 31, 32, 33, 63, 64, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**32 + 1, 10**12, 2**53 + 1]
VALUES = {
    "int64": np.array([*WORDS, *(-w for w in WORDS), 2**63 - 1, 2**62, -(2**62), -(2**63) + 1, -(2**63)], "int64"),
    "uint64": np.array([*WORDS, 2**63 - 1, 2**63, 2**63 + 1, 10**19, 2**64 - 2, 2**64 - 1], "uint64"),
}
NUMPY: dict[str, Callable[..., Any]] = {
    "abs": np.absolute,
    "bitwise_left_shift": np.left_shift,
    "bitwise_right_shift": np.right_shift,
    "round": np.rint,
    "pow": lambda base, exponent: integer_powers(base, exponent),
}
UNCHANGED = ("ceil", "floor", "round", "trunc", "conj", "real", "positive")
INTEGER_ROWS = sorted(
    name
    for name, row in TABLE.items()
    if row.arity < 3 and all(dtypes.is_kind(dtype, row.kind) for dtype in (dtypes.int64, dtypes.uint64))
)


@pytest.fixture(params=["int64", "uint64"])
def dtype(request: pytest.FixtureRequest) -> str:
    """The name of each type of 64-bit integers."""
    return str(request.param)


def pairs(dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """Every value beside every other, and numbers of all magnitudes."""
    first, second = (a.reshape(-1) for a in np.meshgrid(VALUES[dtype], VALUES[dtype]))
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2**64, (2, 2000), "uint64") >> rng.integers(0, 64, (2, 2000), "uint64")
    more = np.where(rng.random((2, 2000)) < 0.5, bits, -bits).astype("uint64").view(dtype)
    return np.concatenate([first, more[0]]), np.concatenate([second, more[1]])


def integer_powers(base: np.ndarray, exponent: np.ndarray) -> np.ndarray:
    """``base ** exponent`` modulo 2**64, cut to integers where the exponent is negative."""
    found = []
    for b, e in zip(base.tolist(), exponent.tolist(), strict=True):
        found.append(pow(b, e, 2**64) if e >= 0 else {1: 1, -1: -1 if e % 2 else 1}.get(b, 0) % 2**64)
    return np.array(found, "uint64").view(base.dtype)


@pytest.mark.parametrize("name", INTEGER_ROWS)
def test_every_row_for_integers_matches_numpy(bare_device: Any, dtype: str, name: str) -> None:
    hosts = pairs(dtype)[: TABLE[name].arity]
    found = apply(TABLE[name], *(xp.asarray(host, device=bare_device) for host in hosts))
    with np.errstate(all="ignore"):
        expected = hosts[0] if name in UNCHANGED else NUMPY.get(name, getattr(np, name, None))(*hosts)
    assert found.dtype.name == expected.dtype.name
    np.testing.assert_array_equal(found.numpy(), expected)


def test_where_and_python_scalars(bare_device: Any, dtype: str) -> None:
    host = VALUES[dtype]
    x = xp.asarray(host, device=bare_device)
    np.testing.assert_array_equal((x + 5).numpy(), host + host.dtype.type(5))
    np.testing.assert_array_equal((x * (2**40 + 3)).numpy(), host * host.dtype.type(2**40 + 3))
    np.testing.assert_array_equal(xp.where(x > 2**32, x, 2**62).numpy(), np.where(host > 2**32, host, 2**62))


def test_clip_keeps_to_the_bounds(bare_device: Any, dtype: str) -> None:
    host, low = pairs(dtype)
    high = np.maximum(low, np.roll(low, 1))
    x, least, most = (xp.asarray(a, device=bare_device) for a in (host, low, high))
    np.testing.assert_array_equal(xp.clip(x, least, most).numpy(), np.clip(host, low, high))
    np.testing.assert_array_equal(xp.clip(x, 5, 2**40).numpy(), np.clip(host, 5, 2**40))


def test_quotients_are_of_the_default_floating_type(bare_device: Any, dtype: str) -> None:
    host = VALUES[dtype][1:]
    found = xp.divide(xp.asarray(host, device=bare_device), 3)
    assert found.dtype is xp.float32
    np.testing.assert_allclose(found.numpy(), host / 3, rtol=1e-6)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("int64", "int32", "int64"),
        ("int8", "int64", "int64"),
        ("int64", "uint32", "int64"),
        ("int32", "uint32", "int64"),
        ("uint64", "uint8", "uint64"),
        ("int64", "float32", "float32"),
        ("uint64", "complex64", "complex64"),
    ],
)
def test_mixed_types_promote(bare_device: Any, first: str, second: str, expected: str) -> None:
    x1, x2 = np.array([100, 1, 0], first), np.array([3, 127, 2], second)
    found = xp.subtract(xp.asarray(x1, device=bare_device), xp.asarray(x2, device=bare_device))
    assert found.dtype.name == expected
    np.testing.assert_array_equal(found.numpy(), x1.astype(expected) - x2.astype(expected))


@pytest.mark.parametrize("other", [d.name for d in dtypes.ALL if d.name not in ("float16", "float64", "complex128")])
def test_conversions_match_numpy(bare_device: Any, dtype: str, other: str) -> None:
    host = VALUES[dtype]
    x = xp.asarray(host, device=bare_device)
    np.testing.assert_array_equal(x.astype(dtypes.BY_NAME[other]).numpy(), host.astype(other))
    if other in ("float32", "complex64"):
        source = np.array([0.0, -0.0, 0.9, 1.5, 1e3, 2**23 + 1, 2**24 + 2, 2**31, 2**32, 1e12, 2**62 * 1.75], "float32")
        source = np.concatenate([source, -source]) if dtype == "int64" else source
    else:
        source = np.array([0, 1, 2, 100, 127]).astype(other)
        if np.dtype(other).kind == "i":
            source = np.concatenate([source, -source, [np.iinfo(other).min]]).astype(other)
    if other != "complex64":
        found = xp.asarray(source, device=bare_device).astype(dtypes.BY_NAME[dtype])
        np.testing.assert_array_equal(found.numpy(), source.astype(dtype))


def test_floats_are_rounded_to_the_nearest(bare_device: Any, dtype: str) -> None:
    """Halves between neighbours of every binade, and what lies just beside them."""
    magnitude = [2**24 + 1 << k for k in range(38)] + [2**24 + 3 << k for k in range(38)] + [2**25 - 1 << k for k in range(38)]
    host = np.array([m + d for m in magnitude for d in (-1, 0, 1)], dtype)
    host = np.concatenate([host, -host]) if dtype == "int64" else host
    np.testing.assert_array_equal(xp.asarray(host, device=bare_device).astype(xp.float32).numpy(), host.astype("float32"))


def test_floats_beyond_the_range_give_its_ends(bare_device: Any, dtype: str) -> None:
    x = xp.asarray(np.array([2.0**63, 2.0**64, 1e30, np.inf, -(2.0**63), -1e30, -np.inf, np.nan], "float32"), device=bare_device)
    low, high = dtypes.integer_range(dtypes.BY_NAME[dtype])
    first = high if dtype == "int64" else 2**63
    assert x.astype(dtypes.BY_NAME[dtype]).numpy().tolist() == [first, high, high, high, low, low, low, 0]


@pytest.mark.parametrize("name", ["sum", "prod", "max", "min", "any", "all"])
@pytest.mark.parametrize("shape", [(3, 1000), (2000, 3), (7,), (1, 1)])
def test_reductions_match_numpy(bare_device: Any, dtype: str, name: str, shape: tuple[int, ...]) -> None:
    host = np.random.default_rng(1).integers(0, 2**64, shape, "uint64").view(dtype)
    host[..., 0] = 0 if name == "all" else host[..., 0]
    x = xp.asarray(host, device=bare_device)
    for axis in (None, 0, -1):
        found = getattr(xp, name)(x, axis=axis)
        np.testing.assert_array_equal(found.numpy(), getattr(np, name)(host, axis=axis))


def test_sums_of_other_types_widen_to_words(bare_device: Any) -> None:
    small = np.array([-(2**31), -(2**31), 5], "int32")
    assert int(xp.sum(xp.asarray(small, device=bare_device), dtype=xp.int64)) == -(2**32) + 5
    unsigned = np.full(3, 2**32 - 1, "uint32")
    assert int(xp.sum(xp.asarray(unsigned, device=bare_device), dtype=xp.uint64)) == 3 * (2**32 - 1)
    flags = xp.asarray(np.array([True, False, True]), device=bare_device)
    assert int(xp.sum(flags, dtype=xp.int64)) == 2


def test_counts_of_nonzero_elements_are_words_where_asked_for(bare_device: Any) -> None:
    xp.set_default_dtypes(integral="int64")
    try:
        for host in (np.array([True, False, True]), np.array([2**32, 0, -1]), np.array([0.0, np.nan, 2.0], "float32")):
            found = xp.count_nonzero(xp.asarray(host, device=bare_device))
            assert (found.dtype, int(found)) == (xp.int64, 2)
    finally:
        xp.set_default_dtypes()


def test_creation_matches_numpy(bare_device: Any, dtype: str) -> None:
    wanted = dtypes.BY_NAME[dtype]
    for start, stop, step in ((0, 300, 1), (2**40, 2**41, 2**34 + 7), (2**62, 2**62 + 9, 3)):
        found = xp.arange(start, stop, step, dtype=wanted, device=bare_device)
        np.testing.assert_array_equal(found.numpy(), np.arange(start, stop, step, dtype))
    assert xp.full((2, 2), 2**63 - 1, dtype=wanted, device=bare_device).numpy().tolist() == [[2**63 - 1] * 2] * 2
    assert xp.ones(3, dtype=wanted, device=bare_device).numpy().tolist() == [1, 1, 1]
    np.testing.assert_array_equal(xp.eye(3, dtype=wanted, device=bare_device).numpy(), np.eye(3, dtype=dtype))


def test_negative_progressions_match_numpy(bare_device: Any) -> None:
    found = xp.arange(2**33, -(2**33), -(2**30) - 1, dtype=xp.int64, device=bare_device)
    np.testing.assert_array_equal(found.numpy(), np.arange(2**33, -(2**33), -(2**30) - 1, "int64"))


def test_views_and_taken_elements(bare_device: Any, dtype: str) -> None:
    host = np.random.default_rng(2).integers(0, 2**64, (5, 6), "uint64").view(dtype)
    x = xp.asarray(host, device=bare_device)
    np.testing.assert_array_equal((x.T[::-1, 1::2] + 1).numpy(), host.T[::-1, 1::2] + host.dtype.type(1))
    indices = xp.asarray(np.array([4, 0, -1], "int32"), device=bare_device)
    np.testing.assert_array_equal(xp.take(x, indices, axis=1).numpy(), host[:, [4, 0, -1]])


def test_random_integers_are_those_of_a_device_that_has_them(bare_device: Any, device: Any, dtype: str) -> None:
    if "shader-int64" not in device.features:
        pytest.skip(f"{device} has no 64-bit integers to compare with; tests/device/test_random.py has a reference")
    wanted = dtypes.BY_NAME[dtype]
    for low, high in ((0, 2**63 - 1), (3, 2**40 + 4), (0, 10)):
        found, expected = (
            xp.random.default_rng(5).integers(low, high, 300, dtype=wanted, device=d).numpy() for d in (bare_device, device)
        )
        np.testing.assert_array_equal(found, expected)
