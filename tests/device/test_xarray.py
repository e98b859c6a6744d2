"""xarray over tensors: what docs/consumers.md says stays on the device does, and has the values that NumPy's arrays give."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp

xr = pytest.importorskip("xarray", reason="xarray is not installed; the extra 'arrays' has it")

pytestmark = pytest.mark.any_limits

H = np.random.default_rng(0).standard_normal((4, 3, 5)).astype("float32")
H[1, 2, 3] = np.nan
BATCH = np.random.default_rng(1).standard_normal((4, 3, 3)).astype("float32")


def _as_numpy(device: Any) -> Any:
    """As many axes as `_on_device`, and the same labels."""
    return xr.DataArray(H, dims=("t", "y", "x"), coords={"t": np.arange(4), "y": [10, 20, 30]})


def _on_device(device: Any) -> Any:
    return _as_numpy(device).copy(data=xp.asarray(H, device=device))


def _assigned(a: Any) -> Any:
    a = a.copy(deep=True)
    a[{"t": 0}] = 9.0
    a.loc[{"y": 10}] = 3
    return a


# What is computed from an array of axes t, y and x.
STAYS: dict[str, Callable[[Any], Any]] = {
    "arithmetic": lambda a: (a + 1) * 2 - a / 3,
    "comparison": lambda a: (a > 0) | (a < -1),
    "broadcast by name": lambda a: a - a.mean("t"),
    "mean": lambda a: a.mean(["t", "x"]),
    "mean of all": lambda a: a.mean(),
    "std": lambda a: a.std("x", ddof=1),
    "var": lambda a: a.var("y"),
    "sum": lambda a: a.sum("x"),
    "prod": lambda a: a.prod("x"),
    "max": lambda a: a.max("x"),
    "min with NaN": lambda a: a.min("x", skipna=False),
    "count": lambda a: a.count("x"),
    "cumsum": lambda a: a.cumsum("t"),
    "isel": lambda a: a.isel(t=1, x=slice(1, 4)),
    "isel of a list": lambda a: a.isel(t=[0, 2]),
    "sel": lambda a: a.sel(y=20),
    "where": lambda a: a.where(a > 0, 0.0),
    "where of both": lambda a: xr.where(a > 0, a, -a),
    "isnull": lambda a: a.isnull(),
    "fill": lambda a: xr.where(a.isnull(), 7.0, a),
    "transpose": lambda a: a.transpose("x", ...),
    "stack": lambda a: a.stack(z=("y", "x")).unstack("z"),
    "concat": lambda a: xr.concat([a, a], "t"),
    "groupby": lambda a: a.groupby(xr.DataArray([0, 0, 1], dims="y", name="g")).mean(),
    "coarsen": lambda a: a.coarsen(t=2).mean(),
    "roll": lambda a: a.roll(t=1),
    "shift": lambda a: a.shift(t=1, fill_value=0),
    "pad": lambda a: a.pad(t=1, constant_values=0),
    "diff": lambda a: a.diff("t"),
    "dot": lambda a: xr.dot(a.isel(t=0), a.isel(t=3), dim="x"),
    "clip": lambda a: a.clip(-1, 1),
    "ufuncs": lambda a: xr.ufuncs.exp(a),
    "astype": lambda a: a.isel(t=0).astype("int32"),
    "sortby": lambda a: a.sortby("y", ascending=False),
    "alignment": lambda a: a.isel(t=slice(0, 2)) + a,
    "assignment": _assigned,
    "pickle": lambda a: pickle.loads(pickle.dumps(a)),
    "dataset": lambda a: xr.Dataset({"a": a, "b": a * 2}).mean("t")["b"],
}


@pytest.mark.parametrize("name", STAYS)
def test_what_stays_on_the_device(device: Any, name: str) -> None:
    found, expected = (STAYS[name](of(device)) for of in (_on_device, _as_numpy))
    assert isinstance(found.data, xp.Tensor)
    assert found.data.device is device
    # With the dtype as NumPy knows it, and its labels.
    xr.testing.assert_allclose(found.as_numpy(), expected, rtol=1e-5, atol=1e-6)


def test_inverses_by_apply_ufunc(device: Any) -> None:
    batch = xr.DataArray(xp.asarray(BATCH, device=device), dims=("t", "i", "j"))
    found = xr.apply_ufunc(xp.linalg.inv, batch, input_core_dims=[["i", "j"]], output_core_dims=[["j", "i"]])
    assert isinstance(found.data, xp.Tensor)
    assert found.dims == ("t", "j", "i")
    np.testing.assert_allclose(found.to_numpy(), np.linalg.inv(BATCH), rtol=1e-3, atol=1e-4)
    identity = xr.dot(batch, found.rename(i="k"), dim="j")
    np.testing.assert_allclose(identity.to_numpy(), np.broadcast_to(np.eye(3), (4, 3, 3)), atol=1e-4)


@pytest.mark.parametrize("function", [lambda a: a.median("x"), lambda a: a.argmax("y")], ids=["median", "argmax"])
def test_what_becomes_numpys(device: Any, function: Callable[[Any], Any]) -> None:
    a = _on_device(device)
    assert isinstance(function(a).data, np.ndarray)
    np.testing.assert_allclose(function(a).data, function(_as_numpy(device)).data)


@pytest.mark.parametrize(
    ("function", "error", "says"),
    [
        (lambda a: a.where(a > 0), TypeError, "must be one of an extension array dtype or numpy dtype"),
        (lambda a: a.isel(t=xr.DataArray([0, 2], dims="p"), y=xr.DataArray([1, 2], dims="p")), TypeError, "Vectorized"),
        (np.exp, TypeError, "does not support ufuncs"),
        (lambda a: a * _as_numpy(None), TypeError, "argument of type ndarray is neither a tensor nor a Python scalar"),
    ],
    ids=["missing values", "vectorized indexing", "ufuncs of NumPy", "NumPy beside tensors"],
)
def test_what_is_refused(device: Any, function: Callable[[Any], Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        function(_on_device(device))
