"""Reductions against NumPy: axes, layouts, types, special values, and how exact sums are."""

import numpy as np
import pytest

import webgpu_array as xp

AXES = (None, 0, 1, -1, (0, 1), (0, 2), (2, 1), ())


def normal(*shape, dtype="float32"):
    return np.random.default_rng(7).standard_normal(shape).astype(dtype)


def layouts(host):
    """The same numbers permuted, reversed, sliced and broadcast."""
    yield host
    yield host.transpose(2, 0, 1)
    yield host[::-1, :, ::-2]
    yield np.broadcast_to(host[:1], (3, *host.shape[1:]))


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("name", ["sum", "prod", "max", "min", "mean", "var", "std"])
def test_reductions_of_every_layout_match_numpy(as_laid_out, name, axis):
    for host in layouts(normal(3, 5, 70)):
        expected = getattr(np, name)(host.astype("float64"), axis=axis)
        found = getattr(xp, name)(as_laid_out(host), axis=axis)
        assert found.shape == expected.shape
        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("keepdims", [True, False])
@pytest.mark.parametrize("axis", AXES)
def test_keepdims_keeps_axes_of_length_one(device, axis, keepdims):
    host = normal(2, 3, 4)
    x = xp.asarray(host, device=device)
    for name in ("sum", "max", "mean", "std", "any", "all"):
        expected = getattr(np, name)(host, axis=axis, keepdims=keepdims)
        assert getattr(xp, name)(x, axis=axis, keepdims=keepdims).shape == expected.shape


@pytest.mark.parametrize("n", [1, 31, 32, 33, 64, 65, 256, 257, 4095, 4096, 4097, 70_000])
def test_rows_and_columns_of_every_length(device, n):
    host = np.random.default_rng(n).integers(-50, 50, (3, n)).astype("int32")
    x = xp.asarray(host, device=device)
    np.testing.assert_array_equal(xp.sum(x, axis=1).numpy(), host.sum(axis=1))
    np.testing.assert_array_equal(xp.sum(x, axis=0).numpy(), host.sum(axis=0))
    np.testing.assert_array_equal(xp.max(x, axis=1).numpy(), host.max(axis=1))


def test_many_columns_of_many_rows(device):
    host = np.random.default_rng(1).integers(-9, 9, (5000, 40)).astype("int32")
    np.testing.assert_array_equal(xp.sum(xp.asarray(host, device=device), axis=0).numpy(), host.sum(axis=0))


def test_more_rows_than_one_dimension_of_workgroups(device):
    host = np.ones((70_000, 33), "float32")
    np.testing.assert_array_equal(xp.sum(xp.asarray(host, device=device), axis=1).numpy(), np.full(70_000, 33.0))


def test_a_sum_of_ten_million_floats_is_within_a_millionth(device):
    host = np.random.default_rng(3).random(10_000_000, dtype="float32")
    found = float(xp.sum(xp.asarray(host, device=device)))
    assert found == pytest.approx(host.sum(dtype="float64"), rel=1e-6)


@pytest.mark.parametrize("dtype", ["bool", "int8", "int32", "uint16", "uint32", "int64", "uint64"])
def test_integers_are_summed_in_the_default_type(device, dtype):
    has_int64 = "shader-int64" in device.features
    bits = 64 if has_int64 or dtype.endswith("64") else 32
    expected = xp.dtypes.BY_NAME[f"uint{bits}" if dtype.startswith("u") else f"int{bits}"]
    x = xp.asarray(np.ones(5, dtype), device=device)
    for name in ("sum", "prod"):
        found = getattr(xp, name)(x)
        assert found.dtype is expected
        assert int(found) == getattr(np, name)(np.ones(5, dtype))


def test_dtype_is_the_type_of_the_arithmetic(device):
    x = xp.asarray(np.array([1.7, 2.7], "float32"), device=device)
    assert int(xp.sum(x, dtype=xp.int32)) == 3
    with pytest.raises(TypeError) as error:
        xp.sum(x, dtype=xp.bool)
    assert str(error.value) == "sum: dtype must be numeric, not bool; use any() or all()"


def test_float64_sums_hold_sixteen_digits(device, needs_float64):
    host = normal(1000, dtype="float64")
    assert float(xp.sum(xp.asarray(host, device=device))) == pytest.approx(host.sum(), rel=1e-13)
    wide = xp.sum(xp.asarray(host.astype("float32"), device=device), dtype=xp.float64)
    assert float(wide) == pytest.approx(host.astype("float32").sum(dtype="float64"), rel=1e-13)


def test_reductions_of_nothing(device):
    x = xp.zeros((0, 3), device=device)
    assert float(xp.sum(x)) == 0
    assert float(xp.prod(x)) == 1
    np.testing.assert_array_equal(xp.sum(x, axis=0).numpy(), np.zeros(3))
    assert xp.max(x, axis=1).shape == (0,)
    assert np.isnan(xp.mean(x, axis=0).numpy()).all()
    assert not bool(xp.any(x))
    assert bool(xp.all(x))


@pytest.mark.parametrize("name", ["max", "min"])
def test_max_of_nothing_is_refused(device, name):
    with pytest.raises(ValueError) as error:
        getattr(xp, name)(xp.zeros((0, 3), device=device), axis=0)
    assert str(error.value) == f"{name}: x with shape (0, 3) has no elements along axis 0 to choose from"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n", [3, 40, 5000])
def test_max_and_min_keep_nan_and_infinities(device, dtype, n):
    if not device.supports(xp.dtypes.BY_NAME[dtype]):
        pytest.skip(f"{device} has no {dtype}")
    for values in ([np.nan], [np.inf], [-np.inf], [np.inf, -np.inf], [np.inf, np.nan]):
        host = normal(n, dtype=dtype)
        host[: len(values)] = values
        x = xp.asarray(host, device=device)
        for name in ("max", "min", "sum"):
            with np.errstate(invalid="ignore"):
                expected = getattr(np, name)(host)
            np.testing.assert_allclose(float(getattr(xp, name)(x)), expected, rtol=1e-5, atol=1e-5)
    only = xp.full(n, -np.inf, dtype=xp.dtypes.BY_NAME[dtype], device=device)
    assert float(xp.max(only)) == -np.inf


def test_any_and_all_count_nan_as_true_and_minus_zero_as_false(device):
    host = np.array([[0, 0], [0, np.nan], [-0.0, 0], [1, 2]], "float32")
    x = xp.asarray(host, device=device)
    for axis in (None, 0, 1):
        np.testing.assert_array_equal(xp.any(x, axis=axis).numpy(), host.any(axis=axis))
        np.testing.assert_array_equal(xp.all(x, axis=axis).numpy(), host.all(axis=axis))
    assert xp.any(x).dtype is xp.bool
    assert bool(xp.all(xp.asarray([True, True], device=device)))


def test_var_of_large_numbers_does_not_cancel(device):
    host = normal(1000) + np.float32(1000)
    found = float(xp.var(xp.asarray(host, device=device), correction=1))
    assert found == pytest.approx(host.astype("float64").var(ddof=1), rel=1e-4)


@pytest.mark.parametrize("axis", [None, 0, 1])
def test_sums_of_one_sign_are_exact_to_a_few_bits(device, axis):
    steps = np.arange(3_000_000, dtype="float32").reshape(1500, 2000)
    hosts = (
        np.full_like(steps, 0.1),  # every rounding goes the same way
        1.0 / (1.0 + steps),
        np.exp2(-steps % 40),  # numbers of all magnitudes
    )
    for host in hosts:
        found = xp.sum(xp.asarray(host, device=device), axis=axis).numpy()
        np.testing.assert_allclose(found, host.sum(axis=axis, dtype="float64"), rtol=3e-7)


@pytest.mark.parametrize("axis", [(0, 2), 1, (1, 3), (0, 1, 3), (3, 0)])
def test_groups_of_axes_that_do_not_merge(as_laid_out, axis):
    host = np.random.default_rng(8).integers(-9, 9, (7, 33, 40, 21)).astype("int32")
    for view in (host, host[:, ::-2], host.transpose(2, 1, 3, 0)):
        x = as_laid_out(view)
        np.testing.assert_array_equal(xp.sum(x, axis=axis).numpy(), view.sum(axis=axis))
        np.testing.assert_array_equal(xp.count_nonzero(x, axis=axis).numpy(), np.count_nonzero(view, axis=axis))
        np.testing.assert_array_equal(xp.all(x, axis=axis).numpy(), view.all(axis=axis))


@pytest.mark.parametrize("offset", range(4))
@pytest.mark.parametrize("n", [1, 3, 4, 5, 17, 63, 255, 1000, 5003])
def test_rows_that_begin_anywhere(device, n, offset):
    host = np.random.default_rng(n).integers(-50, 50, (3, n + 8)).astype("int32")
    view = host[:, offset : offset + n]
    x = xp.asarray(host, device=device)[:, offset : offset + n]
    np.testing.assert_array_equal(xp.sum(x, axis=1).numpy(), view.sum(axis=1))
    np.testing.assert_array_equal(xp.min(x, axis=1).numpy(), view.min(axis=1))


def test_infinite_sums_stay_infinite(device):
    x = xp.asarray([[1e38] * 40, [np.inf] + [1.0] * 39, [-np.inf] + [np.inf] * 39], dtype=xp.float32, device=device)
    np.testing.assert_array_equal(xp.sum(x, axis=1).numpy(), [np.inf, np.inf, np.nan])
    np.testing.assert_array_equal(xp.sum(x.T, axis=0).numpy(), [np.inf, np.inf, np.nan])


def test_a_sum_of_negative_zeros_is_one(device):
    assert np.signbit(xp.sum(xp.asarray([-0.0, -0.0], device=device)).numpy())
    assert not np.signbit(xp.sum(xp.zeros(0, device=device)).numpy())


def test_sums_and_products_of_every_dtype(device, any_dtype):
    if any_dtype == "bool":
        pytest.skip("test_integers_are_summed_in_the_default_type has it")
    host = np.random.default_rng(9).integers(0, 3, (5, 40))
    host = (host - 1).astype(any_dtype) if any_dtype[0] in "if" else host.astype(any_dtype)
    if any_dtype.startswith("complex"):
        host = host * np.array([1, 1j, -1, -1j], any_dtype)[np.arange(40) % 4]
    x = xp.asarray(host, device=device)
    for axis in (None, 0, 1):
        for name in ("sum", "prod"):
            found = getattr(xp, name)(x, axis=axis)
            np.testing.assert_array_equal(found.numpy(), getattr(np, name)(host, axis=axis, dtype=found.dtype.name))


def test_means_of_complex_numbers_are_those_of_their_parts(device):
    host = np.array([[1 + 2j, 3 - 4j, 5j], [np.nan + 1j, 1 + 1j, 4 + 1j], [1 + 1j, 1 + 1j, 4 + np.inf * 1j]], "complex64")
    found = xp.mean(xp.asarray(host, device=device), axis=1).numpy()
    np.testing.assert_allclose(found.real, host.real.mean(axis=1), rtol=1e-6)
    np.testing.assert_allclose(found.imag, host.imag.mean(axis=1), rtol=1e-6)
    assert np.isnan(xp.mean(xp.zeros(0, dtype=xp.complex64, device=device)).numpy().imag)


def test_means_of_integers_are_floats(device):
    x = xp.asarray([1, 2, 4], dtype=xp.int32, device=device)
    assert xp.mean(x).dtype is xp.__array_namespace_info__().default_dtypes(device=device)["real floating"]
    assert float(xp.mean(x)) == pytest.approx(7 / 3, rel=1e-6)
    assert float(xp.var(x, correction=1)) == pytest.approx(7 / 3, rel=1e-6)


def test_a_mean_of_float16_does_not_overflow_on_the_way(device):
    if not device.supports(xp.float16):
        pytest.skip(f"{device} has no float16")
    x = xp.full(5000, 1000, dtype=xp.float16, device=device)
    assert float(xp.mean(x)) == 1000
    assert float(xp.std(x)) == 0


def test_a_variance_without_degrees_of_freedom_is_nan(device):
    x = xp.asarray([1.0, 2.0], device=device)
    for correction in (2, 3.5):
        assert np.isnan(float(xp.var(x, correction=correction)))
        assert np.isnan(float(xp.std(x, correction=correction)))


def test_numbers_only_and_reals_only(device):
    with pytest.raises(TypeError) as error:
        xp.mean(xp.asarray([True], device=device))
    assert str(error.value) == "mean: x must be numeric, not bool; convert it with astype()"
    with pytest.raises(TypeError) as error:
        xp.var(xp.asarray([1j], device=device))
    assert str(error.value) == "var: x must be real, not complex64; take its real() and imag()"
    with pytest.raises(TypeError) as error:
        xp.min(xp.asarray([1j], device=device))
    assert str(error.value) == "min: x must be real numeric, not complex64; convert it with astype()"
    with pytest.raises(TypeError) as error:
        xp.max(xp.asarray([True], device=device))
    assert str(error.value) == "max: x must be real numeric, not bool; convert it with astype()"


def test_axis_out_of_range(device):
    with pytest.raises(IndexError) as error:
        xp.sum(xp.zeros((4, 5), device=device), axis=3)
    assert str(error.value) == "sum: axis 3 is out of range for x with shape (4, 5); use -2 <= axis < 2"
    with pytest.raises(ValueError) as error:
        xp.sum(xp.zeros((4, 5), device=device), axis=(0, -2))
    assert str(error.value) == "sum: axis (0, -2) names an axis twice"


def test_operands_larger_than_a_binding_are_cut(own_device):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 4096}
    host = np.random.default_rng(5).integers(-9, 9, (37, 301)).astype("int32")
    x = xp.asarray(host, device=own_device)
    for axis in (None, 0, 1):
        np.testing.assert_array_equal(xp.sum(x, axis=axis).numpy(), host.sum(axis=axis))
        np.testing.assert_array_equal(xp.max(x.T, axis=axis).numpy(), host.T.max(axis=axis))
    np.testing.assert_array_equal(xp.any(x > 7, axis=0).numpy(), (host > 7).any(axis=0))


@pytest.mark.parametrize("name", ["sum", "prod", "max", "min", "mean", "var", "std", "all", "any"])
def test_what_is_no_tensor_is_refused(name):
    with pytest.raises(TypeError) as error:
        getattr(xp, name)(np.ones(2))
    assert str(error.value) == f"{name}: x must be a tensor, not ndarray; convert it with asarray()"


@pytest.mark.parametrize("offset", [1e7, -3e8])
def test_a_variance_is_not_that_of_a_rounded_mean(device, offset):
    step = np.spacing(np.float32(abs(offset)))
    host = (offset + step * np.random.default_rng(6).integers(0, 2, (5000, 3))).astype("float32")
    x = xp.asarray(host, device=device)
    np.testing.assert_allclose(xp.var(x, axis=0).numpy(), host.astype("float64").var(axis=0), rtol=1e-6)
    np.testing.assert_allclose(float(xp.std(x, correction=1)), host.astype("float64").std(ddof=1), rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda x: xp.mean(x, axis=1), IndexError, "mean: axis 1 is out of range for x with shape (3,); use -1 <= axis < 1"),
        (
            lambda x: xp.count_nonzero(x, axis=1),
            IndexError,
            "count_nonzero: axis 1 is out of range for x with shape (3,); use -1 <= axis < 1",
        ),
        (
            lambda x: xp.var(x, correction="1"),
            TypeError,
            "var: argument of type str is neither a tensor nor a Python scalar; convert it with asarray()",
        ),
    ],
)
def test_what_is_refused_names_the_function(device, call, error, text):
    with pytest.raises(error) as caught:
        call(xp.zeros(3, device=device))
    assert str(caught.value) == text
