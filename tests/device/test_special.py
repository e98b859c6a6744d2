"""Special functions: against SciPy, at poles and other special values, of every layout, and called by SciPy itself."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest
import scipy.special

import webgpu_array as xp
from webgpu_array import special
from webgpu_array.special.functions import SPECIAL

Array = np.ndarray[Any, Any]

# SciPy: what is measured with mpmath is in docs/special.md.
TOLERANCE = {"float32": 12 * 2.0**-24, "float64": 3e-13}
# Where larger terms than the result cancel, errors are relative to these.
ZEROS = {"gammaln": 1.0, "psi": 4.0, "betaln": 1.0, "polygamma": 1.0, "zeta": 1.0, "sinc": 1.0}
SCIPYS_ZEROS = {"float32": {}, "float64": {"kl_div": 1000.0, "rel_entr": 1.0}}

EDGES = np.array([0.0, -0.0, 1.0, -1.0, 2.0, -2.0, -0.5, 0.5, 3.0, 1.5, -3.5, np.inf, -np.inf, np.nan])
# Limits that SciPy's formulas miss, and NaN that they lose: of arguments with these values nothing is compared.
MISSED: dict[str, Any] = {
    "betaln": lambda a, b: ~np.isfinite(a + b),
    "i0": np.isinf,
    "i1": np.isinf,
    "kl_div": lambda x, y: np.isinf(x) | np.isinf(y),
    "polygamma": lambda n, x: ~np.isfinite(n + x) | (n < 0) | (n != np.floor(n)),
    "stdtrit": lambda v, p: p == 0,
    "zeta": lambda x, q: np.isnan(q) | ~np.isfinite(x),
}


def arguments(name: str, dtype: str) -> list[Array]:
    """Finite arguments where the function changes most."""
    rng = np.random.default_rng(11)
    n = 600
    wide = np.ldexp(1 + rng.random(n), rng.integers(-12, 9, n))
    both = wide * rng.choice([-1, 1], n)
    near = np.concatenate([both, rng.uniform(-6, 6, n)])
    between = np.concatenate([rng.random(n), np.ldexp(1.0, -rng.integers(1, 23, n)), 1 - np.ldexp(1.0, -rng.integers(1, 23, n))])
    other = rng.permutation(wide)
    shapes = np.ldexp(1 + rng.random((2, n)), rng.integers(-4, 8, (2, n)))
    cases: dict[str, tuple[Array, ...]] = {
        **dict.fromkeys(("ndtri", "logit", "erfinv"), (between,)),
        "erfcinv": (np.concatenate([between, 2 - between]),),
        **dict.fromkeys(("rel_entr", "kl_div"), (wide, np.concatenate([other[:300], wide[300:] * (1 + np.ldexp(1.0, -rng.integers(1, 12, n - 300)))]))),
        **dict.fromkeys(("xlogy", "xlog1py"), (both, other)),
        "betaln": (wide, other),
        **dict.fromkeys(("gammainc", "gammaincc", "chdtr", "chdtrc"), (wide, np.abs(wide + np.sqrt(wide) * rng.standard_normal(n)))),
        **dict.fromkeys(("betainc", "betaincc"), (*shapes, rng.beta(*shapes).clip(1e-3, 0.999))),
        "stdtr": (wide, rng.permutation(np.ldexp(1 + rng.random(n), rng.integers(-12, 5, n)) * rng.choice([-1, 1], n))),
        "stdtrit": (1 + shapes[0], np.concatenate([rng.random(n // 2), np.ldexp(1.0, -rng.integers(1, 40, n - n // 2))])),
        "polygamma": (rng.integers(0, 7, n), 0.01 + wide),
        "zeta": (1 + wide, other),
    }
    return [x.astype(dtype) for x in cases.get(name, (near,))]


def reference(name: str, *x: Array) -> Array:
    with np.errstate(all="ignore"):
        return np.asarray(getattr(scipy.special, name)(*x))


def found(name: str, device: Any, *x: Array) -> Array:
    return getattr(special, name)(*(xp.asarray(each, device=device) for each in x)).numpy()


@pytest.mark.parametrize("name", [name for name in special.__all__ if name not in ("digamma", "multigammaln")])
def test_values_are_scipys(device: Any, dtype: str, name: str) -> None:
    """At arguments of all sizes, and at those where signs, poles and NaN are."""
    usual = arguments(name, dtype)
    edges = [x.ravel() for x in np.meshgrid(*[EDGES.astype(dtype)] * len(usual))]
    y = found(name, device, *(np.concatenate(pair) for pair in zip(usual, edges, strict=True)))
    assert y.dtype == dtype
    n = len(usual[0])
    true = reference(name, *(x.astype(np.float64) for x in usual))
    info = np.finfo(dtype)
    counted = (np.abs(true) >= info.smallest_normal) & (np.abs(true) <= info.max)
    assert np.mean(counted) > 0.5
    size = np.maximum(np.abs(true), {**ZEROS, **SCIPYS_ZEROS[dtype]}.get(name, 0))[counted]
    worst = np.max(np.abs(y[:n][counted] - true[counted]) / size)
    assert worst <= TOLERANCE[dtype]
    with np.errstate(all="ignore"):
        expected = reference(name, *(x.astype(np.float64) for x in edges)).astype(dtype)
        ours = MISSED[name](*edges) if name in MISSED else np.zeros(len(expected), bool)
    np.testing.assert_allclose(y[n:][~ours], expected[~ours], rtol=1e-4, atol=1e-6)


def test_signs_of_zero(device: Any, dtype: str) -> None:
    zeros = np.array([0.0, -0.0], dtype)
    for name in ("erf", "erfinv", "i1", "i1e", "cbrt", "rgamma"):
        np.testing.assert_array_equal(np.signbit(found(name, device, zeros)), [False, True], name)
    np.testing.assert_array_equal(found("gamma", device, zeros), [np.inf, -np.inf])
    np.testing.assert_array_equal(found("psi", device, zeros), [-np.inf, np.inf])


def test_factorials_are_exact(device: Any, dtype: str) -> None:
    n = np.arange(1, 14 if dtype == "float32" else 19)
    np.testing.assert_array_equal(found("gamma", device, n.astype(dtype)), np.cumprod([1, *n[:-1]]).astype(dtype))


def test_integers_become_the_default_floating_type_first(device: Any) -> None:
    n = xp.asarray(np.array([1, 2, 3], np.int32), device=device)
    x = xp.asarray(np.array([0.5, 1.5, 2.5], np.float32), device=device)
    assert special.erf(n).dtype is xp.float32
    assert special.xlogy(n, x).dtype is xp.float32
    if not device.supports(xp.float64):
        return
    xp.set_default_dtypes(floating="float64")
    try:
        y = special.xlogy(n, x)
    finally:
        xp.set_default_dtypes()
    assert y.dtype is xp.float64
    np.testing.assert_allclose(y.numpy(), scipy.special.xlogy([1, 2, 3], [0.5, 1.5, 2.5]), rtol=1e-13)


def test_views_and_scalars_broadcast(device: Any, as_laid_out: Any) -> None:
    host = np.random.default_rng(1).random((6, 5, 4)).astype(np.float32)
    x = as_laid_out(host[::-2].transpose(2, 0, 1))
    view = host[::-2].transpose(2, 0, 1)
    np.testing.assert_allclose(special.xlogy(x, 3).numpy(), scipy.special.xlogy(view, 3), rtol=1e-6)
    found = special.xlogy(x[:, :1], as_laid_out(host[0, 0])[:, None, None])
    np.testing.assert_allclose(found.numpy(), scipy.special.xlogy(view[:, :1], host[0, 0][:, None, None]), rtol=1e-6)


def test_tensors_without_axes_and_without_elements(device: Any) -> None:
    x = xp.asarray(0.5, dtype=xp.float32, device=device)
    assert float(special.xlogy(x, x)) == pytest.approx(0.5 * np.log(0.5), rel=1e-6)
    assert special.erf(xp.zeros((0, 3), dtype=xp.float32, device=device)).shape == (0, 3)


def test_other_types_are_refused(device: Any) -> None:
    with pytest.raises(TypeError, match=r"^erf: arguments must be real floating, not complex64; convert with astype\(\)$"):
        special.erf(xp.asarray([1j], device=device))
    with pytest.raises(TypeError, match=r"^gammainc: arguments must be real floating, not bool"):
        special.gammainc(xp.asarray([True], device=device), xp.asarray([True], device=device))
    half = special.ndtr(xp.asarray([0.5], dtype=xp.float16, device=device)) if device.supports(xp.float16) else None
    assert half is None or half.dtype is xp.float16


def test_multigammaln(device: Any, dtype: str) -> None:
    a = np.array([2.6, 3.0, 10.5], dtype)
    y = special.multigammaln(xp.asarray(a, device=device), 5)
    np.testing.assert_allclose(y.numpy(), scipy.special.multigammaln(a, 5), rtol=1e-5 if dtype == "float32" else 1e-13)
    assert np.isnan(special.multigammaln(xp.asarray([1.9], device=device), 5).numpy()[0])
    with pytest.raises(ValueError, match=r"^multigammaln: d must be at least 1, not 0$"):
        special.multigammaln(y, 0)


def test_scipy_computes_here_what_is_here(own_device: Any) -> None:
    """``scipy.special.erf(tensor)`` reads nothing and gives a tensor; so does what it derives from such functions."""
    x = xp.asarray(np.array([0.25, 0.5, 0.75], np.float32), device=own_device)
    with own_device.counting() as counts:
        results = {name: getattr(scipy.special, name)(x) for name in ("erf", "gammaln", "ndtr", "logit", "i0", "ndtri")}
        results["gammainc"] = scipy.special.gammainc(x, x)
    assert (counts.reads, counts.uploads) == ([], [])
    for name, y in results.items():
        assert isinstance(y, xp.Tensor)
        assert y.device is own_device
        host = x.numpy()
        np.testing.assert_allclose(y.numpy(), getattr(scipy.special, name)(*(host, host) if name == "gammainc" else (host,)), rtol=1e-5)


def test_every_function_is_public_and_has_the_name_that_it_has_in_scipy() -> None:
    assert set(special.__all__) <= set(dir(scipy.special))
    assert {name for name in vars(special) if not name.startswith("_") and inspect.isfunction(getattr(special, name))} == set(special.__all__)
    assert set(SPECIAL) - {"hurwitz_zeta"} <= set(special.__all__)
