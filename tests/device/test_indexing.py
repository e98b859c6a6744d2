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


ARRAY_KEYS = [
    (np.array([1, 3]),),
    ([1, -1, 0],),
    ([],),
    (range(3),),
    (np.array([[0, 1], [3, -4]]),),
    (np.array([[0, 1], [3, -4]]), np.array([2, 0])),
    ([0, 1], [2, 3], [4, 5]),
    (0, [1, 2]),
    ([1, 2], 0),
    (slice(None), [1, 2], slice(None)),
    (slice(None), [1, 2], [[3], [4]]),
    ([1, 2], slice(None), [3, 4]),
    (0, slice(None), [3, 4]),
    (slice(None, None, -2), [1, 2], slice(5, 0, -2)),
    (..., [1, 2]),
    (None, [1, 2], None),
    ([1, 2], None, [0, 1]),
    ([1, 2], ..., 0),
    (slice(None), [0, 1], ..., [0, 1]),
    (slice(1, 1), [1, 2]),
    np.ix_([0, 2], [1, 3], [5, 0]),
    (np.uint8([1, 2]), np.int64([-1, 0])),
    (BASE > 50,),
    (BASE[:, :, 0] % 7 < 3,),
    (BASE[:, 0, 0] > 30,),
    (BASE[:, 0, 0] > 30, [1]),
    (BASE[:, 0, 0] > 30, slice(None), 0),
    (slice(None), BASE[0] % 3 == 0),
    (slice(None), BASE[0, :, 0] > 3, ..., slice(None, None, -1)),
    (BASE > 1000,),
    (True,),
    (False,),
    (np.True_, slice(1, 3)),
    (slice(1, 3), True),
    ([0, 1], True),
    (np.array(True),),
]


def on_device(key, device):
    """The key with its arrays as tensors."""
    return tuple(xp.asarray(part, device=device) if isinstance(part, np.ndarray) else part for part in key)


@pytest.mark.parametrize("where", ["host", "device"])
@pytest.mark.parametrize("key", ARRAY_KEYS, ids=str)
def test_keys_with_arrays_read_and_write_as_numpy_does(device, key, where):
    ours = on_device(key, device) if where == "device" else key
    host, x = BASE.copy(), xp.asarray(BASE, device=device)
    expected = host[key]
    found = x[ours]
    assert found.shape == expected.shape
    np.testing.assert_array_equal(found.numpy(), expected)
    host[key] = -1.0
    x[ours] = -1.0
    np.testing.assert_array_equal(x.numpy(), host)
    value = np.random.default_rng(1).permutation(expected.size).astype("float32").reshape(expected.shape)
    host[key] = value
    x[ours] = xp.asarray(value, device=device)
    np.testing.assert_array_equal(x.numpy(), host)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_mixture_of_slices_and_arrays_reads_and_writes_as_numpy_does(device, data):
    lengths = data.draw(st.sampled_from([(), (1,), (3,), (2, 3), (2, 1)]))
    key = []
    for n in SHAPE[: data.draw(st.integers(1, 3))]:
        kind = data.draw(st.sampled_from(["array", "integer", "slice"]))
        if kind == "array":
            seed = data.draw(st.integers(0, 99))
            key.append(np.random.default_rng(seed).integers(-n, n, lengths))
        else:
            key.append(data.draw(st.integers(-n, n - 1) if kind == "integer" else st.slices(n)))
    if data.draw(st.booleans()):
        key.insert(data.draw(st.integers(0, len(key))), data.draw(st.sampled_from([None, ...])))
    key = tuple(key)
    host, x = BASE.copy(), xp.asarray(BASE, device=device)
    expected = host[::-1][key]
    np.testing.assert_array_equal(x[::-1][on_device(key, device)].numpy(), expected)
    value = np.arange(expected.size, dtype="float32").reshape(expected.shape)
    host[::-1][key] = value
    x[::-1][on_device(key, device)] = xp.asarray(value, device=device)
    np.testing.assert_array_equal(x.numpy(), host)


def any_values(dtype, *shape):
    """Numbers that fit every dtype, of both signs where there are two."""
    host = np.random.default_rng(2).integers(0, 100, shape)
    if dtype.startswith("complex"):
        return (host - 50 + 1j * host[::-1]).astype(dtype)
    return (host % 2 if dtype == "bool" else host - 50 if dtype[0] in "if" else host).astype(dtype)


def test_arrays_and_masks_select_from_every_dtype(device, any_dtype):
    host = any_values(any_dtype, 6, 5)
    x = xp.asarray(host, device=device)
    mask = np.arange(6) % 2 == 0
    np.testing.assert_array_equal(x[[5, 0, -1]].numpy(), host[[5, 0, -1]])
    np.testing.assert_array_equal(x[mask].numpy(), host[mask])
    host[mask] = host[:3]
    x[mask] = x[:3]
    host[[1, 1], [0, 0]] = host[[5, 4], [3, 2]]
    x[[1, 1], [0, 0]] = x[[5, 4], [3, 2]]
    host[:, 4][mask] = 1
    x[:, 4][mask] = True if any_dtype == "bool" else 1
    np.testing.assert_array_equal(x.numpy(), host)


def test_the_last_write_to_an_element_stays(device):
    indices = np.random.default_rng(3).integers(-50, 50, 5000)
    values = np.arange(5000, dtype="float32")
    host, x = np.zeros((50, 2), "float32"), xp.zeros((50, 2), device=device)
    host[indices, 1] = values
    x[xp.asarray(indices, device=device), 1] = xp.asarray(values, device=device)
    np.testing.assert_array_equal(x.numpy(), host)


def test_masks_write_through_views(device):
    host, x = BASE.copy(), xp.asarray(BASE, device=device)
    mask = BASE[::2, 0, ::-1] % 4 < 2
    host[::2, 1:3, ::-1].transpose(0, 2, 1)[mask] = 5
    xp.permute_dims(x[::2, 1:3, ::-1], (0, 2, 1))[mask] = 5
    np.testing.assert_array_equal(x.numpy(), host)
    x[x > 50] = x[0, 0, 0]
    host[host > 50] = host[0, 0, 0]
    np.testing.assert_array_equal(x.numpy(), host)


def test_a_mask_that_is_the_tensor_itself(device):
    x = xp.asarray([True, False, True], device=device)
    x[x] = False
    np.testing.assert_array_equal(x.numpy(), [False, False, False])


def test_a_mask_of_length_zero_selects_nothing(device):
    x = xp.asarray(BASE, device=device)
    assert x[xp.zeros((0,), dtype=xp.bool, device=device)].shape == (0, 5, 6)


def test_indices_out_of_range_on_the_device_stay_inside(device):
    x = xp.asarray(BASE[0, 0], device=device)
    found = x[xp.asarray([99, -99, 1], device=device)].numpy()
    assert set(found) <= set(BASE[0, 0])
    assert found[2] == BASE[0, 0, 1]


@pytest.mark.parametrize("n", [1, 1023, 1024, 1025, 300_000])
def test_masks_of_every_length(device, n):
    host = np.random.default_rng(n).random(n) < 0.3
    values = np.arange(n, dtype="int32")
    mask, x = xp.asarray(host, device=device), xp.asarray(values, device=device)
    np.testing.assert_array_equal(x[mask].numpy(), values[host])
    (found,) = xp.nonzero(mask)
    np.testing.assert_array_equal(found.numpy(), np.nonzero(host)[0])


def test_tensors_larger_than_a_binding_are_indexed_in_parts(own_device):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 4096}
    host = np.random.default_rng(6).integers(0, 999, (60, 100)).astype("int32")
    x = xp.asarray(host, device=own_device)
    mask, indices = host % 3 == 0, np.random.default_rng(7).integers(-60, 60, 500)
    on_device = xp.asarray(indices, dtype=xp.int32, device=own_device)
    np.testing.assert_array_equal(x[x % 3 == 0].numpy(), host[mask])
    np.testing.assert_array_equal(x[::-1][on_device, 3:].numpy(), host[::-1][indices, 3:])
    host[::-1, 1][indices] = np.arange(500)
    x[::-1, 1][on_device] = xp.arange(500, dtype=xp.int32, device=own_device)
    host[mask] = -1
    x[xp.asarray(mask, device=own_device)] = -1
    np.testing.assert_array_equal(x.numpy(), host)


def test_nonzero_and_its_count(device, any_dtype):
    host = any_values(any_dtype, 4, 5, 6) * any_values("bool", 4, 5, 6)
    x = xp.permute_dims(xp.asarray(host, device=device), (2, 0, 1))[:, ::-1]
    host = host.transpose(2, 0, 1)[:, ::-1]
    index = xp.__array_namespace_info__().default_dtypes(device=device)["indexing"]
    for found, expected in zip(xp.nonzero(x), np.nonzero(host), strict=True):
        assert found.dtype is index
        np.testing.assert_array_equal(found.numpy(), expected)
    for axis in (None, 0, (0, 2)):
        found = xp.count_nonzero(x, axis=axis, keepdims=True)
        assert found.dtype is index
        np.testing.assert_array_equal(found.numpy(), np.count_nonzero(host, axis=axis, keepdims=True))


def test_zeros_of_either_sign_are_zero_and_nan_is_not(device):
    host = np.array([0.0, -0.0, np.nan, np.inf, 1e-30], "float32")
    (found,) = xp.nonzero(xp.asarray(host, device=device))
    np.testing.assert_array_equal(found.numpy(), [2, 3, 4])
    with pytest.raises(ValueError) as error:
        xp.nonzero(xp.asarray(1.0, device=device))
    assert str(error.value) == "nonzero: x has no axes (shape ()); reshape it to (1,)"


@pytest.mark.parametrize("axis", [-1, 0, 1])
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "uint32"])
def test_take_along_axis_matches_numpy(device, axis, dtype):
    order = np.argsort(-BASE % 7, axis=axis, kind="stable")
    x = xp.asarray(BASE, device=device)[:, :, ::-1]
    found = xp.take_along_axis(x, xp.asarray(order.astype(dtype), device=device), axis=axis)
    np.testing.assert_array_equal(found.numpy(), np.take_along_axis(BASE[:, :, ::-1], order, axis=axis))


def test_take_along_axis_broadcasts_and_counts_from_the_end(device):
    x = xp.asarray(BASE, device=device)
    indices = np.array([[[-1], [0]]])
    found = xp.take_along_axis(x, xp.asarray(indices, device=device), axis=1)
    np.testing.assert_array_equal(found.numpy(), np.take_along_axis(BASE, indices, axis=1))
    with pytest.raises(ValueError) as error:
        xp.take_along_axis(x, xp.asarray([0], device=device))
    assert (
        str(error.value) == "take_along_axis: indices of shape (1,) must have as many axes as x with shape (4, 5, 6)"
    )


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
        (
            (np.ones(3, bool),),
            "__getitem__: a mask of shape (3,) does not fit the axes from 0 on of x with shape (4, 5, 6)",
        ),
        (
            (0, np.ones((5, 5), bool)),
            "__getitem__: a mask of shape (5, 5) does not fit the axes from 1 on of x with shape (4, 5, 6)",
        ),
        (
            ([0, 4],),
            "__getitem__: index 4 is out of range for axis 0 of x with shape (4, 5, 6); use -4 <= index < 4",
        ),
        (
            (slice(None), np.array([1, -6])),
            "__getitem__: index -6 is out of range for axis 1 of x with shape (4, 5, 6); use -5 <= index < 5",
        ),
        (
            ([1], 9),
            "__getitem__: index 9 is out of range for axis 1 of x with shape (4, 5, 6); use -5 <= index < 5",
        ),
        (
            ([0, 1], [0, 1, 2]),
            "__getitem__: index arrays of shapes (2,), (3,) do not broadcast: axis -1 has lengths [2, 3]",
        ),
        (([0.5],), "__getitem__: an array of float64 is no index; use integers or bool"),
        ((np.array([2**40]),), f"__getitem__: index {2**40} is out of range for axis 0 of x with shape (4, 5, 6); use -4 <= index < 4"),
        (
            (1.5,),
            "__getitem__: 1.5 of type float is no index; use integers, slices, ..., None, and arrays of integers or bool",
        ),
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


@pytest.mark.parametrize("axis", [0, 1])
def test_transposed_tensors_larger_than_a_binding_keep_their_order(own_device, axis):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 1024}
    rng = np.random.default_rng(8)
    host = rng.integers(0, 999, (2, 300)).astype("int32").T
    x = xp.asarray(host.T, device=own_device).T
    indices = rng.integers(-2, 2, (300, 2) if axis else (4, 2)).astype("int32")
    on_device = xp.asarray(indices, device=own_device)
    np.testing.assert_array_equal(
        xp.take_along_axis(x, on_device, axis=axis).numpy(), np.take_along_axis(host, indices, axis=axis)
    )
    np.testing.assert_array_equal(x[:, on_device[:3, 0]].numpy(), host[:, indices[:3, 0]])
    host[[5, 299, 5]] = [[1, 2], [3, 4], [5, 6]]
    x[xp.asarray([5, 299, 5], device=own_device)] = xp.asarray([[1, 2], [3, 4], [5, 6]], dtype=x.dtype, device=own_device)
    np.testing.assert_array_equal(x.numpy(), host)


def test_the_last_of_several_writes_stays_in_a_tensor_larger_than_a_binding(own_device):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 4096}
    indices = np.random.default_rng(9).choice([0, 7, 1023, 1024, 1025, 2047, 2048, 2999, -1], 200)
    host = np.zeros(3000, dtype="float32")
    x = xp.asarray(host, device=own_device)
    host[indices] = np.arange(200)
    x[xp.asarray(indices, device=own_device)] = xp.arange(200, dtype=xp.float32, device=own_device)
    np.testing.assert_array_equal(x.numpy(), host)


@pytest.mark.parametrize(
    ("key", "error", "text"),
    [
        (slice(None, None, 0), ValueError, "slice(None, None, 0) is no index: slice step cannot be zero"),
        (
            slice(0.5, None),
            TypeError,
            "slice(0.5, None, None) is no index: slice indices must be integers or None or have an __index__ method",
        ),
    ],
)
def test_slices_that_are_refused(device, key, error, text):
    with pytest.raises(error) as caught:
        xp.zeros(3, device=device)[key]
    assert str(caught.value) == f"__getitem__: {text}"
