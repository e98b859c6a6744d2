"""Operators and methods: each is its function; conversions to Python; what the namespace says of itself."""

import gc
import operator

import numpy as np
import pytest

import webgpu_array as xp

BINARY = ("add", "sub", "mul", "truediv")
BITWISE = ("and_", "or_", "xor", "lshift", "rshift")
COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")


@pytest.mark.parametrize("name", BINARY + COMPARISONS)
def test_arithmetic_and_comparison_with_tensors_and_scalars(device, name):
    function = getattr(operator, name)
    a, b = np.array([1.5, 2.0, -3.0], "float32"), np.array([2.0, 2.0, 2.0], "float32")
    x, y = xp.asarray(a, device=device), xp.asarray(b, device=device)
    np.testing.assert_allclose(function(x, y).numpy(), function(a, b), rtol=1e-6)
    np.testing.assert_allclose(function(x, 2.0).numpy(), function(a, np.float32(2)), rtol=1e-6)
    np.testing.assert_allclose(function(2.0, x).numpy(), function(np.float32(2), a), rtol=1e-6)
    np.testing.assert_allclose(function(np.float64(2), x).numpy(), function(np.float32(2), a), rtol=1e-6)


@pytest.mark.parametrize("name", BITWISE)
def test_bitwise_operators(device, name):
    function = getattr(operator, name)
    a, b = np.array([5, 6, 12], "int32"), np.array([1, 2, 3], "int32")
    x, y = xp.asarray(a, device=device), xp.asarray(b, device=device)
    np.testing.assert_array_equal(function(x, y).numpy(), function(a, b))
    np.testing.assert_array_equal(function(x, 3).numpy(), function(a, 3))
    np.testing.assert_array_equal(function(3, y).numpy(), function(3, b))


def test_unary_operators(device):
    x = xp.asarray([1.5, -2.0], device=device)
    np.testing.assert_array_equal((-x).numpy(), [-1.5, 2.0])
    np.testing.assert_array_equal((+x).numpy(), [1.5, -2.0])
    np.testing.assert_array_equal(abs(x).numpy(), [1.5, 2.0])
    np.testing.assert_array_equal((~(x > 0)).numpy(), [False, True])
    np.testing.assert_array_equal((~xp.asarray([5], device=device)).numpy(), [-6])


def test_assigning_operators_write_through_views(device):
    x = xp.ones((2, 3), device=device)
    view = same = x[:, 1:]
    view += 1.0
    view *= xp.asarray([[2.0], [3.0]], device=device)
    assert view is same
    np.testing.assert_array_equal(x.numpy(), [[1, 4, 4], [1, 6, 6]])


def test_assigning_operators_keep_dtype_and_shape(device):
    x = xp.asarray([1, 2], dtype=xp.int32, device=device)
    with pytest.raises(TypeError) as error:
        x += 0.5
    assert str(error.value) == (
        "add: in place, dtype int32 with shape (2,) cannot become float32 with shape (2,); write x = x ... instead"
    )
    with pytest.raises(TypeError, match="cannot become int32 with shape"):
        x += xp.ones((3, 2), dtype=xp.int32, device=device)
    np.testing.assert_array_equal(x.numpy(), [1, 2])


@pytest.mark.parametrize(("narrow", "wide"), [("int16", "int64"), ("uint8", "uint32")])
def test_assigning_operators_round_wider_types_of_the_same_kind(device, narrow, wide):
    other = xp.asarray([3, 250], dtype=getattr(xp, wide), device=device)
    x = xp.asarray([1, 5], dtype=getattr(xp, narrow), device=device)
    x += other
    assert x.dtype is getattr(xp, narrow)
    np.testing.assert_array_equal(x.numpy(), np.asarray([4, 255]).astype(narrow))


@pytest.mark.parametrize(("narrow", "wide"), [("float32", "float64"), ("complex64", "complex128")])
def test_assigning_operators_round_to_single_precision(device, needs_float64, narrow, wide):
    x = xp.ones(3, dtype=getattr(xp, narrow), device=device)
    x += xp.full(3, 1e-9, dtype=getattr(xp, wide), device=device)
    assert x.dtype is getattr(xp, narrow)
    np.testing.assert_array_equal(x.numpy(), np.ones(3, dtype=narrow))


def test_other_classes_may_have_operators_for_tensors(device):
    class Other:
        def __radd__(self, left):
            return "added"

        def __rmatmul__(self, left):
            return "multiplied"

    x = xp.ones((2, 2), device=device)
    assert (x + Other(), x @ Other()) == ("added", "multiplied")
    assert (x == None, x != "a", None in [x]) == (False, True, False)  # noqa: E711
    with pytest.raises(TypeError, match="unsupported operand"):
        x - Other()
    with pytest.raises(TypeError) as error:
        np.ones((2, 2), "float32") @ x
    assert "convert it with asarray()" in str(error.value)


def test_methods_are_the_functions(device):
    x = xp.asarray([[4.0, 7.0], [2.0, 6.0]], device=device)
    b = xp.asarray([1.0, 2.0], device=device)
    pairs = [
        (x.add(1), x + 1),
        (x.sub(1), x - 1),
        (x.mul(2), x * 2),
        (x.div(2), x / 2),
        (x.neg(), -x),
        (x.abs(), abs(x)),
        (x.sqrt(), xp.sqrt(x)),
        (x.matmul(b), x @ b),
        (x.inverse(), xp.linalg.inv(x)),
        (x.det(), xp.linalg.det(x)),
        (x.pinverse(), xp.linalg.pinv(x)),
        (x.solve(b), xp.linalg.solve(x, b)),
        (x.T, xp.matrix_transpose(x)),
        (x.mT, xp.matrix_transpose(x)),
        (x.reshape(4), xp.reshape(x, (4,))),
        (x.reshape(-1, 1), xp.reshape(x, (4, 1))),
        (x.reshape((1, 4)), xp.reshape(x, (1, 4))),
        (x.sum(), xp.sum(x)),
        (x.sum(0, keepdims=True), xp.sum(x, axis=0, keepdims=True)),
        (x.prod(axis=1), xp.prod(x, axis=1)),
        (x.mean(), xp.mean(x)),
        (x.max(0), xp.max(x, axis=0)),
        (x.min(0), xp.min(x, axis=0)),
        (x.all(), xp.all(x)),
        (x.any(1), xp.any(x, axis=1)),
        (x.astype(xp.int32), xp.astype(x, xp.int32)),
    ]
    for found, expected in pairs:
        assert found.dtype is expected.dtype
        np.testing.assert_array_equal(found.numpy(), expected.numpy())
    assert x.tolist() == [[4.0, 7.0], [2.0, 6.0]]
    assert x.det().item() == pytest.approx(10.0, rel=1e-6)


def test_the_inverse_of_the_readme(device):
    x = xp.asarray([[4.0, 7.0], [2.0, 6.0]], device=device)
    np.testing.assert_allclose(x.inverse().numpy(), [[0.6, -0.7], [-0.2, 0.4]], rtol=1e-6)
    np.testing.assert_allclose((x.inverse() @ xp.asarray([1.0, 2.0], device=device)).numpy(), [-0.8, 0.6], rtol=1e-6)


def test_conversions_to_python(device):
    assert float(xp.asarray([[1.5]], device=device)) == 1.5
    assert int(xp.asarray(2.9, device=device)) == 2
    assert bool(xp.asarray(float("nan"), device=device)) is True
    assert bool(xp.asarray(0, device=device)) is False
    assert operator.index(xp.asarray(3, device=device)) == 3
    assert complex(xp.asarray(1.5, device=device)) == 1.5
    assert f"{xp.asarray(1.5, device=device):.3f}" == "1.500"
    assert len(xp.zeros((3, 2), device=device)) == 3
    assert [float(v) for v in xp.asarray([1, 2], device=device)] == [1.0, 2.0]
    assert 2 in xp.asarray([1, 2], device=device)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda x: bool(x), "bool: x with shape (2,) has 2 elements; only one can become a Python scalar"),
        (lambda x: float(x[:0]), "float: x with shape (0,) has 0 elements; only one can become a Python scalar"),
        (lambda x: x.item(), "item: x with shape (2,) has 2 elements; only one can become a Python scalar"),
        (
            lambda x: operator.index(x[0]),
            "__index__: only an integer tensor without axes is an index, not float32 with shape ()",
        ),
        (lambda x: len(x[0]), "len: x has no axes (shape ())"),
        (lambda x: iter(x[0]), "iter: x has no axes (shape ())"),
        (hash, "unhashable type: 'Tensor'"),
    ],
)
def test_conversions_that_are_refused(device, call, text):
    with pytest.raises(TypeError) as error:
        call(xp.ones(2, device=device))
    assert str(error.value) == text


def test_transposes_need_two_axes(device):
    with pytest.raises(ValueError) as error:
        _ = xp.ones(3, device=device).T
    assert str(error.value) == "T: x must have two axes, not shape (3,); use mT or permute_dims()"
    with pytest.raises(ValueError) as error:
        _ = xp.ones(3, device=device).mT
    assert str(error.value) == "matrix_transpose: x must have shape (..., M, N), not (3,)"


def test_the_namespace_of_a_tensor_is_the_package(device):
    x = xp.ones(1, device=device)
    assert x.__array_namespace__() is xp
    for version in ("2021.12", "2022.12", "2023.12", "2024.12", "2025.12"):
        assert x.__array_namespace__(api_version=version) is xp is xp.namespace()
    with pytest.raises(ValueError) as error:
        x.__array_namespace__(api_version="2019.01")
    assert str(error.value) == (
        "__array_namespace__: version '2019.01' is not supported; "
        "use one of 2021.12, 2022.12, 2023.12, 2024.12, 2025.12"
    )


def test_info_tells_what_the_device_has(device):
    info = xp.__array_namespace_info__()
    assert device in info.devices()
    assert info.default_device() is xp.default_device()
    found = info.dtypes(device=device)
    assert all(device.supports(dtype) and name == dtype.name for name, dtype in found.items())
    assert {"bool", "int8", "int16", "int32", "int64", "float32", "complex64"} <= set(found)
    unsigned = {"uint8", "uint16", "uint32", "uint64"}
    assert set(info.dtypes(device=device, kind=("bool", "unsigned integer"))) == {"bool", *unsigned}
    assert info.capabilities()["boolean indexing"] is True


def test_a_tensor_in_a_reference_cycle_gives_a_living_buffer_back(device):
    x = xp.ones(1000, device=device)
    x.numpy()
    cycle = [x]
    cycle.append(cycle)
    del x, cycle
    gc.collect()
    np.testing.assert_array_equal(xp.ones(1000, device=device).numpy(), np.ones(1000))
