"""Elementwise functions against NumPy: every row of the table, layouts, promotion, special values."""

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array import dtypes
from webgpu_array.ops.elementwise import TABLE, apply

FLOATS = np.array([0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.5, 1e-3, 1e30, -1e30, np.inf, -np.inf, np.nan, 7.0, -7.0, 3.0])
INTEGERS = np.array([0, 1, 2, 3, 5, 7, 30, 31, 50, 100])
# Infinite and NaN parts, and zeros of either sign, are in test_complex_functions.
COMPLEX = np.array([1 + 2j, -1 + 0.5j, 0.25 - 3j, -2 - 2j, 3j + 0.125, 1e-3 + 1e-2j, 30 - 4j, -0.5 + 1e-3j])
# A type in which NumPy computes the expected values to more digits than are compared.
WIDER = {
    "float16": np.float64,
    "float32": np.float64,
    "float64": np.longdouble,
    "complex64": np.complex128,
    "complex128": np.clongdouble,
}
# Units in the last place, for complex numbers of the modulus.
MOST_UNITS = 4


def powers(x1, x2):
    """NumPy's, and for negative integer powers, which it refuses, 1 / x1**-x2 rounded to zero."""
    if x1.dtype.kind != "i":
        return np.power(x1, x2)
    inverse = np.select([x1 == 1, x1 == -1], [1, 1 - 2 * (x2 % 2)], 0).astype(x1.dtype)
    return np.where(x2 < 0, inverse, np.power(x1, np.abs(x2)))


def quotients_rounded_down(x1, x2):
    """NumPy's, but where one is infinite: there the standard has the quotient, infinite or zero."""
    if x1.dtype.kind != "f":
        return np.floor_divide(x1, x2)
    return np.where(np.isinf(x1) != np.isinf(x2), x1 / x2, np.floor_divide(x1, x2))


def brought_into(x, low, high):
    """np.clip says nothing of the order of its bounds; the package's high wins."""
    return np.minimum(np.maximum(x, low), high)


# Rows that NumPy knows under another name, or not at all.
REFERENCES = {
    "bitwise_left_shift": np.left_shift,
    "bitwise_right_shift": np.right_shift,
    "clip": brought_into,
    "floor_divide": quotients_rounded_down,
    "pow": powers,
    "round": lambda x: np.rint(x) if x.dtype.kind in "fc" else x,
    "reciprocal": lambda x: 1 / x,
    "sign": lambda x: x / np.abs(x) if x.dtype.kind == "c" else np.sign(x),
}
ROWS = sorted(set(TABLE) - {"where"})


@pytest.fixture(params=[d.name for d in dtypes.ALL])
def dtype(request, device):
    """Every type that the device has."""
    if not device.supports(dtypes.BY_NAME[request.param]):
        pytest.skip(f"{device} has no {request.param}")
    return request.param


def arguments(row, dtype):
    """NumPy arrays of ``dtype``, each along an axis of its own, the first one backwards, without undefined pairs."""
    kind = np.dtype(dtype).kind
    chosen = {"b": np.array([False, True]), "f": FLOATS, "c": COMPLEX}.get(kind, INTEGERS)
    with np.errstate(over="ignore"):
        values = chosen.astype(dtype)
    if kind == "i":
        values = np.concatenate([values, -values])
    if row.arity == 1:
        return [values]
    second = values
    if row.name in ("bitwise_left_shift", "bitwise_right_shift"):
        second = values[(values >= 0) & (values < 8)]
    return [values[::-1, None], second, values[:4, None, None]][: row.arity]


def expected_of(row, hosts):
    """What NumPy has for these arguments, in a wider type where results are rounded."""
    if row.takes_floats and hosts[0].dtype.kind in "iu":
        hosts = [host.astype("float32") for host in hosts]
    name = hosts[0].dtype.name
    reference = REFERENCES.get(row.name) or getattr(np, row.name)
    if row.name == "nextafter" or name not in WIDER:
        return reference(*hosts)
    return reference(*(x.astype(WIDER[name]) for x in hosts))


def result_type(row, dtype):
    """The name of the result's dtype, by the standard."""
    if row.out == "bool":
        return "bool"
    if row.takes_floats and dtypes.is_kind(dtypes.BY_NAME[dtype], "integral"):
        return "float32"
    return dtypes.real_of(dtypes.BY_NAME[dtype]).name if row.out == "real" else dtype


def assert_within_units(found, expected):
    """That ``found`` is ``expected``, rounded, to MOST_UNITS; infinities and NaN in the same places."""
    with np.errstate(over="ignore", invalid="ignore"):
        rounded = expected.astype(found.dtype)
        np.testing.assert_array_equal(np.isnan(found), np.isnan(rounded))
        is_finite = np.isfinite(rounded)
        np.testing.assert_array_equal(found[~is_finite], rounded[~is_finite])
        # float32 subnormals are zero on some devices.
        unit = np.spacing(np.maximum(np.abs(rounded[is_finite]), np.finfo(found.dtype).smallest_normal))
        error = np.abs(found[is_finite] - expected[is_finite])
    assert np.all(error <= MOST_UNITS * unit)


@pytest.mark.parametrize("name", ROWS)
def test_every_row_matches_numpy(device, as_laid_out, dtype, name):
    row = TABLE[name]
    hosts = arguments(row, dtype)
    tensors = [as_laid_out(host) for host in hosts]
    is_converted = row.takes_floats and dtypes.is_kind(dtypes.BY_NAME[dtype], "integral")
    if not is_converted and not dtypes.is_kind(dtypes.BY_NAME[dtype], row.kind):
        with pytest.raises(TypeError) as error:
            apply(row, *tensors)
        assert str(error.value) == f"{name}: arguments must be {row.kind}, not {dtype}; convert with astype()"
        return
    with np.errstate(all="ignore"):
        expected = expected_of(row, hosts)
    found = apply(row, *tensors)
    assert found.dtype.name == result_type(row, dtype)
    if found.dtype.name in WIDER:
        assert_within_units(found.numpy(), expected)
    else:
        np.testing.assert_array_equal(found.numpy(), expected)


def test_operands_of_any_layout(as_laid_out):
    base = np.random.default_rng(0).standard_normal((4, 5, 6)).astype("float32")
    views = [base, base.transpose(2, 1, 0).transpose(2, 1, 0), base[::-1, :, ::-1], base[:1], base[:, :, 2:3], base[0, 0]]
    for x1 in views:
        for x2 in views:
            np.testing.assert_array_equal(xp.subtract(as_laid_out(x1), as_laid_out(x2)).numpy(), x1 - x2)
    for view in (base.T, base[::2, ::-2, 1::3], np.broadcast_to(base[:1], (7, 5, 6))):
        np.testing.assert_array_equal(xp.negative(as_laid_out(view)).numpy(), -view)
        chosen = xp.where(as_laid_out(view) > 0, as_laid_out(view), 0.0)
        np.testing.assert_array_equal(chosen.numpy(), np.where(view > 0, view, 0))


def test_empty_and_zero_dimensional_operands(device):
    assert (xp.zeros((0, 3), device=device) + xp.zeros((1, 3), device=device)).shape == (0, 3)
    assert (xp.asarray(2.0, device=device) * xp.asarray(3.0, device=device)).shape == ()


@pytest.mark.parametrize("first", [d.name for d in dtypes.ALL])
@pytest.mark.parametrize("second", [d.name for d in dtypes.ALL])
def test_mixed_types_promote_by_the_standard(device, first, second):
    one, two = dtypes.BY_NAME[first], dtypes.BY_NAME[second]
    try:
        expected = xp.result_type(one, two)
    except TypeError:
        expected = None
    if any(d and not device.supports(d) for d in (one, two, expected)):
        pytest.skip(f"{device} lacks a type")
    x1, x2 = xp.ones(2, dtype=one, device=device), xp.ones(2, dtype=two, device=device)
    if expected is None:
        with pytest.raises(TypeError) as error:
            xp.equal(x1, x2)
        assert str(error.value) == (
            f"equal: {first} and {second} do not promote to a common type; convert one with astype()"
        )
        return
    if expected is not xp.bool:
        found = xp.add(x1, x2)
        assert found.dtype is expected
        np.testing.assert_array_equal(found.numpy(), np.full(2, 2, expected.name))
    assert xp.equal(x1, x2).numpy().all()


@pytest.mark.parametrize(("first", "second"), [("int64", "int8"), ("int32", "int64"), ("uint32", "int16")])
def test_integers_widened_to_int64_keep_their_sign(device, first, second):
    values = np.array([-128, -7, -2, -1, 1, 2, 5, 127])
    x1, x2 = (np.abs(values).astype(t) if t == "uint32" else values.astype(t) for t in (first, second))
    found = xp.floor_divide(xp.asarray(x1[:, None], device=device), xp.asarray(x2, device=device))
    np.testing.assert_array_equal(found.numpy(), np.floor_divide(x1[:, None], x2))


def test_python_scalars_take_the_type_of_the_tensor(device):
    x = xp.asarray([1, 2], dtype=xp.int32, device=device)
    assert (x + 1).dtype is xp.int32
    assert (x + 1.5).dtype is xp.float32
    assert (x.astype(xp.float32) + 1).dtype is xp.float32
    np.testing.assert_array_equal((x + 1.5).numpy(), np.array([2.5, 3.5], "float32"))
    np.testing.assert_array_equal((x + np.int64(4)).numpy(), np.array([5, 6]))


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan, 1e39, -0.0])
def test_scalars_may_be_special(device, value):
    found = (xp.zeros(2, device=device) + value).numpy()
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(found, np.zeros(2, "float32") + np.float32(value))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda x: xp.add(1, 2), TypeError, "add: every argument is a Python scalar; make one a tensor with asarray()"),
        (
            lambda x: xp.add(x, "a"),
            TypeError,
            "add: argument of type str is neither a tensor nor a Python scalar; convert it with asarray()",
        ),
        (
            lambda x: x + np.ones(3),
            TypeError,
            "add: argument of type ndarray is neither a tensor nor a Python scalar; convert it with asarray()",
        ),
        (
            lambda x: x + x[:2],
            ValueError,
            "add: shapes (3,), (2,) do not broadcast: axis -1 has lengths [2, 3]",
        ),
        (
            lambda x: x.astype(xp.int32) + 2**31,
            OverflowError,
            "add: 2147483648 does not fit int32, which holds -2147483648 to 2147483647",
        ),
        (
            lambda x: (x > 0) + 1,
            TypeError,
            "add: a Python int does not promote with a bool array; convert the array with astype()",
        ),
        (
            lambda x: xp.where(x, x, x),
            TypeError,
            "where: condition must be a bool tensor, not webgpu_array.float32; compare, or convert it with astype()",
        ),
    ],
)
def test_what_is_refused(device, call, error, text):
    with pytest.raises(error) as raised:
        call(xp.ones(3, device=device))
    assert str(raised.value) == text


def test_astype_converts_between_all_types(device, dtype):
    is_complex = dtypes.BY_NAME[dtype].is_complex
    for target in dtypes.ALL:
        if not device.supports(target):
            continue
        if is_complex and not (target.is_complex or target is xp.bool):
            with pytest.raises(TypeError, match=rf"^astype: {dtype} does not become {target.name}; take real"):
                xp.astype(xp.ones(2, dtype=dtypes.BY_NAME[dtype], device=device), target)
        else:
            host = np.array([0, 1, 3, 100]).astype(dtype)
            found = xp.astype(xp.asarray(host, device=device), target)
            assert found.dtype is target
            np.testing.assert_array_equal(found.numpy(), host.astype(target.name))


def test_astype_of_negative_numbers_and_fractions(device):
    host = np.array([-1.9, 2.9, -0.5], "float32")
    x = xp.asarray(host, device=device)
    np.testing.assert_array_equal(xp.astype(x, xp.int32).numpy(), host.astype("int32"))
    if device.supports(xp.int64):
        negative = xp.asarray(np.array([-1, -(2**31)], "int32"), device=device)
        np.testing.assert_array_equal(xp.astype(negative, xp.int64).numpy(), [-1, -(2**31)])
        large = xp.asarray(np.array([2**32 - 1], "uint32"), device=device)
        np.testing.assert_array_equal(xp.astype(large, xp.int64).numpy(), [2**32 - 1])


def test_astype_shares_memory_only_when_asked(device):
    x = xp.ones(3, device=device)
    assert xp.astype(x, xp.float32, copy=False) is x
    assert xp.astype(x, xp.float32).buffer is not x.buffer


def test_float32_is_what_a_device_without_float64_gives(own_device, monkeypatch):
    own_device.features = own_device.features - {"shader-f64"}
    missing = ", ".join(sorted({"shader-f64", "shader-int64"} - own_device.features))
    x = xp.ones(3, device=own_device)
    with pytest.warns(xp.PrecisionWarning) as warned:
        assert xp.astype(x, xp.float64).dtype is xp.float32
    assert str(warned[0].message) == (
        f"{own_device} has no 64-bit floats: float64 was asked for, float32 is what you get. "
        "Set WEBGPU_ARRAY_PRECISION=strict to make this an error"
    )
    monkeypatch.setenv("WEBGPU_ARRAY_PRECISION", "strict")
    with pytest.raises(xp.DTypeNotSupportedError) as error:
        xp.astype(x, xp.float64)
    assert str(error.value) == (
        f"{own_device} has no float64 (feature {missing}); `webgpu-array info` lists the devices that have it"
    )


def test_operands_larger_than_a_binding_are_cut(own_device):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 4096}
    host = np.random.default_rng(0).standard_normal((61, 83)).astype("float32")
    x = xp.asarray(host, device=own_device)
    np.testing.assert_array_equal((x + x).numpy(), host + host)
    np.testing.assert_array_equal((x[::-1, ::-1] * x).numpy(), host[::-1, ::-1] * host)
    np.testing.assert_array_equal((x.T - x[0, :61]).numpy(), host.T - host[0, :61])


def test_operands_on_two_devices_are_refused(device, own_device):
    with pytest.raises(ValueError) as error:
        xp.ones(3, device=device) + xp.ones(3, device=own_device)
    assert str(error.value) == (
        f"add: arguments are on {device} and {own_device}; move one with to_device()"
    )


def test_more_elements_than_one_dimension_of_workgroups(device):
    n = 65_535 * 256 + 300
    assert int(xp.sum(xp.ones(n, dtype=xp.int32, device=device) + 1)) == 2 * n


@pytest.mark.parametrize("value", [(2 - 2.0**-24) * 2.0**127, 1e300, 10**400])
def test_scalars_beyond_float32_are_infinite(device, value):
    x = xp.ones(1, device=device)
    assert float(x * value) == np.inf
    assert float(x * -value) == -np.inf


def test_the_last_scalar_that_rounds_to_a_finite_float32(device):
    value = np.nextafter((2 - 2.0**-24) * 2.0**127, 0)
    assert float(xp.ones(1, device=device) * value) == np.finfo(np.float32).max


@pytest.mark.parametrize("target", ["int8", "uint8", "int16", "uint16"])
def test_floats_beyond_a_narrow_integer_become_its_ends(device, target):
    limits = np.iinfo(target)
    host = np.array([limits.min - 1.5, limits.max + 1.0, limits.max + 0.5, 1e9, -1e9, np.inf, -np.inf], "float32")
    found = xp.astype(xp.asarray(host, device=device), xp.dtypes.BY_NAME[target]).numpy()
    np.testing.assert_array_equal(found, np.clip(host, limits.min, limits.max).astype(target))


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((-1,), "clip: -1 does not fit uint8, which holds 0 to 255"),
        ((None, 256), "clip: 256 does not fit uint8, which holds 0 to 255"),
        ((0, 256), "clip: 256 does not fit uint8, which holds 0 to 255"),
    ],
)
def test_clip_names_itself(device, arguments, text):
    with pytest.raises(OverflowError) as error:
        xp.clip(xp.ones(2, dtype=xp.uint8, device=device), *arguments)
    assert str(error.value) == text


def test_clip_without_bounds_is_for_the_same_types(device):
    with pytest.raises(TypeError) as error:
        xp.clip(xp.ones(2, dtype=xp.complex64, device=device))
    assert str(error.value) == "clip: arguments must be real numeric, not complex64; convert with astype()"
