"""nonzero, extremes and searches against NumPy: every type, axis and layout, ties, NaN, nothing at all."""

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array import dtypes

EXTREMES = ("argmax", "argmin")


def with_ties(name, *shape):
    """Random numbers of which many are equal; floats with NaN, zeros of both signs and infinities."""
    rng = np.random.default_rng(11)
    host = rng.integers(0, 2 if name == "bool" else 40, shape).astype(name)
    if host.dtype.kind == "f":
        host = np.where(host < 3, np.array([-0.0, 0.0, np.inf], name)[rng.integers(0, 3, shape)], host).astype(name)
    return host


@pytest.mark.parametrize("name", [dtype.name for dtype in dtypes.ALL if not dtype.is_complex])
@pytest.mark.parametrize("function", EXTREMES)
def test_the_first_extreme_of_every_type(device, function, name):
    if not device.supports(dtypes.BY_NAME[name]):
        pytest.skip(f"{device} has no {name}")
    host = with_ties(name, 4, 300)
    x = xp.asarray(host, device=device)
    for axis in (None, 0, 1):
        found = getattr(xp, function)(x, axis=axis)
        np.testing.assert_array_equal(found.numpy(), getattr(np, function)(host, axis=axis))
        assert found.dtype is dtypes.default_integer(device)


@pytest.mark.parametrize("function", EXTREMES)
def test_extremes_along_every_axis_of_every_layout(as_laid_out, function):
    base = with_ties("float32", 3, 5, 70)
    for host in (base, base.transpose(2, 0, 1), base[::-1, :, ::-2], np.broadcast_to(base[:1], base.shape)):
        x = as_laid_out(host)
        for axis in (None, 0, 1, -1):
            for keepdims in (False, True):
                expected = getattr(np, function)(host, axis=axis, keepdims=keepdims)
                found = getattr(xp, function)(x, axis=axis, keepdims=keepdims)
                assert found.shape == expected.shape
                np.testing.assert_array_equal(found.numpy(), expected)


@pytest.mark.parametrize("n", [1, 33, 257, 4096, 4097, 70_000])
@pytest.mark.parametrize("function", EXTREMES)
def test_extremes_of_rows_and_columns_of_every_length(device, function, n):
    host = np.random.default_rng(n).integers(-50, 50, (3, n)).astype("int32")
    x = xp.asarray(host, device=device)
    columns = xp.asarray(np.ascontiguousarray(np.repeat(host, 20, axis=0)[:40].T), device=device)
    for axis in (None, 0, 1):
        expected = getattr(np, function)(host, axis=axis)
        np.testing.assert_array_equal(getattr(xp, function)(x, axis=axis).numpy(), expected)
    expected = np.repeat(getattr(np, function)(host, axis=1), 20)[:40]
    np.testing.assert_array_equal(getattr(xp, function)(columns, axis=0).numpy(), expected)


@pytest.mark.parametrize("function", EXTREMES)
def test_the_first_nan_is_the_extreme(device, function):
    host = np.array([[1, np.nan, np.inf, np.nan], [-np.inf, 2, 0, -np.nan]], "float32")
    x = xp.asarray(host, device=device)
    assert getattr(xp, function)(x).numpy() == 1
    assert getattr(xp, function)(x, axis=1).numpy().tolist() == [1, 3]


def test_extremes_of_integers_of_two_words(bare_device):
    host = np.array([5, -(2**40), 2**40, 2**40 + 1, -(2**40) - 1], "int64")
    x = xp.asarray(host, dtype=xp.int64, device=bare_device)
    assert int(xp.argmax(x)) == 3
    assert int(xp.argmin(x)) == 4


def test_subnormal_numbers_are_not_zero(device):
    tiny = np.finfo("float32").smallest_subnormal
    x = xp.asarray(np.array([0, tiny, -tiny], "float32"), device=device)
    assert (int(xp.argmax(x)), int(xp.argmin(x))) == (1, 2)


def test_extremes_of_nothing(device):
    assert xp.argmax(xp.zeros((0, 3), device=device), axis=1).shape == (0,)
    with pytest.raises(ValueError) as caught:
        xp.argmax(xp.zeros((0, 3), device=device), axis=0)
    assert str(caught.value) == "argmax: x with shape (0, 3) has no elements along axis 0 to choose from"
    with pytest.raises(IndexError) as out_of_range:
        xp.argmin(xp.zeros((2,), device=device), axis=1)
    assert str(out_of_range.value) == "argmin: axis 1 is out of range for x with shape (2,); use -1 <= axis < 1"


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("name", [dtype.name for dtype in dtypes.ALL if not dtype.is_complex])
def test_searchsorted_for_every_type(device, name, side):
    if not device.supports(dtypes.BY_NAME[name]):
        pytest.skip(f"{device} has no {name}")
    host, sought = with_ties(name, 700), with_ties(name, 5, 30)
    host.sort()
    found = xp.searchsorted(xp.asarray(host, device=device), xp.asarray(sought, device=device), side=side)
    np.testing.assert_array_equal(found.numpy(), np.searchsorted(host, sought, side=side))
    assert found.dtype is dtypes.default_integer(device)


@pytest.mark.parametrize("side", ["left", "right"])
def test_searchsorted_by_way_of_a_sorter_and_in_views(as_laid_out, side):
    host, sought = with_ties("int32", 300), with_ties("int32", 4, 5)
    sorter = np.argsort(host).astype("int16")
    expected = np.searchsorted(host, sought.T, side=side, sorter=sorter)
    found = xp.searchsorted(as_laid_out(host), as_laid_out(sought.T), side=side, sorter=as_laid_out(sorter))
    np.testing.assert_array_equal(found.numpy(), expected)
    falling = np.sort(host)[::-1].copy()[::-1]
    np.testing.assert_array_equal(
        xp.searchsorted(as_laid_out(falling), as_laid_out(sought[:, ::-2]), side=side).numpy(),
        np.searchsorted(falling, sought[:, ::-2], side=side),
    )


def test_searchsorted_agrees_with_sort_on_nan_and_zeros(device):
    host = np.array([-1, -0.0, 0.0, 1, np.nan, np.nan], "float32")
    sought = np.array([-0.0, 0.0, np.nan, np.inf], "float32")
    x1, x2 = xp.asarray(host, device=device), xp.asarray(sought, device=device)
    assert xp.searchsorted(x1, x2).numpy().tolist() == [1, 1, 4, 4]
    assert xp.searchsorted(x1, x2, side="right").numpy().tolist() == [3, 3, 6, 4]


def test_searchsorted_takes_scalars_and_promotes(device):
    x = xp.asarray(np.array([1, 3, 5], "int32"), device=device)
    assert xp.searchsorted(x, 3).shape == ()
    assert int(xp.searchsorted(x, 3)) == 1 and int(xp.searchsorted(x, 3.5, side="right")) == 2
    assert xp.searchsorted(x, xp.asarray([2.5, 9], device=device)).numpy().tolist() == [1, 3]


def test_searchsorted_with_nothing(device):
    x, nothing = xp.asarray([1.0, 2.0], device=device), xp.zeros((0,), device=device)
    assert xp.searchsorted(nothing, x).numpy().tolist() == [0, 0]
    assert xp.searchsorted(x, nothing).shape == (0,)


def test_searchsorted_in_parts(own_device):
    host, sought = np.arange(0, 800, 2, dtype="float32"), with_ties("float32", 3000)
    x1, x2 = xp.asarray(host, device=own_device), xp.asarray(sought, device=own_device)
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 4096}
    np.testing.assert_array_equal(xp.searchsorted(x1, x2).numpy(), np.searchsorted(host, sought))


def test_searchsorted_refuses_what_makes_no_sense(device):
    x = xp.asarray([1.0, 2.0], device=device)
    matrix, truth = xp.zeros((2, 2), device=device), xp.asarray([True], device=device)
    for arguments, error, text in (
        ((matrix, x), ValueError, "x1 must have one axis, not shape (2, 2); flatten it with reshape()"),
        ((x, truth), TypeError, "float32 and bool do not promote to a common type; convert one with astype()"),
        (([1], x), TypeError, "x1 must be a tensor, not list; convert it with asarray()"),
    ):
        with pytest.raises(error) as caught:
            xp.searchsorted(*arguments)
        assert str(caught.value) == f"searchsorted: {text}"
    for keywords, error, text in (
        ({"side": "middle"}, ValueError, "side is 'middle'; use 'left' or 'right'"),
        ({"sorter": x}, TypeError, "sorter must be integers, not float32; convert it with astype()"),
        ({"sorter": xp.asarray([0], device=device)}, ValueError, "sorter has shape (1,), x1 (2,); they must be equal"),
    ):
        with pytest.raises(error) as caught:
            xp.searchsorted(x, x, **keywords)
        assert str(caught.value) == f"searchsorted: {text}"


@pytest.mark.parametrize("axis", [None, 0, 1])
def test_extremes_of_rows_larger_than_a_binding(own_device, axis):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 1024}
    host = np.random.default_rng(9).integers(-50, 50, (2, 700)).astype("float32")
    host[1, [300, 600]] = np.nan
    for layout in (host, host.T, host[:, ::-1]):
        x = xp.asarray(host, device=own_device)
        x = x.T if layout.shape[0] > 2 else x if layout is host else x[:, ::-1]
        np.testing.assert_array_equal(xp.argmax(x, axis=axis).numpy(), np.argmax(layout, axis=axis))
        np.testing.assert_array_equal(xp.argmin(x, axis=axis).numpy(), np.argmin(layout, axis=axis))


@pytest.mark.parametrize("side", ["left", "right"])
def test_what_is_searched_may_be_larger_than_a_binding(own_device, side):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 1024}
    host = np.random.default_rng(10).integers(0, 300, 900).astype("float32")
    order = np.argsort(host).astype("int32")
    sought = np.array([[-1, 0, 150], [299, 300, np.nan]], "float32")
    x2 = xp.asarray(sought, device=own_device)
    expected = np.searchsorted(np.sort(host), sought, side=side)
    found = xp.searchsorted(xp.asarray(np.sort(host), device=own_device), x2, side=side)
    np.testing.assert_array_equal(found.numpy(), expected)
    x1, sorter = xp.asarray(host, device=own_device), xp.asarray(order, device=own_device)
    np.testing.assert_array_equal(xp.searchsorted(x1, x2, side=side, sorter=sorter).numpy(), expected)
