"""Basic keys, read and assigned, against NumPy."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import basic_indices

import webgpu_array as xp

SHAPE = (4, 5, 6)
BASE = np.arange(4 * 5 * 6, dtype="float32").reshape(SHAPE)
KEYS = [
    (),
    (...,),
    (0,),
    (-1, ..., 2),
    (slice(None, None, -1),),
    (slice(1, 3), slice(None, None, 2), slice(5, 0, -2)),
    (slice(10, 2, -3), 0),
    (slice(3, 1), None, 0),
    (None, ..., None),
    (1, 2, 3),
]


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_reads_are_views(device, key):
    x = xp.asarray(BASE, device=device)
    found = x[key]
    assert found.buffer is x.buffer
    np.testing.assert_array_equal(found.numpy(), BASE[key])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=basic_indices(SHAPE, allow_newaxis=True), twice=st.booleans())
def test_any_basic_key_reads_and_writes_as_numpy_does(device, key, twice):
    host, x = BASE.copy(), xp.asarray(BASE, device=device)
    np.testing.assert_array_equal(x[key].numpy(), host[key])
    host[key] = -1.0
    x[key] = -1.0
    if twice:
        host[::-1][key] = host[::-1][key] * 2
        x[::-1][key] = x[::-1][key] * 2
    np.testing.assert_array_equal(x.numpy(), host)


def test_values_broadcast_and_convert(device):
    host, x = np.zeros(SHAPE, "float32"), xp.zeros(SHAPE, device=device)
    host[1:3, ::2, 0] = np.array([1, 2, 3])
    x[1:3, ::2, 0] = xp.asarray([1, 2, 3], dtype=xp.int32, device=device)
    host[..., -1] = True
    x[..., -1] = xp.asarray(True, device=device)
    host[0, 0] = 5
    x[0, 0] = 5
    np.testing.assert_array_equal(x.numpy(), host)


def test_a_value_that_overlaps_the_target_is_read_first(device):
    host, x = BASE.copy(), xp.asarray(BASE, device=device)
    host[:, ::-1] = host.copy()
    x[:, ::-1] = x
    np.testing.assert_array_equal(x.numpy(), host)
    x[1:] = x[:-1]
    np.testing.assert_array_equal(x.numpy(), np.concatenate((host[:1], host[:-1])))


def test_writes_keep_their_order_with_reads(device):
    x = xp.zeros(3, device=device)
    before = x + 0.0
    x[1] = 1.0
    after = x + 0.0
    x[1] = 2.0
    np.testing.assert_array_equal(before.numpy(), [0, 0, 0])
    np.testing.assert_array_equal(after.numpy(), [0, 1, 0])


def test_an_integer_tensor_without_axes_is_an_index(device):
    x = xp.asarray(BASE, device=device)
    np.testing.assert_array_equal(x[xp.asarray(2, device=device)].numpy(), BASE[2])
    np.testing.assert_array_equal(x[np.int64(2), : xp.asarray(3, device=device)].numpy(), BASE[2, :3])


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ((4,), "__getitem__: index 4 is out of range for axis 0 of x with shape (4, 5, 6); use -4 <= index < 4"),
        ((0, -6), "__getitem__: index -6 is out of range for axis 1 of x with shape (4, 5, 6); use -5 <= index < 5"),
        ((0, 0, 0, 0), "__getitem__: 4 indices are too many for x with shape (4, 5, 6)"),
        ((..., ...), "__getitem__: the key holds '...' more than once"),
        ((True,), "__getitem__: a boolean mask is not supported as a key; use where(mask, x, 0)"),
        (
            (np.ones(4, bool),),
            "__getitem__: a boolean mask is not supported as a key; use where(mask, x, 0)",
        ),
        (
            ([0, 1],),
            "__getitem__: an integer array is not supported as a key; use take(x, indices, axis=0)",
        ),
        ((1.5,), "__getitem__: 1.5 of type float is no index; use integers, slices, ... and None"),
    ],
    ids=str,
)
def test_keys_that_are_refused(device, key, text):
    x = xp.asarray(BASE, device=device)
    with pytest.raises(IndexError) as error:
        x[key]
    assert str(error.value) == text
    with pytest.raises(IndexError):
        x[key] = 0.0


@pytest.mark.parametrize(
    ("write", "error", "text"),
    [
        (
            lambda x: x.astype(xp.int32).__setitem__(0, 1.5),
            TypeError,
            "__setitem__: float does not go into a int32 tensor; convert it with astype()",
        ),
        (
            lambda x: x.astype(xp.bool).__setitem__(0, x[0]),
            TypeError,
            "__setitem__: float32 does not go into a bool tensor; convert it with astype()",
        ),
        (
            lambda x: x.__setitem__(0, x),
            ValueError,
            "__setitem__: value of shape (4, 5, 6) does not broadcast to the selection of shape (5, 6)",
        ),
        (
            lambda x: x.__setitem__(0, [1.0] * 6),
            TypeError,
            "__setitem__: value of type list is neither a tensor nor a Python scalar; convert it with asarray()",
        ),
        (
            lambda x: xp.broadcast_to(x[0], (3, 5, 6)).__setitem__(..., 1.0),
            ValueError,
            "__setitem__: x repeats its elements (broadcast_to); copy it with asarray(x, copy=True)",
        ),
        (
            lambda x: xp.broadcast_to(x[0], (3, 5, 6)).__setitem__(0, 1.0),
            ValueError,
            "__setitem__: x repeats its elements (broadcast_to); copy it with asarray(x, copy=True)",
        ),
        (
            lambda x: x.astype(xp.int32).__setitem__(0, np.float64(1.5)),
            TypeError,
            "__setitem__: float64 does not go into a int32 tensor; convert it with astype()",
        ),
        (
            lambda x: x.astype(xp.int32).__setitem__(0, 2**40),
            OverflowError,
            "__setitem__: 1099511627776 does not fit int32, which holds -2147483648 to 2147483647",
        ),
    ],
)
def test_values_that_are_refused(device, write, error, text):
    with pytest.raises(error) as raised:
        write(xp.asarray(BASE, device=device))
    assert str(raised.value) == text


def test_take_picks_positions_along_an_axis(device):
    x = xp.asarray(BASE, device=device)
    for axis in (0, 1, 2, -1):
        for picked in ([0], [2, 0, 3, 3], [-1, 1], []):
            indices = xp.asarray(np.array(picked, "int32"), device=device)
            np.testing.assert_array_equal(
                xp.take(x, indices, axis=axis).numpy(), np.take(BASE, np.array(picked, "int64"), axis=axis)
            )
            np.testing.assert_array_equal(
                xp.take(x[::-1].mT, indices, axis=axis).numpy(), np.take(BASE[::-1].mT, np.array(picked, int), axis=axis)
            )


def test_take_asks_for_integers_and_an_axis(device):
    x = xp.asarray(BASE, device=device)
    with pytest.raises(TypeError) as error:
        xp.take(x, xp.zeros(2, device=device), axis=0)
    assert str(error.value) == "take: indices must be integers, not float32; convert it with astype()"
    with pytest.raises(ValueError) as error:
        xp.take(x, xp.asarray([0], device=device))
    assert str(error.value) == "take: x with shape (4, 5, 6) needs an axis; give one from 0 to 2"


@pytest.mark.parametrize("value", [np.float64(2.5), np.float32(2.5), np.int64(2), np.bool_(True), np.asarray(2.5)], ids=repr)
def test_scalars_of_numpy_are_assigned(device, value):
    x = xp.asarray(BASE, device=device)
    x[1] = value
    assert np.all(x.numpy()[1] == value)
