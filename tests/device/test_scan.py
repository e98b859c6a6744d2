"""Sums and products of everything up to each element, against NumPy: layouts, lengths, types, and how exact they are."""

import numpy as np
import pytest

import webgpu_array as xp

SUMS = {"cumulative_sum": np.cumsum, "cumulative_prod": np.cumprod}


def with_initial(host, axis, value):
    first = np.full_like(np.take(host, [0], axis=axis), value)
    return np.concatenate((first, host), axis=axis)


@pytest.mark.parametrize("n", [1, 63, 64, 65, 511, 513, 2047, 2048, 2049, 70_000])
def test_rows_and_columns_of_every_length(device, n):
    host = np.random.default_rng(n).integers(-50, 50, (2, n, 9)).astype("int32")
    for view, axis in ((host, 1), (host[:, :, 0].copy(), 1), (host[0].copy(), 0)):
        x = xp.asarray(view, device=device)
        found = xp.cumulative_sum(x, axis=axis, dtype=xp.int32)
        np.testing.assert_array_equal(found.numpy(), np.cumsum(view, axis=axis, dtype="int32"))


@pytest.mark.parametrize("name", SUMS)
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_every_layout(as_laid_out, axis, name):
    base = np.random.default_rng(1).uniform(0.9, 1.1, (3, 70, 5)).astype("float32")
    layouts = (
        base,
        base.transpose(2, 0, 1),
        base[::-1, ::3, ::-2],
        np.broadcast_to(base[:1], (4, *base.shape[1:])),
        base[:, :1],
    )
    for host in layouts:
        for initial in (False, True):
            expected = SUMS[name](host.astype("float64"), axis=axis)
            if initial:
                expected = with_initial(expected, axis, float(name == "cumulative_prod"))
            found = getattr(xp, name)(as_laid_out(host), axis=axis, include_initial=initial)
            assert found.shape == expected.shape
            np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5)


@pytest.mark.parametrize("name", SUMS)
def test_every_dtype(device, any_dtype, name):
    host = np.random.default_rng(2).integers(0, 3, 3000)
    host = (1 - host).astype(any_dtype) if any_dtype[0] in "ifc" else host.astype(any_dtype)
    if any_dtype.startswith("complex"):
        host = host * np.array([1, 1j, -1, -1j], any_dtype)[np.arange(3000) % 4]
    found = getattr(xp, name)(xp.asarray(host, device=device))
    expected = SUMS[name](host, dtype=found.dtype.name)
    np.testing.assert_array_equal(found.numpy(), expected)


def test_results_have_the_dtype_of_sums(device):
    default = xp.__array_namespace_info__().default_dtypes(device=device)["integral"]
    for dtype, expected in ((xp.int8, default), (xp.float32, xp.float32), (xp.bool, default)):
        assert xp.cumulative_sum(xp.ones(3, dtype=dtype, device=device)).dtype is expected
    found = xp.cumulative_sum(xp.full(3, 100, dtype=xp.int32, device=device), dtype=xp.int8)
    np.testing.assert_array_equal(found.numpy(), np.array([100, -56, 44], "int8"))


def test_64_bit_integers_carry_without_native_ones(bare_device):
    host = np.random.default_rng(3).integers(-(2**62), 2**62, 5000)
    x = xp.asarray(host, device=bare_device)
    np.testing.assert_array_equal(xp.cumulative_sum(x).numpy(), np.cumsum(host))
    np.testing.assert_array_equal(xp.cumulative_prod(x).numpy(), np.cumprod(host))


def test_infinities_and_nan_stay_as_in_a_chain(device):
    host = np.ones(300, "float32")
    host[100], host[200] = np.inf, -np.inf
    expected = np.concatenate((np.arange(1, 101), np.full(100, np.inf), np.full(100, np.nan)))
    np.testing.assert_array_equal(xp.cumulative_sum(xp.asarray(host, device=device)).numpy(), expected)


def test_rounding_errors_do_not_add_up(device):
    host = np.random.default_rng(4).random(300_000, dtype="float32")
    found = xp.cumulative_sum(xp.asarray(host, device=device)).numpy()
    np.testing.assert_allclose(found, np.cumsum(host, dtype="float64"), rtol=1e-6)


def test_pieces_join_where_a_binding_is_too_small(own_device):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 8192}
    host = np.arange(5000, dtype="int32").reshape(1, 5000)
    x = xp.asarray(host, device=own_device)
    found = xp.cumulative_sum(x, axis=1, dtype=xp.int32)
    np.testing.assert_array_equal(found.numpy(), np.cumsum(host, axis=1, dtype="int32"))
    (positions,) = xp.nonzero(x[0] % 3 == 0)
    np.testing.assert_array_equal(positions.numpy(), np.arange(0, 5000, 3))


def test_nothing_to_scan(device):
    for shape, axis in (((0,), 0), ((2, 0), 1), ((2, 0), 0)):
        x = xp.zeros(shape, device=device)
        longer = (*shape[:axis], shape[axis] + 1, *shape[axis + 1 :])
        np.testing.assert_array_equal(
            xp.cumulative_sum(x, axis=axis, include_initial=True).numpy(), np.zeros(longer)
        )
        assert xp.cumulative_prod(x, axis=axis).shape == shape


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (
            lambda x: xp.cumulative_sum(x),
            ValueError,
            "cumulative_sum: x with shape (2, 3) needs an axis; only a vector may leave it out",
        ),
        (
            lambda x: xp.cumulative_prod(x, axis=2),
            IndexError,
            "cumulative_prod: axis 2 is out of range for x with shape (2, 3); use -2 <= axis < 2",
        ),
        (
            lambda x: xp.cumulative_sum(x, axis=0, dtype=xp.bool),
            TypeError,
            "cumulative_sum: dtype must be numeric, not bool; use any() or all()",
        ),
    ],
)
def test_what_is_refused(device, call, error, text):
    with pytest.raises(error) as caught:
        call(xp.ones((2, 3), device=device))
    assert str(caught.value) == text


def test_rows_beyond_a_binding_are_scanned_across(own_device):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 1024}
    host = np.arange(900, dtype="int32").reshape(3, 300)
    found = xp.cumulative_sum(xp.asarray(host, device=own_device), axis=0, dtype=xp.int32, include_initial=True)
    np.testing.assert_array_equal(found.numpy(), np.vstack((np.zeros(300), np.cumsum(host, axis=0))))


def test_a_step_beyond_the_axis(device):
    x = xp.arange(3, device=device)[:: 2**70]
    np.testing.assert_array_equal(xp.cumulative_sum(x).numpy(), [0])
