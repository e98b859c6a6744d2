"""Every function of array-api-extra on tensors, beside NumPy, and every helper of array-api-compat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import array_api_compat as compat
import array_api_extra as xpx
import numpy as np
import pytest
from array_api_compat.common import _helpers
from array_api_extra import testing

import webgpu_array as xp
from webgpu_array.dtypes import as_dtype, narrowed

# What the standard has since 2025.12 is deprecated there, and here all the same.
pytestmark = pytest.mark.filterwarnings("ignore:`xpx:DeprecationWarning")

A = np.arange(1, 13, dtype="float32").reshape(3, 4) / 7
GAPS = np.where(A > 1.5, np.float32(np.nan), A)

# Functions of array-api-extra, by name and case: what to compute from an array, its namespace, and how a host array gets into it.
EXTRA: dict[str, Callable[[Any, Any, Callable[[Any], Any]], Any]] = {
    "angle": lambda a, m, to: xpx.angle(a - 1, deg=True),
    "angle complex": lambda a, m, to: xpx.angle(a + 1j * (1 - a)),
    "apply_where": lambda a, m, to: xpx.apply_where(a > 1, a, lambda x: 1 / x, fill_value=-1.0),
    "apply_where two": lambda a, m, to: xpx.apply_where(a > 1, (a, 2 * a), lambda x, y: x * y, lambda x, y: x - y),
    "argpartition": lambda a, m, to: m.sort(xpx.argpartition(-a, 2, axis=1)[:, :2], axis=1),
    **{
        f"at {name}": lambda a, m, to, name=name: getattr(xpx.at(a)[1:, ::2], name)(2.0)
        for name in ("set", "add", "subtract", "multiply", "divide", "power", "min", "max")
    },
    "at mask": lambda a, m, to: xpx.at(a)[a > 1].set(0.0),
    "at in place": lambda a, m, to: xpx.at(a, (slice(None), 1)).add(5.0, copy=False),
    "atleast_nd": lambda a, m, to: xpx.atleast_nd(a, ndim=4),
    "cov": lambda a, m, to: xpx.cov(a),
    "cov weighted": lambda a, m, to: xpx.cov(a, aweights=a[0, :], fweights=to(np.arange(1, 5))),
    "create_diagonal": lambda a, m, to: xpx.create_diagonal(a, offset=1),
    "deg2rad": lambda a, m, to: xpx.deg2rad(a),
    "expand_dims": lambda a, m, to: xpx.expand_dims(a, axis=(0, -1)),
    "isclose": lambda a, m, to: xpx.isclose(a, a + to(np.float32(1e-7))),
    "isclose NaN": lambda a, m, to: xpx.isclose(to(GAPS), to(GAPS), equal_nan=True),
    "isin": lambda a, m, to: xpx.isin(a, a[:, 1], invert=True),
    "kron": lambda a, m, to: xpx.kron(a, a[:2, :]),
    "lazy_apply": lambda a, m, to: xpx.lazy_apply(np.sort, -a, as_numpy=True, shape=a.shape, dtype=a.dtype),
    "lazy_apply own": lambda a, m, to: xpx.lazy_apply(m.exp, a),
    "nan_to_num": lambda a, m, to: xpx.nan_to_num(to(GAPS), fill_value=3.0),
    "nanmax": lambda a, m, to: xpx.nanmax(to(GAPS), axis=1),
    "nanmean": lambda a, m, to: xpx.nanmean(to(GAPS), axis=0),
    "nanmin": lambda a, m, to: xpx.nanmin(to(GAPS)),
    "nansum": lambda a, m, to: xpx.nansum(to(GAPS), axis=(0, 1)),
    "nunique": lambda a, m, to: xpx.nunique(m.concat([a, a])),
    "one_hot": lambda a, m, to: xpx.one_hot(m.argmax(a, axis=0), 3, dtype=m.float32),
    "pad": lambda a, m, to: xpx.pad(a, ((1, 2), (0, 1)), constant_values=9.0),
    "partition": lambda a, m, to: m.sort(xpx.partition(-a, 2, axis=1)[:, :2], axis=1),
    "rad2deg": lambda a, m, to: xpx.rad2deg(a),
    "searchsorted": lambda a, m, to: xpx.searchsorted(a, a + 0.1, side="right"),
    "setdiff1d": lambda a, m, to: xpx.setdiff1d(m.reshape(a, (-1,)), a[1, :]),
    "sinc": lambda a, m, to: xpx.sinc(a),
    "union1d": lambda a, m, to: xpx.union1d(a, a[:, 1] + 9),
    "unravel_index": lambda a, m, to: xpx.unravel_index(m.argmax(a), a.shape)[1],
}
# What takes no array: the namespace and a device.
MADE: dict[str, Callable[[Any, Any], Any]] = {
    "diag_indices": lambda m, device: xpx.diag_indices(3, ndim=3, device=device, xp=m),
    "tril_indices": lambda m, device: xpx.tril_indices(4, offset=1, m=3, device=device, xp=m),
    "triu_indices": lambda m, device: xpx.triu_indices(4, offset=1, device=device, xp=m),
}


def test_every_function_is_here() -> None:
    without_arrays = {"__version__", "broadcast_shapes", "default_dtype", "testing"}
    assert {name.split()[0] for name in (*EXTRA, *MADE)} == set(xpx.__all__) - without_arrays


@pytest.mark.parametrize("name", EXTRA)
def test_functions_of_array_api_extra(device: Any, name: str) -> None:
    found = EXTRA[name](xp.asarray(A, device=device), xp, lambda host: xp.asarray(host, device=device))
    expected = np.asarray(EXTRA[name](A.copy(), np, np.asarray))
    assert isinstance(found, xp.Tensor)
    assert found.device is device
    if expected.dtype.kind == "f":
        assert found.dtype is narrowed(as_dtype(expected.dtype), device)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", MADE)
def test_functions_that_make_indices(device: Any, name: str) -> None:
    found, expected = MADE[name](xp, device), MADE[name](np, "cpu")
    assert [x.device for x in found] == [device] * len(expected)
    np.testing.assert_array_equal([x.numpy() for x in found], expected)


def test_functions_of_shapes_and_dtypes(device: Any) -> None:
    assert xpx.broadcast_shapes((2, 1), (3,), xp=xp) == (2, 3)
    assert xpx.default_dtype(xp, device=device) is xp.float32
    assert xpx.default_dtype(xp, "complex floating", device=device) is xp.complex64


def test_assertions_of_array_api_extra(device: Any) -> None:
    x = xp.asarray(A, device=device)
    testing.assert_equal(x, x + 0)
    testing.assert_close(x, x * (1 + 1e-6))
    testing.assert_close_nulp(x, x)
    testing.assert_less(x, x + 1)
    with pytest.raises(AssertionError):
        testing.assert_equal(x, x + 1)
    # A tensor is not what NumPy's array of the same values is.
    with pytest.raises(AssertionError):
        testing.assert_equal(x, A)


KINDS = [name for name in _helpers.__all__ if name.startswith("is_") and name.endswith(("_array", "_namespace"))]


@pytest.mark.parametrize("name", [name for name in KINDS if name not in ("is_lazy_array", "is_writeable_array")])
def test_tensors_are_of_no_other_library(device: Any, name: str) -> None:
    assert not getattr(compat, name)(xp if name.endswith("_namespace") else xp.ones(2, device=device))


def test_helpers_of_array_api_compat(device: Any) -> None:
    x = xp.asarray(A, device=device)
    assert {name for name in _helpers.__all__ if name not in KINDS} == {
        "array_namespace", "device", "get_namespace", "is_array_api_obj", "size", "to_device"
    }  # fmt: skip
    assert compat.array_namespace(x, 1.0, None) is compat.get_namespace(x, x) is xp
    assert compat.array_namespace(x, api_version="2024.12") is xp
    assert compat.is_array_api_obj(x)
    assert compat.is_writeable_array(x)
    assert not compat.is_lazy_array(x)
    assert compat.device(x) is device
    assert compat.size(x) == 12
    assert compat.to_device(x, device) is x
    with pytest.raises(TypeError, match="Multiple namespaces"):
        compat.array_namespace(x, A)
