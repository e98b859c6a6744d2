"""isin and the unique functions against NumPy: types, ties across tiles, NaN, zeros, nothing at all."""

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array import dtypes

SIZES = (1, 2, 1000, 2048, 2049, 6000)


def few_values(name, n):
    rng = np.random.default_rng(n)
    host = rng.integers(0, 2 if name == "bool" else 100, n).astype(name)
    return host + (1j * rng.integers(0, 3, n)).astype(name) if host.dtype.kind == "c" else host


def check_all(x, host):
    """Every unique function, against NumPy's."""
    expected = np.unique_all(host)
    found = xp.unique_all(x)
    for name in ("values", "indices", "inverse_indices", "counts"):
        np.testing.assert_array_equal(getattr(found, name).numpy(), getattr(expected, name), err_msg=name)
        assert getattr(found, name).dtype is (x.dtype if name == "values" else dtypes.default_integer(x.device))
    for function in (xp.unique_counts, xp.unique_inverse):
        result = function(x)
        for name in result._fields:
            np.testing.assert_array_equal(getattr(result, name).numpy(), getattr(expected, name), err_msg=name)
    np.testing.assert_array_equal(xp.unique_values(x).numpy(), expected.values)


@pytest.mark.parametrize("name", [dtype.name for dtype in dtypes.ALL])
def test_unique_elements_of_every_type(device, name):
    if not device.supports(dtypes.BY_NAME[name]):
        pytest.skip(f"{device} has no {name}")
    host = few_values(name, 1500)
    check_all(xp.asarray(host, device=device), host)


@pytest.mark.parametrize("n", SIZES)
def test_unique_elements_of_vectors_of_every_length(device, n):
    for host in (few_values("int32", n), np.arange(n, dtype="int32")[::-1], np.full(n, 7, "int32")):
        check_all(xp.asarray(host, device=device), host)


def test_integers_of_two_words_are_distinct_in_either_word(bare_device):
    host = np.array([1, 2**40, 1, 2**40 + 1, -1, 2**40], "int64")
    check_all(xp.asarray(host, dtype=xp.int64, device=bare_device), host)


def test_axes_are_flattened_and_the_inverse_has_them(as_laid_out):
    host = few_values("int32", 120).reshape(4, 5, 6)
    for laid_out in (host, host.transpose(2, 0, 1), host[:, ::-1, ::2]):
        check_all(as_laid_out(laid_out), laid_out)


@pytest.mark.parametrize("n", [8, 3000])
def test_every_nan_is_by_itself(device, n):
    host = few_values("float32", n)
    host[[1, 4, 7]] = np.nan
    values, indices, inverse, counts = (t.numpy() for t in xp.unique_all(xp.asarray(host, device=device)))
    assert np.isnan(values).tolist() == [False] * (values.size - 3) + [True] * 3
    assert indices[-3:].tolist() == [1, 4, 7]
    assert counts[-3:].tolist() == [1, 1, 1]
    np.testing.assert_array_equal(values[inverse], host)


def test_a_complex_number_with_a_nan_is_by_itself(device):
    host = np.array([complex(1, np.nan), 1, complex(1, np.nan), complex(np.nan, 1), 1], "complex64")
    values, counts = xp.unique_counts(xp.asarray(host, device=device))
    np.testing.assert_array_equal(counts.numpy(), [2, 1, 1, 1])
    np.testing.assert_array_equal(values.numpy(), [1, complex(1, np.nan), complex(1, np.nan), complex(np.nan, 1)])


def test_zeros_of_both_signs_are_one_element(device):
    x = xp.asarray(np.array([-0.0, 1.0, 0.0, -0.0], "float32"), device=device)
    values, indices, _, counts = xp.unique_all(x)
    np.testing.assert_array_equal(counts.numpy(), [3, 1])
    np.testing.assert_array_equal(indices.numpy(), [0, 1])
    assert np.signbit(values.numpy()).tolist() == [True, False]


@pytest.mark.parametrize("shape", [(0,), (3, 0)])
def test_nothing_has_no_unique_elements(device, shape):
    x = xp.zeros(shape, device=device)
    values, indices, inverse, counts = xp.unique_all(x)
    assert values.shape == indices.shape == counts.shape == xp.unique_values(x).shape == (0,)
    assert inverse.shape == shape


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("name", [dtype.name for dtype in dtypes.ALL])
def test_isin_for_every_type(device, name, invert):
    if not device.supports(dtypes.BY_NAME[name]):
        pytest.skip(f"{device} has no {name}")
    x1, x2 = few_values(name, 300), few_values(name, 50).reshape(5, 10)
    found = xp.isin(xp.asarray(x1, device=device), xp.asarray(x2, device=device), invert=invert)
    np.testing.assert_array_equal(found.numpy(), np.isin(x1, x2, invert=invert))
    assert found.dtype is dtypes.bool_


def test_isin_of_every_layout_and_of_long_pools(as_laid_out):
    x1, x2 = few_values("int32", 60).reshape(3, 4, 5), np.arange(0, 6000, 2, dtype="int32")
    for host in (x1.transpose(1, 2, 0), x1[:, ::-1], x1[0, 0]):
        for pool in (x2, x2[::-3], x2.reshape(3, -1).T):
            np.testing.assert_array_equal(xp.isin(as_laid_out(host), as_laid_out(pool)).numpy(), np.isin(host, pool))


def test_isin_takes_scalars_and_promotes(device):
    x = xp.asarray(np.array([[1, 2], [3, 2]], "int16"), device=device)
    assert xp.isin(x, 2).numpy().tolist() == [[False, True], [False, True]]
    assert xp.isin(2, x).shape == ()
    assert bool(xp.isin(2, x)) and not bool(xp.isin(4, x))
    assert xp.isin(x, xp.asarray([70_000, 3], dtype=xp.int32, device=device)).numpy().tolist() == [
        [False, False],
        [True, False],
    ]


def test_isin_compares_as_equal_does(device):
    x1 = xp.asarray(np.array([np.nan, -0.0, 1.0], "float32"), device=device)
    x2 = xp.asarray(np.array([np.nan, 0.0], "float32"), device=device)
    assert xp.isin(x1, x2).numpy().tolist() == [False, True, False]
    assert xp.isin(x1, x2, invert=True).numpy().tolist() == [True, False, True]


def test_isin_with_nothing(device):
    x, nothing = xp.ones((2, 3), device=device), xp.zeros((0,), device=device)
    assert not bool(xp.any(xp.isin(x, nothing)))
    assert bool(xp.all(xp.isin(x, nothing, invert=True)))
    assert xp.isin(nothing, x).shape == (0,)


def test_isin_refuses_what_cannot_be_compared(device):
    x = xp.ones((2,), device=device)
    with pytest.raises(TypeError) as caught:
        xp.isin(1, 2)
    assert str(caught.value) == "isin: x1 and x2 are both Python scalars; make one a tensor with asarray()"
    with pytest.raises(TypeError) as caught:
        xp.isin(x, xp.asarray([True], device=device))
    assert str(caught.value) == (
        "isin: float32 and bool do not promote to a common type; convert one with astype()"
    )
    with pytest.raises(OverflowError) as overflow:
        xp.isin(xp.asarray([1], dtype=xp.int8, device=device), 300)
    assert str(overflow.value) == "isin: 300 does not fit int8, which holds -128 to 127"
    with pytest.raises(TypeError) as caught:
        xp.unique_all([1, 2])
    assert str(caught.value) == "unique_all: x must be a tensor, not list; convert it with asarray()"


@pytest.mark.parametrize("invert", [False, True])
def test_membership_in_more_than_a_binding_holds(own_device, invert):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 4096}
    rng = np.random.default_rng(5)
    host, pool = rng.integers(0, 3000, (4, 50)).astype("int32"), rng.integers(0, 3000, (2, 1000)).astype("int32")
    x1, x2 = xp.asarray(host, device=own_device), xp.asarray(pool, device=own_device)
    np.testing.assert_array_equal(xp.isin(x1, x2, invert=invert).numpy(), np.isin(host, pool, invert=invert))
