"""Complex functions: the standard's special cases, branch cuts on both sides, and accuracy to units of the modulus.

Expected values are NumPy's in a wider type, with formulas of their own where NumPy's lose digits.
"""

import numpy as np
import pytest

import webgpu_array as xp

WIDER = {"complex64": np.complex128, "complex128": np.clongdouble}
NUMPY = {
    "asin": "arcsin", "acos": "arccos", "atan": "arctan", "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh",
}  # fmt: skip
HAS_EXTENDED = np.finfo(np.longdouble).nmant >= 63

# One case per line: real and imaginary part of the argument, and of the result. "x" is a positive
# number, "~" leaves the sign open. Each holds for the conjugates as well.
SPECIAL_CASES = {
    "acos": """
        0 0      pi/2 -0
        -0 0     pi/2 -0
        0 nan    pi/2 nan
        -0 nan   pi/2 nan
        x inf    pi/2 -inf
        -x inf   pi/2 -inf
        x nan    nan nan
        -inf x   pi -inf
        inf x    0 -inf
        -inf inf 3pi/4 -inf
        inf inf  pi/4 -inf
        inf nan  nan ~inf
        -inf nan nan ~inf
        nan x    nan nan
        nan 0    nan nan
        nan inf  nan -inf
        nan nan  nan nan
    """,
    "acosh": """
        0 0      0 pi/2
        -0 0     0 pi/2
        x inf    inf pi/2
        -x inf   inf pi/2
        x nan    nan nan
        0 nan    nan ~pi/2
        -inf x   inf pi
        inf x    inf 0
        -inf inf inf 3pi/4
        inf inf  inf pi/4
        inf nan  inf nan
        -inf nan inf nan
        nan x    nan nan
        nan inf  inf nan
        nan nan  nan nan
    """,
    "asinh": """
        0 0     0 0
        -0 0    -0 0
        x inf   inf pi/2
        x nan   nan nan
        inf x   inf 0
        -inf x  -inf 0
        inf inf inf pi/4
        inf nan ~inf nan
        nan 0   nan 0
        nan x   nan nan
        nan inf ~inf nan
        nan nan nan nan
    """,
    "atanh": """
        0 0     0 0
        -0 0    -0 0
        0 nan   0 nan
        1 0     inf 0
        -1 0    -inf 0
        x inf   0 pi/2
        -x inf  -0 pi/2
        x nan   nan nan
        inf x   0 pi/2
        inf inf 0 pi/2
        inf nan 0 nan
        nan x   nan nan
        nan inf ~0 pi/2
        nan nan nan nan
    """,
    "cosh": """
        0 0     1 0
        -0 0    1 -0
        0 inf   nan ~0
        0 nan   nan ~0
        x inf   nan nan
        x nan   nan nan
        inf 0   inf 0
        inf x   -inf inf
        -inf x  -inf -inf
        inf inf ~inf nan
        inf nan inf nan
        nan 0   nan ~0
        nan x   nan nan
        nan nan nan nan
    """,
    "exp": """
        0 0      1 0
        -0 0     1 0
        x inf    nan nan
        x nan    nan nan
        inf 0    inf 0
        -inf x   -0 0
        -inf 0   0 0
        inf x    -inf inf
        -inf inf ~0 ~0
        inf inf  ~inf nan
        -inf nan ~0 ~0
        inf nan  ~inf nan
        nan 0    nan 0
        nan x    nan nan
        nan nan  nan nan
    """,
    "expm1": """
        0 0      0 0
        -0 0     0 0
        x inf    nan nan
        x nan    nan nan
        inf 0    inf 0
        -inf x   -1 0
        -inf 0   -1 0
        inf x    -inf inf
        -inf inf -1 ~0
        inf inf  ~inf nan
        -inf nan -1 ~0
        inf nan  ~inf nan
        nan 0    nan 0
        nan x    nan nan
        nan nan  nan nan
    """,
    "log": """
        -0 0     -inf pi
        0 0      -inf 0
        x inf    inf pi/2
        x nan    nan nan
        -inf x   inf pi
        inf x    inf 0
        -inf inf inf 3pi/4
        inf inf  inf pi/4
        inf nan  inf nan
        -inf nan inf nan
        nan x    nan nan
        nan inf  inf nan
        nan nan  nan nan
    """,
    "log1p": """
        0 0      0 0
        -1 0     -inf 0
        x inf    inf pi/2
        x nan    nan nan
        -inf x   inf pi
        inf x    inf 0
        -inf inf inf 3pi/4
        inf inf  inf pi/4
        inf nan  inf nan
        -inf nan inf nan
        nan x    nan nan
        nan inf  inf nan
        nan nan  nan nan
    """,
    "sign": """
        0 0     0 ~0
        -0 0    0 ~0
        0 x     0 1
        -x 0    -1 0
        x nan   nan nan
        nan x   nan nan
        inf nan nan nan
        inf x   nan 0
        inf inf nan nan
    """,
    "sinh": """
        0 0     0 0
        -0 0    -0 0
        0 inf   ~0 nan
        0 nan   ~0 nan
        x inf   nan nan
        x nan   nan nan
        inf 0   inf 0
        inf x   -inf inf
        -inf x  inf inf
        inf inf ~inf nan
        inf nan ~inf nan
        nan 0   nan 0
        nan x   nan nan
        nan nan nan nan
    """,
    "sqrt": """
        0 0      0 0
        -0 0     0 0
        x inf    inf inf
        -x inf   inf inf
        -inf inf inf inf
        nan inf  inf inf
        x nan    nan nan
        -inf x   0 inf
        inf x    inf 0
        -inf nan nan ~inf
        inf nan  inf nan
        nan x    nan nan
        nan nan  nan nan
    """,
    "tanh": """
        0 0      0 0
        -0 0     -0 0
        x inf    nan nan
        0 inf    0 nan
        x nan    nan nan
        0 nan    0 nan
        inf x    1 0
        -inf x   -1 0
        inf inf  1 ~0
        inf nan  1 ~0
        nan 0    nan 0
        nan x    nan nan
        nan nan  nan nan
    """,
}
# Its cosine is negative and its sine positive.
X = 2.0
VALUES = {
    "0": 0.0, "1": 1.0, "x": X, "inf": np.inf, "nan": np.nan,
    "pi": np.pi, "pi/2": np.pi / 2, "pi/4": np.pi / 4, "3pi/4": 3 * np.pi / 4,
}  # fmt: skip


@pytest.fixture(params=["complex64", "complex128"])
def dtype(request, device):
    """The name of each complex type that the device has."""
    if not device.supports(getattr(xp, request.param)):
        pytest.skip(f"{device} has no {request.param}")
    return request.param


def number(text):
    """The value of one word of SPECIAL_CASES."""
    return -VALUES[text[1:]] if text.startswith("-") else VALUES[text.lstrip("~")]


def pairs(real, imaginary, dtype):
    """Complex numbers of these parts; a sum would lose signs of zeros, and make NaN of infinities."""
    z = np.empty(np.broadcast_shapes(np.shape(real), np.shape(imaginary)), dtype)
    z.real, z.imag = real, imaginary
    return z


def called(name, device, *operands):
    return getattr(xp, name)(*(xp.asarray(z, device=device) for z in operands)).numpy()


def is_part(found, expected, sign_is_open):
    """Whether one part of a result is what it must be, to a unit in the last place, and in sign."""
    if np.isnan(expected):
        return bool(np.isnan(found))
    if sign_is_open:
        found, expected = abs(found), abs(expected)
    rounded = found.dtype.type(expected)
    if np.isinf(rounded) or rounded == 0:
        return bool(found == rounded and np.signbit(found) == np.signbit(rounded))
    return bool(abs(found - rounded) <= np.spacing(abs(rounded)))


@pytest.mark.parametrize("name", SPECIAL_CASES)
def test_special_cases_of_the_standard(device, dtype, name):
    cases = [line.split() for line in SPECIAL_CASES[name].strip().splitlines()]
    arguments = np.array([[number(word) for word in case[:2]] for case in cases])
    for conjugation in (1, -1):
        z = pairs(arguments[:, 0], conjugation * arguments[:, 1], dtype)
        found = called(name, device, z)
        for case, result in zip(cases, found, strict=True):
            real, imaginary = case[2:]
            # A NaN has no conjugate: what sign comes of it is open.
            turned = conjugation if case[1] != "nan" else 1
            is_real_right = is_part(result.real, number(real), "~" in real)
            is_imaginary_right = is_part(result.imag, turned * number(imaginary), "~" in imaginary)
            assert is_real_right and is_imaginary_right, f"{case}, conjugated {conjugation == -1}: {result}"


def every_kind():
    parts = np.array([0.0, -0.0, 1.0, -1.0, 0.3, -2.5, 40.0, -1e4, np.inf, -np.inf, np.nan])
    return parts[:, None], parts


@pytest.mark.parametrize("name", ["sin", "tan", "asin", "atan"])
def test_functions_of_angles_are_hyperbolic_ones_of_turned_arguments(device, dtype, name):
    a, b = every_kind()
    turned = called(name + "h", device, pairs(-b, a, dtype))
    assert_same(called(name, device, pairs(a, b, dtype)), pairs(turned.imag, -turned.real, dtype))


def test_cosines_are_hyperbolic_cosines_of_turned_arguments(device, dtype):
    a, b = every_kind()
    assert_same(called("cos", device, pairs(a, b, dtype)), called("cosh", device, pairs(-b, a, dtype)))


@pytest.mark.parametrize(("name", "base"), [("log2", 2), ("log10", 10)])
def test_logarithms_to_a_base_have_the_special_cases_of_log(device, dtype, name, base):
    z = pairs(*every_kind(), dtype)
    logarithm = called("log", device, z)
    with np.errstate(invalid="ignore"):
        expected = pairs(logarithm.real / np.log(base), logarithm.imag / np.log(base), dtype)
    found = called(name, device, z)
    eps = np.finfo(dtype).eps
    for f, e in ((found.real, expected.real), (found.imag, expected.imag)):
        np.testing.assert_allclose(f, e, rtol=4 * eps)
        is_number = ~np.isnan(e)
        np.testing.assert_array_equal(np.signbit(f[is_number]), np.signbit(e[is_number]))


def assert_same(found, expected):
    """Equality in all bits, but for those of NaN."""
    for f, e in ((found.real, expected.real), (found.imag, expected.imag)):
        np.testing.assert_array_equal(f, e)
        is_number = ~np.isnan(e)
        np.testing.assert_array_equal(np.signbit(f[is_number]), np.signbit(e[is_number]))


ON_REAL_AXIS = ["sqrt", "log", "log2", "log10", "log1p", "asin", "acos", "acosh", "atanh"]
ON_IMAGINARY_AXIS = ["asinh", "atan"]


@pytest.mark.parametrize("name", ON_REAL_AXIS + ON_IMAGINARY_AXIS)
def test_the_sign_of_zero_chooses_the_side_of_a_branch_cut(device, dtype, name):
    # log1p and atanh have poles at -1 and 1.
    along = np.array([-30.0, -3.0, -1.25, -0.75, -0.5, 0.75, 1.25, 2.0, 30.0])
    across = np.array([[0.0], [-0.0]])
    z = pairs(along, across, dtype) if name in ON_REAL_AXIS else pairs(across, along, dtype)
    expected = reference(name, z)
    found = called(name, device, z)
    assert units(found, expected) < 4
    for f, e in ((found.real, expected.real), (found.imag, expected.imag)):
        np.testing.assert_array_equal(np.signbit(f), np.signbit(e))
    beside = 1e-30 if dtype == "complex64" else 1e-200
    close = z + (1j * beside * np.copysign(1, across) if name in ON_REAL_AXIS else beside * np.copysign(1, across))
    assert units(called(name, device, close.astype(dtype)), expected) < 4


def units(found, expected):
    """The largest error of ``found``, in units in the last place of the modulus of what is expected."""
    info = np.finfo(found.dtype)
    modulus = np.abs(expected)
    unit = np.spacing(np.maximum(modulus, info.smallest_normal).astype(np.float32 if info.bits == 32 else np.float64))
    return float(np.max(np.abs(found - expected) / unit))


def reference(name, *operands):
    """The function in a wider type."""
    z = [x.astype(WIDER[x.dtype.name]) for x in operands]
    if name == "sign":
        return z[0] / np.abs(z[0])
    if name in ("divide", "reciprocal"):
        one = np.ones_like(z[0])
        return quotient(*(z if name == "divide" else (one, z[0])))
    if name == "log1p":
        # NumPy's own loses digits where |1 + z| is close to 1.
        x, y = z[0].real, z[0].imag
        result = np.log1p(z[0])
        square = 2 * x + x * x + y * y
        is_close = np.abs(square) < 0.5
        result.real[is_close] = 0.5 * np.log1p(square[is_close])
        return result
    return getattr(np, NUMPY.get(name, name))(*z)


def quotient(a, b):
    divisor = b.real * b.real + b.imag * b.imag
    return pairs((a.real * b.real + a.imag * b.imag) / divisor, (a.imag * b.real - a.real * b.imag) / divisor, a.dtype)


def spread(rng, n, low, high):
    """Random numbers with exponents from ``low`` to ``high``, all alike."""
    return np.ldexp(1 + rng.random(n), rng.integers(low, high, n)) * rng.choice([-1, 1], n)


def arguments(dtype, n=300):
    """Moderate numbers, numbers near the unit circle, near the points where branches end, and near the axes."""
    rng = np.random.default_rng(12)
    info = np.finfo(dtype)
    angle = rng.uniform(-np.pi, np.pi, n)
    small = spread(rng, n, info.minexp // 2, -5)
    near_one = rng.choice([-1, 1], n) + spread(rng, n, -info.nmant, -5)
    moderate = spread(rng, n, -6, 5)
    parts = [
        (moderate, spread(rng, n, -6, 5)),
        (np.cos(angle) + spread(rng, n, -20, -4), np.sin(angle)),
        (near_one, small),
        (small, near_one),
        (moderate, small),
        (small, moderate),
    ]
    return np.concatenate([pairs(x, y, dtype) for x, y in parts])


ACCURATE = [
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "exp", "expm1", "log", "log10", "log1p",
    "log2", "reciprocal", "sign", "sin", "sinh", "sqrt", "square", "tan", "tanh",
]  # fmt: skip


@pytest.mark.skipif(not HAS_EXTENDED, reason="needs a long double with 64 digits")
@pytest.mark.parametrize("name", ACCURATE)
def test_functions_to_a_few_units_of_the_modulus(device, dtype, name):
    z = arguments(dtype)
    assert units(called(name, device, z), reference(name, z)) < 4


@pytest.mark.skipif(not HAS_EXTENDED, reason="needs a long double with 64 digits")
@pytest.mark.parametrize("name", ["divide", "multiply", "pow"])
def test_functions_of_two_numbers_to_a_few_units_of_the_modulus(device, dtype, name):
    x1 = arguments(dtype)
    x2 = np.resize(x1[:300], x1.shape)[::-1]
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        expected = reference(name, x1, x2)
    info = np.finfo(dtype)
    usual = (np.abs(expected) < info.max) & (np.abs(expected) > info.smallest_normal)
    assert usual.sum() > 1000
    assert units(called(name, device, x1[usual], x2[usual]), expected[usual]) < 4


@pytest.mark.skipif(not HAS_EXTENDED, reason="needs a long double with 64 digits")
@pytest.mark.parametrize("name", [*ON_REAL_AXIS, *ON_IMAGINARY_AXIS, "abs", "reciprocal", "sign"])
def test_large_and_small_numbers_do_not_overflow_on_the_way(device, dtype, name):
    rng = np.random.default_rng(13)
    info = np.finfo(dtype)
    large, small = spread(rng, 200, info.maxexp - 3, info.maxexp - 1), spread(rng, 200, info.minexp, info.minexp + 3)
    parts = [(x, y) for x in (large, small) for y in (large[::-1], small[::-1])]
    z = np.concatenate([pairs(x, y, dtype) for x, y in parts])
    if dtype == "complex128":
        # The wider type has a wider range as well, which the formulas of the reference need.
        assert np.finfo(np.longdouble).maxexp > 2 * info.maxexp
    expected = reference(name, z)
    # The reciprocal of a large number may be subnormal.
    usual = (np.abs(expected) >= info.smallest_normal) & (np.abs(expected) <= info.max)
    assert units(called(name, device, z[usual]), expected[usual]) < 4


@pytest.mark.skipif(not HAS_EXTENDED, reason="needs a long double with 64 digits")
@pytest.mark.parametrize("name", ["exp", "expm1", "sinh", "cosh", "sin", "cos"])
def test_powers_of_e_overflow_only_where_the_result_does(device, dtype, name):
    rng = np.random.default_rng(14)
    largest = np.log(float(np.finfo(dtype).max))
    growth, angle = largest + rng.uniform(-3, 6, 400), spread(rng, 400, -12, 2)
    z = pairs(angle, growth, dtype) if name in ("sin", "cos") else pairs(growth, angle, dtype)
    expected = reference(name, z)
    found = called(name, device, z)
    for f, e in ((found.real, expected.real), (found.imag, expected.imag)):
        # A part at the edge may round to either side.
        ratio = np.abs(e) / np.finfo(dtype).max
        inside, outside = ratio < 0.999, ratio > 1.001
        assert inside.sum() > 50
        assert outside.sum() > 50
        np.testing.assert_allclose(f[inside], e[inside].astype(f.dtype), rtol=4 * np.finfo(dtype).eps)
        np.testing.assert_array_equal(f[outside], np.copysign(np.inf, e[outside]))


def test_hyperbolic_tangents_of_large_numbers_are_one(device, dtype):
    z = pairs(np.array([1e4, -1e4, 900.0, 3e38]), np.array([0.5, 1.0, -2.0, 1e30]), dtype)
    np.testing.assert_array_equal(called("tanh", device, z), np.array([1, -1, 1, 1]))


@pytest.mark.parametrize(
    ("x1", "x2", "quotient"),
    [
        # A divisor without an imaginary or without a real part divides each part.
        ((1, -2), (4, 0), (0.25, -0.5)),
        ((1, -2), (0, 4), (-0.5, -0.25)),
        ((np.inf, 1), (2, 0), (np.inf, 0.5)),
        ((1, 2), (np.inf, 0), (0, 0)),
        ((1, 2), (0, 0), (np.inf, np.inf)),
        ((1, 0), (0, 0), (np.inf, np.nan)),
        ((0, 0), (0, 0), (np.nan, np.nan)),
        # C99, Annex G.5.1.
        ((np.inf, 1), (1, 1), (np.inf, -np.inf)),
        ((np.inf, np.nan), (1, 1), (np.inf, -np.inf)),
        ((1, 1), (np.inf, np.nan), (0, 0)),
        ((1, 1), (np.inf, np.inf), (0, 0)),
        ((np.inf, 1), (np.inf, 1), (np.nan, np.nan)),
        ((1, np.nan), (1, 1), (np.nan, np.nan)),
        ((np.nan, np.nan), (np.nan, np.nan), (np.nan, np.nan)),
    ],
)
def test_special_quotients(device, dtype, x1, x2, quotient):
    found = called("divide", device, pairs(*x1, dtype), pairs(*x2, dtype))
    np.testing.assert_array_equal([found.real, found.imag], quotient)


def test_powers_of_zero_and_powers_with_exponent_zero(device, dtype):
    z = np.array([0, 0, 0, 0, 0, 3 - 4j, 0], dtype)
    w = np.array([0, 2, 0.5 + 1j, -1, 1j, 0, -1 + 2j], dtype)
    with np.errstate(invalid="ignore"):
        expected = np.power(z, w)
    np.testing.assert_array_equal(called("pow", device, z, w), expected)


def test_small_integer_powers_of_integers_are_exact(device, dtype):
    z = np.array([1 + 2j, 3 - 1j, -2, 1j, -1 - 1j], dtype)[:, None]
    n = np.arange(1, 9)
    expected = np.array([[complex(x) ** int(k) for k in n] for x in z[:, 0]])
    np.testing.assert_array_equal(called("pow", device, z, n.astype(dtype)), expected)


@pytest.mark.parametrize("name", ["isfinite", "isinf", "isnan"])
def test_tests_of_both_parts(device, dtype, name):
    z = pairs(*every_kind(), dtype)
    np.testing.assert_array_equal(called(name, device, z), getattr(np, name)(z))


@pytest.mark.parametrize("name", ["equal", "not_equal"])
def test_comparisons_of_both_parts(device, dtype, name):
    z = pairs(*every_kind(), dtype).reshape(-1)
    np.testing.assert_array_equal(called(name, device, z[:, None], z), getattr(np, name)(z[:, None], z))


def test_parts_are_rounded_on_their_own(device, dtype):
    a, b = np.meshgrid(np.array([-0.0, 0.5, -1.5, 2.5, np.inf, np.nan]), np.array([0.0, -0.5, 3.7]))
    assert_same(called("round", device, pairs(a, b, dtype)), pairs(np.rint(a), np.rint(b), dtype))
