"""sort and argsort against NumPy: short rows and long ones, every type, layouts, ties, special values."""

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array import dtypes
from webgpu_array.errors import DeviceMemoryError
from webgpu_array.plans.sorting import Sort
from webgpu_array.plugins import registry

# Elements of a row: sorted in workgroup memory, in one tile, in several, and in enough for chunks of tiles.
LENGTHS = (1, 2, 37, 1000, 1500, 4999)
MANY = 70_001


def numbers(name, *shape):
    """Random numbers with many ties, and the special values of the type."""
    rng = np.random.default_rng(3)
    kind = np.dtype(name).kind
    if kind in "iu":
        info = np.iinfo(name)
        return rng.choice(np.r_[rng.integers(info.min, info.max, 200, name, endpoint=True), info.min, info.max], shape)
    if kind == "b":
        return rng.integers(0, 2, shape).astype(name)
    if kind == "c":
        return (rng.integers(-5, 5, shape) + 1j * rng.integers(-5, 5, shape)).astype(name)
    tiny = np.finfo(name).smallest_subnormal
    special = [0.0, -0.0, np.inf, -np.inf, np.nan, tiny, -tiny, np.finfo(name).max]
    return rng.choice(np.r_[rng.standard_normal(200), special * 5].astype(name), shape)


def stable_order(host, axis=-1, descending=False):
    """The indices that sort, from the ranks of the elements."""
    ranks = np.searchsorted(np.unique(host), host)
    return np.argsort(-ranks if descending else ranks, axis=axis, stable=True)


def bits(host):
    return np.ascontiguousarray(host).view("u1")


def check(x, host, axis=-1, descending=False):
    """Both functions, down to the signs of zeros: NaN has only one place."""
    order = stable_order(host, axis, descending)
    np.testing.assert_array_equal(xp.argsort(x, axis=axis, descending=descending).numpy(), order)
    found = xp.sort(x, axis=axis, descending=descending).numpy()
    np.testing.assert_array_equal(bits(found), bits(np.take_along_axis(host, order, axis)))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("n", LENGTHS)
def test_rows_of_every_length_are_sorted_stably(device, n, descending):
    host = numbers("float32", 3, n)
    check(xp.asarray(host, device=device), host, descending=descending)


@pytest.mark.parametrize("name", [dtype.name for dtype in dtypes.ALL])
def test_every_type_is_sorted_stably(device, name):
    if not device.supports(dtypes.BY_NAME[name]):
        pytest.skip(f"{device} has no {name}")
    for n, descending in ((300, True), (1500, False)):
        host = numbers(name, n)
        check(xp.asarray(host, device=device), host, descending=descending)


@pytest.mark.parametrize("name", ["int64", "uint64"])
def test_integers_of_two_words_are_sorted(bare_device, name):
    for n in (300, 1500):
        host = numbers(name, n)
        check(xp.asarray(host, dtype=dtypes.BY_NAME[name], device=bare_device), host)


def test_a_row_of_many_tiles(device):
    host = numbers("float32", MANY)
    check(xp.asarray(host, device=device), host)


@pytest.mark.parametrize("host", [np.zeros(5000), np.arange(5000), np.arange(5000)[::-1]], ids=["equal", "up", "down"])
def test_rows_that_are_in_some_order_already(device, host):
    host = host.astype("float32")
    check(xp.asarray(host, device=device), host)


@pytest.mark.parametrize("n", [6, 1100])
@pytest.mark.parametrize("axis", [0, 1, 2, -2])
def test_every_axis_of_every_layout(as_laid_out, axis, n):
    base = numbers("int32", 4, 3, n)
    for host in (base, base.transpose(2, 0, 1), base[::-1, :, ::-2], np.broadcast_to(base[:1], base.shape)):
        check(as_laid_out(host), host, axis)


@pytest.mark.parametrize("n", [600, 2500])
def test_many_short_rows_of_every_width(device, n):
    for width in (1, 2, 3, 8, 9, 31):
        host = numbers("int16", n // width, width)
        check(xp.asarray(host, device=device), host)


def test_zeros_of_both_signs_stay_in_order(device):
    host = np.array([0.0, -0.0, 1.0, -0.0, -1.0, 0.0], "float32")
    for descending, signs in ((False, [0, 1, 1, 0]), (True, [0, 1, 1, 0])):
        found = xp.sort(xp.asarray(host, device=device), descending=descending).numpy()
        np.testing.assert_array_equal(np.signbit(found[found == 0]), signs)


def test_nan_is_above_every_number(device):
    x = xp.asarray(np.array([np.nan, 1, np.inf, -np.nan, -np.inf], "float32"), device=device)
    assert xp.argsort(x).numpy().tolist() == [4, 1, 2, 0, 3]
    assert xp.argsort(x, descending=True).numpy().tolist() == [0, 3, 2, 1, 4]


def test_complex_numbers_go_by_their_real_parts_first(device):
    host = [1 + 2j, 1 - 2j, complex(-0.0, 1), complex(0, -1), complex(1, np.nan), complex(np.nan, 0)]
    x = xp.asarray(np.array(host, "complex64"), device=device)
    assert xp.argsort(x).numpy().tolist() == [3, 2, 1, 0, 4, 5]


def test_not_stable_is_stable_as_well(device):
    host = numbers("int8", 2000)
    x = xp.asarray(host, device=device)
    np.testing.assert_array_equal(xp.argsort(x, stable=False).numpy(), stable_order(host))


def test_indices_are_of_the_default_integer_type(device, bare_device):
    assert xp.argsort(xp.asarray([2.0, 1.0], device=device)).dtype is dtypes.default_integer(device)
    assert xp.argsort(xp.asarray([2.0, 1.0], device=bare_device)).dtype is dtypes.int32


def test_the_input_is_left_as_it_was(device):
    host = numbers("float32", 2000)
    x = xp.asarray(host, device=device)
    xp.sort(x)
    np.testing.assert_array_equal(bits(x.numpy()), bits(host))


@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 3)])
def test_nothing_is_sorted_to_nothing(device, shape):
    x = xp.zeros(shape, device=device)
    assert xp.sort(x).shape == xp.argsort(x, axis=0).shape == shape


@pytest.mark.parametrize("n", [40, 2500])
def test_rows_that_exceed_a_binding_together_are_sorted_in_parts(own_device, n):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 2 * 8 * n + 512}
    host = numbers("float32", 7, n)
    check(xp.asarray(host, device=own_device), host)


def test_a_row_that_exceeds_a_binding_is_refused(own_device):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 4096}
    with pytest.raises(DeviceMemoryError) as caught:
        xp.sort(xp.zeros((2, 2000), device=own_device))
    assert str(caught.value) == (
        f"an operand of sort has 8,000 bytes, but one binding of {own_device.name} holds 4,096, "
        "and this work cannot be cut into parts"
    )


def test_short_rows_are_left_to_the_network(device):
    def chosen(dtype, n):
        return registry().candidates(Sort(dtype, dtypes.int32, 2, n, False, ("values",)), device)[0].name

    assert [chosen(dtypes.float32, n) for n in (1024, 1025)] == ["sort_rows", "radix_sort"]
    assert [chosen(dtypes.complex128, n) for n in (512, 513)] == ["sort_rows", "radix_sort"]


def test_an_axis_out_of_range_is_refused(device):
    x = xp.zeros((2, 3), device=device)
    for function in (xp.sort, xp.argsort):
        with pytest.raises(IndexError) as caught:
            function(x, axis=2)
        assert str(caught.value) == (
            f"{function.__name__}: axis 2 is out of range for x with shape (2, 3); use -2 <= axis < 2"
        )
    with pytest.raises(TypeError) as refused:
        xp.sort([3, 1])
    assert str(refused.value) == "sort: x must be a tensor, not list; convert it with asarray()"
