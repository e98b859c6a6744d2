"""Shapes and axes against NumPy; views share memory, copies do not."""

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.errors import DeviceMemoryError

BASE = np.arange(2 * 3 * 4, dtype="float32").reshape(2, 3, 4)
LAYOUTS = (BASE, BASE.transpose(2, 0, 1), BASE[:, ::-1, ::2], np.broadcast_to(BASE[:1], (3, 3, 4)), BASE[:, :0])


@pytest.mark.parametrize("host", LAYOUTS, ids=["dense", "permuted", "reversed", "broadcast", "empty"])
def test_every_function_matches_numpy(as_laid_out, host):
    x = as_laid_out(host)
    pairs = [
        (xp.permute_dims(x, (2, 0, 1)), host.transpose(2, 0, 1)),
        (xp.moveaxis(x, 0, -1), np.moveaxis(host, 0, -1)),
        (xp.moveaxis(x, (0, 1), (2, 0)), np.moveaxis(host, (0, 1), (2, 0))),
        (xp.expand_dims(x, axis=1), np.expand_dims(host, 1)),
        (xp.expand_dims(x, axis=(0, -1)), np.expand_dims(host, (0, -1))),
        (xp.squeeze(xp.expand_dims(x, axis=1), axis=1), host),
        (xp.flip(x), np.flip(host)),
        (xp.flip(x, axis=-2), np.flip(host, -2)),
        (xp.broadcast_to(x, (5, *host.shape)), np.broadcast_to(host, (5, *host.shape))),
        (xp.reshape(x, (-1,)) if host.size else x, host.reshape(-1) if host.size else host),
        (xp.reshape(x, (host.shape[0], host.shape[1] * host.shape[2])), host.reshape(host.shape[0], -1) if host.size else np.zeros((2, 0))),
        (xp.roll(x, 3), np.roll(host, 3)),
        (xp.roll(x, (1, -2), axis=(0, 2)), np.roll(host, (1, -2), axis=(0, 2))),
        (xp.concat((x, x), axis=1), np.concatenate((host, host), axis=1)),
        (xp.concat((x, xp.flip(x)), axis=None), np.concatenate((host, np.flip(host)), axis=None)),
        (xp.stack((x, xp.flip(x)), axis=-1), np.stack((host, np.flip(host)), axis=-1)),
        (xp.matrix_transpose(x), host.mT),
    ]
    for found, expected in pairs:
        np.testing.assert_array_equal(found.numpy(), expected)
    for found, expected in zip(xp.unstack(x, axis=1), np.moveaxis(host, 1, 0), strict=True):
        np.testing.assert_array_equal(found.numpy(), expected)


@pytest.mark.parametrize("host", LAYOUTS, ids=["dense", "permuted", "reversed", "broadcast", "empty"])
@pytest.mark.parametrize("axis", [None, 0, 1, -1])
def test_repetitions_match_numpy(as_laid_out, host, axis):
    x = as_laid_out(host)
    n = host.size if axis is None else host.shape[axis]
    counts = np.arange(n) % 3
    for repeats in (0, 1, 3, np.array([2]), counts, counts.astype("uint8")):
        given = xp.asarray(repeats, device=x.device) if isinstance(repeats, np.ndarray) else repeats
        np.testing.assert_array_equal(xp.repeat(x, given, axis=axis).numpy(), np.repeat(host, repeats, axis=axis))
    for times in ((), (2,), (2, 1, 3), (2, 1, 1, 3), (0, 2, 1)):
        np.testing.assert_array_equal(xp.tile(x, times).numpy(), np.tile(host, times))


def test_shapes_broadcast_without_arrays():
    assert xp.broadcast_shapes() == ()
    assert xp.broadcast_shapes((3, 1), (4,), ()) == (3, 4)
    with pytest.raises(ValueError) as error:
        xp.broadcast_shapes((3,), (4,))
    assert str(error.value) == "broadcast_shapes: shapes (3,), (4,) do not broadcast: axis -1 has lengths [3, 4]"


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_differences_match_numpy(device, axis, n):
    x = xp.asarray(BASE, device=device)
    np.testing.assert_array_equal(xp.diff(x, axis=axis, n=n).numpy(), np.diff(BASE, axis=axis, n=n))
    found = xp.diff(x, axis=axis, n=n, prepend=x, append=x[::-1])
    # For n = 0 NumPy leaves out what was to be joined; the standard does not.
    joined = np.concatenate((BASE, BASE, BASE[::-1]), axis=axis)
    np.testing.assert_array_equal(found.numpy(), np.diff(joined, axis=axis, n=n))
    np.testing.assert_array_equal(
        xp.diff(x % 2 == 0, n, axis=axis).numpy(), np.diff(BASE % 2 == 0, n=n, axis=axis)
    )


def test_views_share_memory_and_write_through(device):
    x = xp.zeros((2, 3), device=device)
    for view in (x.T, xp.flip(x), xp.reshape(x, (6,)), xp.expand_dims(x, axis=0), x[1:], xp.unstack(x)[0]):
        assert view.buffer is x.buffer
    xp.flip(x)[0, 0] = 7.0
    assert float(x[1, 2]) == 7.0


def test_reshape_copies_only_where_it_must(device):
    x = xp.asarray(BASE, device=device)
    assert xp.reshape(x, (6, 4)).buffer is x.buffer
    assert xp.reshape(x, (6, 4), copy=True).buffer is not x.buffer
    assert xp.reshape(xp.permute_dims(x, (2, 1, 0)), (24,)).buffer is not x.buffer
    with pytest.raises(ValueError) as error:
        xp.reshape(x.mT, (24,), copy=False)
    assert str(error.value) == (
        "reshape: x with shape (2, 4, 3) and strides (12, 1, 4) has no view of shape (24,); use copy=None"
    )


def test_concat_promotes(device):
    found = xp.concat((xp.ones(2, dtype=xp.int32, device=device), xp.zeros(1, device=device)))
    assert found.dtype is xp.float32
    np.testing.assert_array_equal(found.numpy(), [1, 1, 0])


def test_broadcast_arrays_meet_in_one_shape(device):
    a, b = xp.broadcast_arrays(xp.ones((3, 1), device=device), xp.zeros(4, device=device))
    assert a.shape == b.shape == (3, 4)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (
            lambda x: xp.reshape(x, (5, -1)),
            ValueError,
            "reshape: x with shape (2, 3, 4) has 24 elements, which shape (5, -1) cannot hold",
        ),
        (
            lambda x: xp.reshape(x, (-1, -1)),
            ValueError,
            "reshape: x with shape (2, 3, 4) has 24 elements, which shape (-1, -1) cannot hold",
        ),
        (
            lambda x: xp.permute_dims(x, (0, 1)),
            ValueError,
            "permute_dims: axes (0, 1) must name each axis of x with shape (2, 3, 4) once",
        ),
        (
            lambda x: xp.squeeze(x, axis=1),
            ValueError,
            "squeeze: axis 1 of x with shape (2, 3, 4) has length 3, not 1",
        ),
        (
            lambda x: xp.expand_dims(x, axis=5),
            IndexError,
            "expand_dims: axis 5 is out of range for x with shape (2, 3, 4); use -4 <= axis < 4",
        ),
        (
            lambda x: xp.broadcast_to(x, (3, 4)),
            ValueError,
            "broadcast_to: an array of shape (2, 3, 4) cannot be broadcast to (3, 4)",
        ),
        (
            lambda x: xp.broadcast_arrays(x, x[0, 0, :3]),
            ValueError,
            "broadcast_arrays: shapes (2, 3, 4), (3,) do not broadcast: axis -1 has lengths [3, 4]",
        ),
        (
            lambda x: xp.concat((x, x[:, :2]), axis=0),
            ValueError,
            "concat: shapes (2, 3, 4), (2, 2, 4) may differ along axis 0 only",
        ),
        (lambda x: xp.concat(()), ValueError, "concat: there are no arrays; give at least one"),
        (
            lambda x: xp.stack((x, 1)),
            TypeError,
            "stack: arrays must be tensors, not int; convert it with asarray()",
        ),
        (
            lambda x: xp.stack((x, x[0])),
            ValueError,
            "stack: shapes (2, 3, 4), (3, 4) differ; they must be equal",
        ),
        (
            lambda x: xp.moveaxis(x, (0, 1), 2),
            ValueError,
            "moveaxis: source (0, 1) and destination 2 name different numbers of axes",
        ),
        (
            lambda x: xp.reshape(x, (2.0, 12)),
            TypeError,
            "reshape: shape (2.0, 12) must be an integer or a sequence of integers",
        ),
        (
            lambda x: xp.broadcast_to(x[0, 0, :1], (-1,)),
            ValueError,
            "broadcast_to: shape (-1,) has a negative length; use 0 or more",
        ),
        (
            lambda x: xp.broadcast_shapes(x.shape, (-1,)),
            ValueError,
            "broadcast_shapes: shape (-1,) has a negative length; use 0 or more",
        ),
        (
            lambda x: xp.broadcast_arrays(x, 1),
            TypeError,
            "broadcast_arrays: x must be a tensor, not int; convert it with asarray()",
        ),
        (lambda x: xp.concat(1), TypeError, "concat: arrays must be a sequence of tensors, not int"),
        (
            lambda x: xp.permute_dims(x, None),
            TypeError,
            "permute_dims: axes None must be an integer or a sequence of integers",
        ),
        (
            lambda x: xp.expand_dims(x, axis=0.5),
            TypeError,
            "expand_dims: axis 0.5 must be an integer or a sequence of integers",
        ),
        (lambda x: xp.roll(x, 0.5), TypeError, "roll: shift 0.5 must be an integer or a sequence of integers"),
        (lambda x: xp.roll(x, (1, 2)), ValueError, "roll: shift (1, 2) needs axes; give axis a tuple as long"),
        (
            lambda x: xp.roll(x, (1, 2), axis=0),
            ValueError,
            "roll: shift (1, 2) and axis 0 have different lengths",
        ),
    ],
)
def test_what_is_refused(device, call, error, text):
    with pytest.raises(error) as raised:
        call(xp.asarray(BASE, device=device))
    assert str(raised.value) == text


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda x: xp.repeat(x, -1), ValueError, "repeat: repeats holds -1, but must not be negative"),
        (
            lambda x: xp.repeat(x, xp.asarray([1, -1], device=x.device), axis=0),
            ValueError,
            "repeat: repeats holds -1, but must not be negative",
        ),
        (
            lambda x: xp.repeat(x, xp.asarray([1, 1], device=x.device), axis=1),
            ValueError,
            "repeat: repeats must have shape (1,) or (3,), not (2,)",
        ),
        (
            lambda x: xp.repeat(x, xp.asarray([1.0], device=x.device), axis=1),
            TypeError,
            "repeat: repeats must be integers, not float32; convert it with astype()",
        ),
        (
            lambda x: xp.repeat(x, [1, 2]),
            TypeError,
            "repeat: repeats must be an integer or a tensor of integers, not list; convert it with asarray()",
        ),
        (
            lambda x: xp.tile(x, (2.0,)),
            TypeError,
            "tile: repetitions (2.0,) must be an integer or a sequence of integers",
        ),
        (lambda x: xp.diff(x, 0.5), ValueError, "diff: n is 0.5; use an integer, 0 or more"),
        (
            lambda x: xp.diff(x, prepend=0),
            TypeError,
            "diff: prepend must be a tensor, not int; convert it with asarray()",
        ),
        (lambda x: xp.tile(x, (2, -1)), ValueError, "tile: repetitions (2, -1) must not be negative"),
        (lambda x: xp.diff(x, -1), ValueError, "diff: n is -1; use an integer, 0 or more"),
    ],
)
def test_repetitions_and_differences_that_are_refused(device, call, error, text):
    with pytest.raises(error) as caught:
        call(xp.asarray(BASE, device=device))
    assert str(caught.value) == text


def test_integers_of_any_class_say_how_far_and_how_often(device):
    x = xp.asarray(BASE, device=device)
    two = xp.asarray(2, device=device)
    np.testing.assert_array_equal(xp.reshape(x, np.int64(BASE.size)).numpy(), BASE.reshape(-1))
    np.testing.assert_array_equal(xp.roll(x, two).numpy(), np.roll(BASE, 2))
    np.testing.assert_array_equal(xp.roll(x, np.int64(2), axis=1).numpy(), np.roll(BASE, 2, axis=1))
    np.testing.assert_array_equal(xp.repeat(x, two, axis=1).numpy(), np.repeat(BASE, 2, axis=1))
    np.testing.assert_array_equal(xp.tile(x, 2).numpy(), np.tile(BASE, 2))


def test_rolls_along_one_axis_add_up(device):
    x = xp.asarray(BASE, device=device)
    np.testing.assert_array_equal(xp.roll(x, (1, 2, 1), axis=(2, 0, -1)).numpy(), np.roll(BASE, (1, 2, 1), (2, 0, -1)))


def test_more_runs_than_a_binding_holds_are_refused(own_device):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 1024}
    with pytest.raises(DeviceMemoryError) as raised:
        xp.repeat(xp.zeros(300, device=own_device), xp.full(300, 2, device=own_device, dtype=xp.int32))
    assert str(raised.value) == (
        f"an operand of repeat_positions has 2,400 bytes, but one binding of {own_device.name} holds 1,024, "
        "and this work cannot be cut into parts"
    )
