"""Trigonometric functions, roots, quotients and divisions over the whole range, to units in the last place.

The reference is computed in extended precision, which hosts with an 80-bit long double have.
"""

from fractions import Fraction

import numpy as np
import pytest

import webgpu_array as xp

EXTENDED = np.longdouble
HAS_EXTENDED = np.finfo(EXTENDED).nmant >= 63
needs_extended = pytest.mark.skipif(not HAS_EXTENDED, reason="needs a long double with 64 digits")

HALF_PI = EXTENDED(np.pi) / 2 + EXTENDED("6.123233995736766035868820147292e-17")
WORD = {"float32": np.uint32, "float64": np.uint64}
# f32 subnormals, as arguments or results, are zero to some GPUs where floats are computed with.
SMALLEST = {"float32": np.finfo(np.float32).smallest_normal, "float64": np.finfo(np.float64).smallest_normal}


def spread(rng, dtype, n, low=None, high=None):
    """Random numbers with exponents from ``low`` to ``high``, all alike; every normal one by default."""
    info = np.finfo(dtype)
    exponents = rng.integers(info.minexp if low is None else low, info.maxexp if high is None else high, n)
    return (np.ldexp(1 + rng.random(n), exponents) * rng.choice([-1, 1], n)).astype(dtype)


def units(found, expected):
    """The largest error of ``found``, in units of the last place; infinite where one of the two is no number."""
    rounded = expected.astype(found.dtype)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(rounded))
    exact = ~np.isfinite(rounded) | (rounded == 0)
    np.testing.assert_array_equal(found[exact], rounded[exact])
    np.testing.assert_array_equal(np.signbit(found[exact & ~np.isnan(rounded)]), np.signbit(rounded[exact & ~np.isnan(rounded)]))
    usual = ~exact & (np.abs(rounded) >= SMALLEST[found.dtype.name])
    return float(np.max(np.abs(found[usual] - expected[usual]) / np.spacing(np.abs(rounded[usual])), initial=0))


@needs_extended
@pytest.mark.parametrize("name", ["sin", "cos", "tan"])
def test_trigonometric_functions_of_any_argument(device, dtype, name):
    rng = np.random.default_rng(3)
    # Where the reduced argument is smallest, and so loses most, and where the ways of reducing it meet.
    quarters = np.concatenate([np.arange(1, 400), np.exp2(rng.uniform(0, 60, 400)).astype(np.uint64)]).astype(EXTENDED)
    near = (quarters * HALF_PI).astype(dtype)
    chosen = [0.0, -0.0, np.inf, -np.inf, np.nan, 16367173.0 * 2.0**72, 3200.0, 1.6e6, 0.78539816]
    if dtype == "float64":
        chosen += [6381956970095103.0 * 2.0**797, 1e22, 1.7e308]
    x = np.concatenate([near, np.nextafter(near, 0), -near, spread(rng, dtype, 2000), spread(rng, dtype, 2000, -12, 24),
                        np.array(chosen, dtype)])  # fmt: skip
    found = getattr(xp, name)(xp.asarray(x, device=device)).numpy()
    with np.errstate(invalid="ignore"):
        assert units(found, getattr(np, name)(x.astype(EXTENDED))) < 1.1


@needs_extended
@pytest.mark.parametrize("name", ["asin", "acos", "atan"])
def test_inverse_trigonometric_functions(device, dtype, name):
    rng = np.random.default_rng(4)
    edges = np.array([0.0, -0.0, 0.5, 1.0, -1.0, 1.5, np.inf, -np.inf, np.nan], dtype)
    x = np.concatenate([edges, np.nextafter(edges, edges.dtype.type(0)), spread(rng, dtype, 2000), spread(rng, dtype, 4000, -8, 1)])
    x = x[(np.abs(x) >= SMALLEST[dtype]) | (x == 0) | np.isnan(x)]
    found = getattr(xp, name)(xp.asarray(x, device=device)).numpy()
    with np.errstate(invalid="ignore"):
        assert units(found, getattr(np, "arc" + name[1:])(x.astype(EXTENDED))) < 1


@needs_extended
@pytest.mark.parametrize(("name", "reference"), [("atan2", np.arctan2), ("hypot", np.hypot)])
def test_functions_of_two_coordinates(device, dtype, name, reference):
    rng = np.random.default_rng(5)
    edges = np.array([0.0, -0.0, 1.0, -1.0, 3.0, np.finfo(dtype).max, SMALLEST[dtype], np.inf, -np.inf, np.nan], dtype)
    x1, x2 = (a.reshape(-1) for a in np.meshgrid(edges, edges))
    x1 = np.concatenate([x1, spread(rng, dtype, 1000), spread(rng, dtype, 2000, -4, 4)])
    x2 = np.concatenate([x2, spread(rng, dtype, 1000), spread(rng, dtype, 2000, -4, 4)])
    found = getattr(xp, name)(xp.asarray(x1, device=device), xp.asarray(x2, device=device)).numpy()
    expected = reference(x1.astype(EXTENDED), x2.astype(EXTENDED))
    usual = (np.abs(expected) >= SMALLEST[dtype]) | (expected == 0) | np.isnan(expected)
    with np.errstate(over="ignore"):
        assert units(found[usual], expected[usual]) < 1


def test_roots_and_quotients_are_rounded_correctly(device, dtype):
    rng = np.random.default_rng(6)
    x1 = np.concatenate([spread(rng, dtype, 1000), spread(rng, dtype, 3000, -2, 3)])
    x2 = np.concatenate([spread(rng, dtype, 1000), spread(rng, dtype, 3000, -2, 3)])
    with np.errstate(over="ignore", under="ignore"):
        quotient = x1 / x2
    usual = np.abs(quotient) >= SMALLEST[dtype]
    found = xp.divide(xp.asarray(x1, device=device), xp.asarray(x2, device=device)).numpy()
    np.testing.assert_array_equal(found[usual], quotient[usual])
    np.testing.assert_array_equal(xp.sqrt(xp.asarray(np.abs(x1), device=device)).numpy(), np.sqrt(np.abs(x1)))


def test_divisions_that_round_down_are_exact(device, dtype):
    rng = np.random.default_rng(7)
    x1 = np.concatenate([spread(rng, dtype, 200), spread(rng, dtype, 300, -3, 60), rng.integers(-99, 99, 300).astype(dtype)])
    x2 = np.concatenate([spread(rng, dtype, 200), spread(rng, dtype, 300, -3, 4), rng.integers(1, 9, 300).astype(dtype)])
    x2[-150:] = -x2[-150:]
    quotients, remainders = [], []
    for a, b in zip(x1.tolist(), x2.tolist(), strict=True):
        quotient = Fraction(a) // Fraction(b)
        quotients.append(quotient)
        remainders.append(Fraction(a) - quotient * Fraction(b))
    first, second = xp.asarray(x1, device=device), xp.asarray(x2, device=device)
    found = xp.floor_divide(first, second).numpy().tolist()
    eps = Fraction(float(np.finfo(dtype).eps)) / 2
    largest = Fraction(float(np.finfo(dtype).max))
    for y, exact in zip(found, quotients, strict=True):
        assert (abs(exact) > largest and np.isinf(y)) or abs(Fraction(y) - exact) <= eps * abs(exact)
    found = xp.remainder(first, second).numpy().tolist()
    for y, exact in zip(found, remainders, strict=True):
        assert abs(Fraction(y) - exact) <= eps * abs(exact)


def test_neighbours_and_signs_keep_subnormals_and_nan(device, dtype):
    tiny = np.finfo(dtype).smallest_subnormal
    values = np.array([0.0, -0.0, tiny, -tiny, SMALLEST[dtype], 1.0, -1.0, np.finfo(dtype).max, np.inf, -np.inf, np.nan], dtype)
    x1, x2 = (a.reshape(-1) for a in np.meshgrid(values, values))
    first, second = xp.asarray(x1, device=device), xp.asarray(x2, device=device)
    with np.errstate(all="ignore"):
        expected = np.nextafter(x1, x2)
    found = xp.nextafter(first, second).numpy()
    numbers = ~np.isnan(expected)
    np.testing.assert_array_equal(np.isnan(found), ~numbers)
    np.testing.assert_array_equal(found[numbers].view(WORD[dtype]), expected[numbers].view(WORD[dtype]))
    copied = xp.copysign(first, second).numpy()
    np.testing.assert_array_equal(copied.view(WORD[dtype]), np.copysign(x1, x2).view(WORD[dtype]))
    np.testing.assert_array_equal(xp.signbit(first).numpy(), np.signbit(x1))


@pytest.mark.parametrize("name", ["ceil", "floor", "round", "trunc"])
def test_rounding_keeps_the_sign_of_zero(device, dtype, name):
    rng = np.random.default_rng(8)
    halves = np.arange(-20, 21) / 2
    x = np.concatenate([halves, [-0.0, np.inf, -np.inf, np.nan, 2.0**52 - 0.5, 2.0**23 - 0.5]]).astype(dtype)
    x = np.concatenate([x, spread(rng, dtype, 2000, -3, 55)])
    found = getattr(xp, name)(xp.asarray(x, device=device)).numpy()
    expected = getattr(np, name)(x)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(np.signbit(found), np.signbit(expected))


@pytest.mark.parametrize("name", ["int32", "int64", "uint32", "uint64"])
def test_integers_divide_as_numpys(device, name):
    info = np.iinfo(name)
    values = [info.min, info.min + 1, info.max, info.max - 1, 0, 1, 2, 3, 7] + ([-1, -2, -3, -7] if info.min else [])
    x1, x2 = (a.reshape(-1) for a in np.meshgrid(np.array(values, name), np.array(values, name)))
    first, second = xp.asarray(x1, device=device), xp.asarray(x2, device=device)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(xp.floor_divide(first, second).numpy(), np.floor_divide(x1, x2))
        np.testing.assert_array_equal(xp.remainder(first, second).numpy(), np.remainder(x1, x2))
