"""New tensors against NumPy: values, default types, and what is refused."""

import numpy as np
import pytest

import webgpu_array as xp

DTYPES = ("bool", "int32", "int64", "uint32", "uint64", "float32", "float64")


@pytest.fixture(params=DTYPES)
def dtype(request, device):
    """Every type that the device has."""
    found = xp.__array_namespace_info__().dtypes(device=device)
    if request.param not in found:
        pytest.skip(f"{device} has no {request.param}")
    return found[request.param]


@pytest.mark.parametrize("shape", [(), (0,), (5,), (3, 4), (2, 0, 3), (300, 7)])
def test_zeros_ones_and_full_hold_one_value(device, dtype, shape):
    for made, value in ((xp.zeros, 0), (xp.ones, 1)):
        x = made(shape, dtype=dtype, device=device)
        assert (x.shape, x.dtype, x.device) == (shape, dtype, device)
        np.testing.assert_array_equal(x.numpy(), np.full(shape, value, dtype.name))
    np.testing.assert_array_equal(xp.full(shape, True, dtype=dtype, device=device).numpy(), np.full(shape, 1, dtype.name))


def test_full_takes_the_default_type_of_its_value(device):
    integer = xp.__array_namespace_info__().default_dtypes(device=device)["integral"]
    assert xp.full(2, True, device=device).dtype is xp.bool
    assert xp.full(2, 7, device=device).dtype is integer
    assert xp.full(2, 7.5, device=device).dtype is xp.float32


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan, -0.0, 1e300])
def test_full_holds_special_values(device, value):
    x = xp.full(3, value, device=device).numpy()
    with np.errstate(over="ignore"):
        expected = np.full(3, value, np.float32)
    np.testing.assert_array_equal(x, expected)
    np.testing.assert_array_equal(np.signbit(x), np.signbit(expected))


def test_full_refuses_an_integer_that_does_not_fit(device):
    with pytest.raises(OverflowError) as error:
        xp.full(3, -1, dtype=xp.uint32, device=device)
    assert str(error.value) == "full: -1 does not fit uint32, which holds 0 to 4294967295"


def test_shapes_must_not_be_negative(device):
    with pytest.raises(ValueError) as error:
        xp.empty((3, -1), device=device)
    assert str(error.value) == "empty: shape (3, -1) has a negative length; use 0 or more"


def test_like_functions_take_shape_dtype_and_device_of_x(device):
    x = xp.zeros((2, 3), dtype=xp.int32, device=device)
    for made in (xp.empty_like(x), xp.zeros_like(x), xp.ones_like(x), xp.full_like(x, 4)):
        assert (made.shape, made.dtype, made.device) == ((2, 3), xp.int32, device)
    assert xp.ones_like(x, dtype=xp.float32).dtype is xp.float32
    np.testing.assert_array_equal(xp.full_like(x, 4).numpy(), np.full((2, 3), 4))


@pytest.mark.parametrize("k", [-5, -2, 0, 1, 3, 9])
@pytest.mark.parametrize("shape", [(3, 3), (2, 5), (4, 2), (0, 3)])
def test_eye_has_ones_on_one_diagonal(device, shape, k):
    np.testing.assert_array_equal(xp.eye(*shape, k=k, device=device).numpy(), np.eye(*shape, k=k, dtype="float32"))


@pytest.mark.parametrize("arguments", [(10,), (3, 10), (10, 3), (0, 10, 3), (10, -5, -4), (5, 5), (-7, 1000, 13)])
def test_arange_of_integers_is_exact(device, arguments):
    x = xp.arange(*arguments, device=device)
    assert x.dtype is xp.__array_namespace_info__().default_dtypes(device=device)["integral"]
    np.testing.assert_array_equal(x.numpy(), np.arange(*arguments))


@pytest.mark.parametrize("arguments", [(0.0, 1.0, 0.1), (1.5, -3.0, -0.25), (0, 700, 0.5)])
def test_arange_of_floats_is_near(device, arguments):
    x = xp.arange(*arguments, device=device)
    assert x.dtype is xp.float32
    np.testing.assert_allclose(x.numpy(), np.arange(*arguments), rtol=2e-7, atol=1e-7)


def test_arange_refuses_a_step_of_zero(device):
    with pytest.raises(ValueError) as error:
        xp.arange(0, 5, 0, device=device)
    assert str(error.value) == "arange: step is 0; use another number"


@pytest.mark.parametrize("endpoint", [True, False])
@pytest.mark.parametrize("num", [0, 1, 2, 7, 1000])
def test_linspace_meets_both_ends(device, num, endpoint):
    x = xp.linspace(-3.0, 10.1, num, endpoint=endpoint, device=device).numpy()
    expected = np.linspace(-3.0, 10.1, num, endpoint=endpoint, dtype="float32")
    np.testing.assert_allclose(x, expected, rtol=3e-7, atol=5e-7)
    if num > 1 and endpoint:
        assert (x[0], x[-1]) == (expected[0], expected[-1])


@pytest.mark.parametrize("k", [-2, 0, 1])
def test_tril_and_triu_keep_a_triangle(device, dtype, k):
    host = np.arange(2 * 4 * 5).reshape(2, 4, 5).astype(dtype.name)
    x = xp.asarray(host, device=device)
    np.testing.assert_array_equal(xp.tril(x, k=k).numpy(), np.tril(host, k=k))
    np.testing.assert_array_equal(xp.triu(x, k=k).numpy(), np.triu(host, k=k))


def test_triangles_need_a_matrix(device):
    with pytest.raises(ValueError) as error:
        xp.tril(xp.zeros(3, device=device))
    assert str(error.value) == "tril: x must have shape (..., M, N), not (3,)"


@pytest.mark.parametrize("indexing", ["xy", "ij"])
def test_meshgrid_repeats_each_array(device, indexing):
    hosts = [np.arange(n, dtype="float32") for n in (2, 3, 4)]
    found = xp.meshgrid(*(xp.asarray(h, device=device) for h in hosts), indexing=indexing)
    for x, expected in zip(found, np.meshgrid(*hosts, indexing=indexing), strict=True):
        np.testing.assert_array_equal(x.numpy(), expected)


def test_a_progression_longer_than_a_binding_is_cut(own_device):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 4096}
    np.testing.assert_array_equal(xp.arange(7001, device=own_device).numpy(), np.arange(7001))
    x = xp.linspace(0.0, 1.0, 7001, device=own_device).numpy()
    np.testing.assert_allclose(x, np.linspace(0, 1, 7001), rtol=3e-7)
    np.testing.assert_array_equal(xp.ones(7001, device=own_device).numpy(), np.ones(7001))


@pytest.mark.parametrize("number", [np.int32, np.int64, lambda value: xp.asarray(value)], ids=["int32", "int64", "tensor"])
def test_integers_of_other_kinds_are_integers(device, number):
    assert xp.full(2, number(7), device=device).dtype is xp.full(2, 7, device=device).dtype
    assert xp.arange(number(3), device=device).dtype is xp.arange(3, device=device).dtype
    assert xp.arange(number(3), device=device).tolist() == [0, 1, 2]


@pytest.mark.parametrize("value", ["7", None])
def test_full_refuses_what_is_no_number(device, value):
    with pytest.raises(TypeError) as error:
        xp.full(2, value, device=device)
    assert str(error.value) == (
        f"full: argument of type {type(value).__name__} is neither a tensor nor a Python scalar; convert it with asarray()"
    )


def test_full_of_a_complex_number_is_complex(device):
    x = xp.full(2, 1 - 7j, device=device)
    assert x.dtype is xp.complex64
    assert x.numpy().tolist() == [1 - 7j, 1 - 7j]


@pytest.mark.parametrize("shape", [2.5, (2, 2.5), "ab", None])
def test_lengths_must_be_integers(device, shape):
    with pytest.raises(TypeError) as error:
        xp.zeros(shape, device=device)
    assert str(error.value) == f"zeros: shape {shape!r} must be an integer or a sequence of integers"


def test_a_shape_may_be_an_integer_of_numpy(device):
    assert xp.zeros(np.int64(2), device=device).shape == (2,)


def test_linspace_refuses_integers(device):
    with pytest.raises(TypeError) as error:
        xp.linspace(0, 1, 5, dtype=xp.int32, device=device)
    assert str(error.value) == "linspace: dtype must be floating-point, not int32; convert the result with astype()"


def test_arange_refuses_truth_values(device):
    with pytest.raises(TypeError) as error:
        xp.arange(3, dtype=xp.bool, device=device)
    assert str(error.value) == "arange: dtype must be numeric, not bool; convert the result with astype()"


@pytest.mark.parametrize(
    ("arguments", "dtype"),
    [
        ((0, 256), "uint8"),
        ((5, -1, -1), "uint8"),
        ((5, -1, -1), "uint64"),
        ((120, -129, -100), "int8"),
        ((2**63, 2**63 + 3), "uint64"),
        ((0, 10, 2**40), "int32"),
        ((300, 3), "uint8"),
        ((0.0, 4.5), "int16"),
    ],
)
def test_only_the_elements_of_a_range_must_fit_its_type(device, bare_device, arguments, dtype):
    expected = np.array(range(*(int(np.ceil(v)) for v in arguments)), dtype)
    for each in (device, bare_device):
        np.testing.assert_array_equal(xp.arange(*arguments, dtype=dtype, device=each).numpy(), expected)


@pytest.mark.parametrize(
    ("arguments", "dtype", "error", "text"),
    [
        ((127, 130), "int8", OverflowError, "arange: 129 does not fit int8, which holds -128 to 127"),
        ((-1, 3), "uint8", OverflowError, "arange: -1 does not fit uint8, which holds 0 to 255"),
        (
            (0.5, 5),
            "int32",
            ValueError,
            "arange: from 0.5 in steps of 1 there are fractions, which int32 does not hold; "
            "use a floating type, and convert the result with astype()",
        ),
        (
            (np.inf,),
            None,
            ValueError,
            "arange: from 0 to inf in steps of 1 is no finite range; use other numbers",
        ),
    ],
)
def test_ranges_that_are_refused(device, arguments, dtype, error, text):
    with pytest.raises(error) as raised:
        xp.arange(*arguments, dtype=dtype, device=device)
    assert str(raised.value) == text


def test_linspace_between_numbers_whose_difference_overflows(device, inexact):
    most = xp.finfo(inexact).max
    for num in (2, 3):
        expected = [-most, 0.0, most][:: 4 - num]
        assert xp.linspace(-most, most, num, dtype=inexact, device=device).tolist() == expected


@pytest.mark.parametrize("num", [2.5, 5.0, "3"])
def test_linspace_wants_an_integer_number_of_values(device, num):
    with pytest.raises(TypeError) as error:
        xp.linspace(0, 1, num, device=device)
    assert str(error.value) == f"linspace: num must be an integer, not {num!r}"


def test_linspace_of_complex_limits_is_complex(device):
    assert xp.linspace(0, 2j, np.int64(3), device=device).tolist() == [0j, 1j, 2j]
    with pytest.raises(TypeError) as error:
        xp.linspace(0, 1j, 3, dtype=xp.float32, device=device)
    assert str(error.value) == (
        "linspace: dtype must be complex floating, not float32; convert the result with astype()"
    )


def test_eye_takes_integers_of_numpy(device):
    found = xp.eye(np.int64(2), np.int32(3), k=np.int64(1), device=device).numpy()
    np.testing.assert_array_equal(found, np.eye(2, 3, k=1))


@pytest.mark.parametrize("k", [2**31 - 1, -(2**31), 2**40, -(2**70)])
def test_diagonals_may_lie_anywhere(device, k):
    x = xp.ones((3, 2), device=device)
    np.testing.assert_array_equal(xp.tril(x, k=k).numpy(), np.full((3, 2), float(k > 0)))
    np.testing.assert_array_equal(xp.triu(x, k=k).numpy(), np.full((3, 2), float(k < 0)))
    assert not xp.any(xp.eye(3, 2, k=k, device=device))


@pytest.mark.parametrize("function", [xp.tril, xp.triu, lambda x, k: xp.eye(2, k=k)])
def test_diagonals_are_integers(device, function):
    with pytest.raises(TypeError, match=r"^(tril|triu|eye): k must be an integer, not 0.5$"):
        function(xp.ones((2, 2), device=device), k=0.5)


@pytest.mark.parametrize(
    ("call", "name", "argument"),
    [
        (xp.empty_like, "empty_like", "x"),
        (xp.zeros_like, "zeros_like", "x"),
        (xp.ones_like, "ones_like", "x"),
        (lambda x: xp.full_like(x, 1), "full_like", "x"),
        (xp.tril, "tril", "x"),
        (xp.triu, "triu", "x"),
        (xp.meshgrid, "meshgrid", "every argument"),
        (lambda x: xp.astype(x, xp.int32), "astype", "x"),
        (xp.clip, "clip", "x"),
    ],
)
def test_what_is_no_tensor_is_refused(call, name, argument):
    with pytest.raises(TypeError) as error:
        call([1.0])
    assert str(error.value) == f"{name}: {argument} must be a tensor, not list; convert it with asarray()"
