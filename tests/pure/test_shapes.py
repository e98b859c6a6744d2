"""Shapes, strides and axes against NumPy, on arrays of any layout."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, basic_indices, mutually_broadcastable_shapes

from webgpu_array import shapes

SHAPES = array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)


@st.composite
def views(draw):
    """A NumPy array of any shape, permuted, sliced and reversed; its elements are all different."""
    shape = draw(SHAPES)
    host = np.arange(int(np.prod(shape))).reshape(shape)
    host = host.transpose(draw(st.permutations(range(host.ndim))))
    return host[draw(basic_indices(host.shape, allow_newaxis=True))] if host.ndim else host


def strides_of(host):
    return tuple(step // host.itemsize for step in host.strides)


def elements(host, shape, strides):
    """The elements that (shape, strides) visits, counted from the first of ``host``."""
    steps = tuple(step * host.itemsize for step in strides)
    return np.lib.stride_tricks.as_strided(host, shape, steps) if np.prod(shape) else np.zeros(shape, host.dtype)


@given(SHAPES)
def test_contiguous_strides_are_numpys(shape):
    host = np.zeros(shape, "int64")
    if host.size:
        assert shapes.contiguous_strides(shape) == strides_of(host)
    assert shapes.is_contiguous(shape, shapes.contiguous_strides(shape))


@given(views())
def test_contiguity_is_numpys(host):
    assert shapes.is_contiguous(host.shape, strides_of(host)) == host.flags.c_contiguous


@given(mutually_broadcastable_shapes(num_shapes=3, min_side=0, max_dims=4))
def test_broadcasting_is_numpys(found):
    assert shapes.broadcast_shapes(*found.input_shapes) == found.result_shape
    for shape in found.input_shapes:
        host = np.arange(int(np.prod(shape))).reshape(shape)
        strides = shapes.broadcast_strides(shape, strides_of(host), found.result_shape)
        expected = np.broadcast_to(host, found.result_shape)
        np.testing.assert_array_equal(elements(host, found.result_shape, strides), expected)


@given(views(), st.data())
def test_reshape_views_show_the_same_elements(host, data):
    to = data.draw(st.permutations(host.shape).map(tuple) | st.just((host.size,)) | st.just((1, host.size, 1)))
    strides = shapes.reshape_strides(host.shape, strides_of(host), to)
    if strides is not None:
        np.testing.assert_array_equal(elements(host, to, strides), host.reshape(to))
    else:
        assert not np.shares_memory(host.reshape(to), host)


@given(views(), st.data())
def test_collapse_visits_the_same_elements_in_the_same_order(host, data):
    other = np.broadcast_to(np.arange(host.shape[-1]) if host.ndim else np.array(0), host.shape)
    lengths, (one, two) = shapes.collapse(host.shape, strides_of(host), strides_of(other))
    assert len(lengths) == len(one) == len(two) <= max(host.ndim, 1)
    np.testing.assert_array_equal(elements(host, lengths, one).reshape(-1), host.reshape(-1))
    np.testing.assert_array_equal(elements(other, lengths, two).reshape(-1), other.reshape(-1))


def test_collapse_merges_all_it_can():
    assert shapes.collapse((2, 3, 4), (12, 4, 1)) == ((24,), ((1,),))
    assert shapes.collapse((2, 1, 4), (4, 99, 1), (4, 7, 1)) == ((8,), ((1,), (1,)))
    assert shapes.collapse((2, 3), (3, 1), (0, 1)) == ((2, 3), ((3, 1), (0, 1)))
    assert shapes.collapse((3, 4), (-4, -1)) == ((12,), ((-1,),))
    assert shapes.collapse((), ()) == ((), ((),))


@given(views())
def test_extent_holds_every_element(host):
    if host.size:
        low, high = shapes.extent(host.shape, strides_of(host))
        positions = sum(
            np.arange(n).reshape(-1, *(1,) * (host.ndim - i - 1)) * step
            for i, (n, step) in enumerate(zip(host.shape, strides_of(host), strict=True))
        )
        assert (np.min(positions), np.max(positions)) == (low, high)


@given(SHAPES, st.data())
def test_axes_are_counted_from_either_end(shape, data):
    assert shapes.normalize_axes("sum", None, shape) == tuple(range(len(shape)))
    if shape:
        axis = data.draw(st.integers(-len(shape), len(shape) - 1))
        assert shapes.normalize_axes("sum", axis, shape) == (axis % len(shape),)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (
            lambda: shapes.normalize_axis("sum", 3, 2, (4, 5)),
            IndexError,
            "sum: axis 3 is out of range for x with shape (4, 5); use -2 <= axis < 2",
        ),
        (
            lambda: shapes.normalize_axis("sum", 0, 0, ()),
            IndexError,
            "sum: axis 0 is out of range: x has no axes (shape ())",
        ),
        (
            lambda: shapes.normalize_axis("sum", 1.5, 2, (4, 5)),
            TypeError,
            "sum: axis must be an integer, not 1.5",
        ),
        (
            lambda: shapes.normalize_axes("sum", (0, -2), (4, 5)),
            ValueError,
            "sum: axis (0, -2) names an axis twice",
        ),
        (
            lambda: shapes.broadcast_shapes((3,), (2, 4)),
            ValueError,
            "shapes (3,), (2, 4) do not broadcast: axis -1 has lengths [3, 4]",
        ),
        (
            lambda: shapes.broadcast_strides((3,), (1,), (2, 4)),
            ValueError,
            "an array of shape (3,) cannot be broadcast to (2, 4)",
        ),
    ],
)
def test_what_is_refused(call, error, text):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == text
