"""Every chapter against array_api_strict and NumPy: drawn shapes, layouts, dtypes and special values.

Operands are views: permuted, reversed, with steps and offsets. array_api_strict says which dtype and shape the standard
wants, NumPy underneath it the values. What the standard leaves open is not drawn (see ``UNDEFINED``).
"""

from __future__ import annotations

import warnings

import array_api_strict as strict
import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.array_api import make_strategies_namespace

import webgpu_array as xp
from webgpu_array.dtypes import BY_NAME, is_kind
from webgpu_array.interop import from_numpy
from webgpu_array.ops.elementwise import TABLE, apply

# The kernels have tests of their own for what a device grants; these are about the functions.
pytestmark = pytest.mark.any_limits

xps = make_strategies_namespace(xp, api_version="2025.12")

BOOL = ["bool"]
INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
FLOATS = ["float32", "float64"]
COMPLEXES = ["complex64", "complex128"]
REALS = INTEGERS + FLOATS
NUMERIC = REALS + COMPLEXES
STANDARD = BOOL + NUMERIC

UNARY = sorted(name for name, row in TABLE.items() if row.arity == 1)
BINARY = sorted(name for name, row in TABLE.items() if row.arity == 2)


@pytest.fixture(autouse=True)
def latest_standard():
    """array_api_strict warns that a version is a draft, and of what it was told."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        strict.set_array_api_strict_flags(api_version="2025.12")
        yield


@pytest.fixture(autouse=True, scope="module")
def integers_of_64_bits():
    """The default integer type of array_api_strict, on devices as well whose own would be int32."""
    xp.set_default_dtypes(integral="int64")
    yield
    xp.set_default_dtypes()


def more(factor):
    """More examples than the profile's, where one draws one of many functions."""
    return settings(max_examples=factor * settings().max_examples)


# What is drawn


def elements(dtype, tame=False):
    """Values of a dtype, the plainest first. Tame ones have exact sums and products and no special values."""
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return st.booleans()
    if dtype.kind in "iu":
        values = [0, 1, 2, 3, 5, 7]
        if dtype.kind == "i":
            values += [-1, -2, -6]
        if not tame:
            values += [100, np.iinfo(dtype).max, np.iinfo(dtype).min]
        return st.sampled_from(values)
    floats = [0.0, 1.0, -1.0, 0.5, -2.5, 2.0, 3.25]
    if dtype.kind == "c":
        return st.builds(complex, st.sampled_from(floats), st.sampled_from(floats))
    if not tame:
        floats += [-0.0, 1e-3, 1000.5, np.inf, -np.inf, np.nan, np.finfo(dtype).max, np.finfo(dtype).smallest_normal]
    return st.sampled_from(floats)


def shapes(min_dims=0, min_side=0):
    return hnp.array_shapes(min_dims=min_dims, max_dims=3, min_side=min_side, max_side=5)


@st.composite
def host_views(draw, dtype, shape, tame=False, values=None):
    """NumPy arrays of a shape, with permuted axes, and steps of either sign within a larger one."""
    order = draw(st.permutations(range(len(shape))))
    steps = draw(st.tuples(*[st.sampled_from([1, -1, 2, -2]) for _ in shape]))
    lengths = [n * abs(step) for n, step in zip(shape, steps, strict=True)]
    base = draw(hnp.arrays(dtype, tuple(lengths[i] for i in order), elements=values or elements(dtype, tame)))
    # With the ellipsis an array without axes stays an array.
    return base.transpose(np.argsort(order))[(..., *(slice(None, None, step) for step in steps))]


def on_device(host, device):
    """The same view of the same elements on the device."""
    base = host
    while isinstance(base.base, np.ndarray):
        base = base.base
    flat = np.lib.stride_tricks.as_strided(base, (base.size,), (base.itemsize,))
    start = (host.__array_interface__["data"][0] - base.__array_interface__["data"][0]) // host.itemsize
    whole = from_numpy(flat, BY_NAME[host.dtype.name], device)
    return whole.view(host.shape, tuple(step // host.itemsize for step in host.strides), start if host.size else 0)


def supported(device, names):
    return [name for name in names if device.supports(BY_NAME[name])]


def draw_view(data, device, names, *, shape=None, min_dims=0, min_side=0, tame=False, values=None):
    """A NumPy view of one of the dtypes that the device has, and the same on the device."""
    name = data.draw(st.sampled_from(supported(device, names)))
    shape = data.draw(shapes(min_dims, min_side)) if shape is None else shape
    host = data.draw(host_views(name, shape, tame, values))
    return host, on_device(host, device)


def draw_axis(data, ndim):
    """None, one axis, or several."""
    if ndim == 0:
        return None
    one = st.integers(-ndim, ndim - 1)
    return data.draw(st.none() | one | hnp.valid_tuple_axes(ndim, min_size=1))


# How it is compared


def reference(function, *arguments, **keywords):
    """What array_api_strict answers, as a NumPy array or a tuple of them."""
    strictly = [strict.asarray(x) if isinstance(x, np.ndarray) else x for x in arguments]
    with np.errstate(all="ignore"):
        found = function(*strictly, **keywords)
    return tuple(map(np.asarray, found)) if isinstance(found, tuple | list) else np.asarray(found)


def assert_same(found, expected, *, units=8, scale=None):
    """dtype, shape, and values: exact for integers, and within some units of the last place (of ``scale``) else."""
    assert (found.dtype.name, found.shape) == (expected.dtype.name, expected.shape)
    values = found.numpy()
    if expected.dtype.kind not in "fc":
        np.testing.assert_array_equal(values, expected)
        return
    eps = np.finfo(expected.dtype).eps
    if expected.dtype.kind == "c":
        # As a whole: a small part beside a large one may have lost digits.
        finite = np.isfinite(expected)
        np.testing.assert_array_equal(values[~finite], expected[~finite])
        values, expected = values[finite], expected[finite]
        assert np.all(np.abs(values - expected) <= units * eps * np.maximum(np.abs(expected), scale or 0)), (values, expected)
        return
    np.testing.assert_allclose(values, expected, rtol=units * eps, atol=units * eps * (0 if scale is None else scale))
    zeros = (expected == 0) & (values == 0)
    if scale is None:
        np.testing.assert_array_equal(np.signbit(values[zeros]), np.signbit(expected[zeros]))


# Elementwise functions


@more(8)
@given(data=st.data())
def test_functions_of_one_array(device, data):
    name = data.draw(st.sampled_from(UNARY))
    host, x = draw_view(data, device, [d for d in STANDARD if is_kind(BY_NAME[d], TABLE[name].kind)])
    if host.dtype.kind == "c" and name in ("log", "log1p", "log2", "log10", "atan", "atanh", "reciprocal"):
        assume(not np.isin(host, [0, 1, -1, 1j, -1j]).any())  # Poles are a matter of special cases.
    assert_same(apply(TABLE[name], x), reference(getattr(strict, name), host))


def defined(name, x1, x2):
    """Whether the standard says what comes out, and NumPy follows it."""
    if x1.dtype.kind in "iu":
        if name in ("bitwise_left_shift", "bitwise_right_shift"):
            return np.all((x2 >= 0) & (x2 < 8))
        if name in ("floor_divide", "remainder"):
            return np.all(x2 != 0)
        if name == "pow":
            return np.all(x2 >= 0)
    if x1.dtype.kind == "f" and name in ("floor_divide", "remainder"):
        return np.isfinite(x1).all() and np.isfinite(x2).all() and np.all(x2 != 0)
    if x1.dtype.kind == "c" and name in ("divide", "pow"):
        return np.all(x2 != 0) and np.all(x1 != 0)
    return True


@more(8)
@given(data=st.data())
def test_functions_of_two_arrays(device, data):
    name = data.draw(st.sampled_from(BINARY))
    names = supported(device, [d for d in STANDARD if is_kind(BY_NAME[d], TABLE[name].kind)])
    first = data.draw(st.sampled_from(names))
    second = data.draw(st.sampled_from([d for d in names if strictly_promote(first, d) in names]))
    both = data.draw(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=4)).input_shapes
    tame = name in ("floor_divide", "remainder", "pow", "bitwise_left_shift", "bitwise_right_shift")
    hosts = [data.draw(host_views(d, shape, tame)) for d, shape in zip((first, second), both, strict=True)]
    promoted = [host.astype(strictly_promote(first, second)) for host in hosts]
    assume(defined(name, *promoted))
    found = apply(TABLE[name], *(on_device(host, device) for host in hosts))
    assert_same(found, reference(getattr(strict, name), *hosts))


def strictly_promote(first, second):
    """The name of the dtype that the standard wants, or None."""
    try:
        return str(strict.result_type(getattr(strict, first), getattr(strict, second))).rpartition(".")[2]
    except TypeError:
        return None


@more(4)
@given(data=st.data())
def test_functions_of_an_array_and_a_python_scalar(device, data):
    name = data.draw(st.sampled_from(BINARY))
    host, x = draw_view(data, device, [d for d in STANDARD if is_kind(BY_NAME[d], TABLE[name].kind)], tame=True)
    python = {"b": bool, "i": int, "u": int, "f": float, "c": complex}[host.dtype.kind]
    scalar = python(data.draw(elements(host.dtype, tame=True)))
    reverse = data.draw(st.booleans())
    ordered = (np.asarray(scalar, host.dtype), host) if reverse else (host, np.asarray(scalar, host.dtype))
    assume(defined(name, *ordered))
    found = apply(TABLE[name], *((scalar, x) if reverse else (x, scalar)))
    assert_same(found, reference(getattr(strict, name), *((scalar, host) if reverse else (host, scalar))))


@more(2)
@given(data=st.data())
def test_where_and_clip(device, data):
    name = data.draw(st.sampled_from(supported(device, NUMERIC)))
    three = data.draw(hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=4)).input_shapes
    condition = data.draw(host_views("bool", three[0]))
    x1, x2 = (data.draw(host_views(name, shape)) for shape in three[1:])
    first, second = on_device(x1, device), on_device(x2, device)
    assert_same(xp.where(on_device(condition, device), first, second), reference(strict.where, condition, x1, x2))
    if name not in COMPLEXES:
        low, high = (np.nan_to_num(x) for x in (np.minimum(*np.broadcast_arrays(x1, x2)), np.maximum(*np.broadcast_arrays(x1, x2))))
        x = data.draw(host_views(name, low.shape))
        found = xp.clip(on_device(x, device), xp.asarray(low, device=device), xp.asarray(high, device=device))
        assert found.dtype.name == name
        np.testing.assert_array_equal(found.numpy(), np.clip(x, low, high))  # Which of two zeros is open.


@more(4)
@given(data=st.data())
def test_astype(device, data):
    host, x = draw_view(data, device, STANDARD, tame=True)
    target = data.draw(st.sampled_from(supported(device, STANDARD)))
    if host.dtype.kind == "c":
        assume(target in BOOL + COMPLEXES)
    if host.dtype.kind == "f" and target.startswith("uint"):
        assume((host >= 0).all())
    with np.errstate(all="ignore"):
        expected = host.astype(target)
    assert_same(xp.astype(x, BY_NAME[target]), expected, units=1)


# Reductions and scans


@more(4)
@given(data=st.data())
def test_reductions(device, data):
    name = data.draw(st.sampled_from(["sum", "prod", "max", "min", "mean", "var", "std", "all", "any", "count_nonzero"]))
    names = {"sum": NUMERIC, "prod": NUMERIC, "max": REALS, "min": REALS, "mean": FLOATS, "var": FLOATS, "std": FLOATS}
    least = 1 if name in ("max", "min", "mean", "var", "std") else 0
    host, x = draw_view(data, device, names.get(name, STANDARD), min_side=least, tame=name not in ("max", "min", "all", "any"))
    keywords = {"axis": draw_axis(data, host.ndim), "keepdims": data.draw(st.booleans())}
    scale = None if name in ("max", "min") else 8
    assert_same(getattr(xp, name)(x, **keywords), reference(getattr(strict, name), host, **keywords), scale=scale)


@more(2)
@given(data=st.data())
def test_sums_of_special_values(device, data):
    special = st.sampled_from([0.0, -0.0, 1.0, np.inf, -np.inf, np.nan])
    host, x = draw_view(data, device, FLOATS, min_side=1, values=special)
    axis = draw_axis(data, host.ndim)
    assert_same(xp.sum(x, axis=axis), reference(strict.sum, host, axis=axis), scale=8)
    assert_same(xp.mean(x, axis=axis), reference(strict.mean, host, axis=axis), scale=8)


@more(2)
@given(data=st.data())
def test_extreme_positions(device, data):
    name = data.draw(st.sampled_from(["argmax", "argmin"]))
    host, x = draw_view(data, device, REALS, min_side=1)
    axis = data.draw(st.none() | st.integers(-host.ndim, host.ndim - 1)) if host.ndim else None
    keywords = {"axis": axis, "keepdims": data.draw(st.booleans())}
    np.testing.assert_array_equal(getattr(xp, name)(x, **keywords).numpy(), reference(getattr(strict, name), host, **keywords))


@more(2)
@given(data=st.data())
def test_cumulative_sums_and_products(device, data):
    name = data.draw(st.sampled_from(["cumulative_sum", "cumulative_prod"]))
    host, x = draw_view(data, device, NUMERIC, min_dims=1, tame=True)
    keywords = {"axis": data.draw(st.integers(-host.ndim, host.ndim - 1)), "include_initial": data.draw(st.booleans())}
    assert_same(getattr(xp, name)(x, **keywords), reference(getattr(strict, name), host, **keywords), scale=8)


@given(data=st.data())
def test_differences(device, data):
    host, x = draw_view(data, device, NUMERIC, min_dims=1, tame=True)
    keywords = {"axis": data.draw(st.integers(-host.ndim, host.ndim - 1)), "n": data.draw(st.integers(0, 3))}
    assert_same(xp.diff(x, **keywords), reference(strict.diff, host, **keywords), scale=8)


# Creation


@more(2)
@given(data=st.data())
def test_creation(device, data):
    name = data.draw(st.sampled_from(supported(device, STANDARD)))
    dtype, strict_dtype = BY_NAME[name], getattr(strict, name)
    shape = data.draw(shapes())
    value = data.draw(elements(name))
    offset = data.draw(st.integers(-6, 6))
    rows, columns = data.draw(st.integers(0, 5)), data.draw(st.none() | st.integers(0, 5))
    for ours, theirs in [
        (xp.zeros(shape, dtype=dtype, device=device), strict.zeros(shape, dtype=strict_dtype)),
        (xp.ones(shape, dtype=dtype, device=device), strict.ones(shape, dtype=strict_dtype)),
        (xp.full(shape, value, dtype=dtype, device=device), strict.full(shape, np.asarray(value).item(), dtype=strict_dtype)),
        (xp.eye(rows, columns, k=offset, dtype=dtype, device=device), strict.eye(rows, columns, k=offset, dtype=strict_dtype)),
    ]:
        assert_same(ours, np.asarray(theirs), units=0)


@more(2)
@given(data=st.data())
def test_progressions(device, data):
    name = data.draw(st.sampled_from(supported(device, REALS)))
    start, stop = (data.draw(st.integers(0, 40)) for _ in range(2))
    step = data.draw(st.integers(1, 7))
    keywords = {"dtype": BY_NAME[name], "device": device}
    expected = reference(strict.arange, start, stop, step, dtype=getattr(strict, name))
    assert_same(xp.arange(start, stop, step, **keywords), expected)
    if name in FLOATS:
        num, endpoint = data.draw(st.integers(0, 9)), data.draw(st.booleans())
        expected = reference(strict.linspace, start, stop, num, endpoint=endpoint, dtype=getattr(strict, name))
        assert_same(xp.linspace(start, stop, num, endpoint=endpoint, **keywords), expected)


@given(data=st.data())
def test_triangles_and_grids(device, data):
    host, x = draw_view(data, device, STANDARD, min_dims=2)
    k = data.draw(st.integers(-6, 6))
    assert_same(xp.tril(x, k=k), reference(strict.tril, host, k=k))
    assert_same(xp.triu(x, k=k), reference(strict.triu, host, k=k))
    lines = [draw_view(data, device, [host.dtype.name], shape=(n,)) for n in data.draw(shapes(1))]
    indexing = data.draw(st.sampled_from(["xy", "ij"]))
    expected = strict.meshgrid(*(strict.asarray(h) for h, _ in lines), indexing=indexing)
    for ours, theirs in zip(xp.meshgrid(*(t for _, t in lines), indexing=indexing), expected, strict=True):
        assert_same(ours, np.asarray(theirs))


@given(data=st.data())
def test_hypothesis_own_arrays_arrive_unchanged(device, data):
    dtype = BY_NAME[data.draw(st.sampled_from(supported(device, STANDARD)))]
    x = data.draw(xps.arrays(dtype, xps.array_shapes(max_dims=2, max_side=4)))
    again = xp.asarray(x.numpy(), device=device)
    assert again.dtype is dtype
    np.testing.assert_array_equal(again.numpy(), x.numpy())


# Manipulation


@more(4)
@given(data=st.data())
def test_manipulation(device, data):
    host, x = draw_view(data, device, STANDARD)
    n = host.ndim
    name = data.draw(st.sampled_from(["expand_dims", "flip", "permute_dims", "reshape", "tile", "broadcast_to"]))
    if name == "expand_dims":
        arguments, keywords = (data.draw(st.integers(-n - 1, n)),), {}
    elif name == "flip":
        arguments, keywords = (), {"axis": draw_axis(data, n)}
    elif name == "permute_dims":
        arguments, keywords = (tuple(data.draw(st.permutations(range(n)))),), {}
    elif name == "reshape":
        arguments, keywords = (data.draw(st.sampled_from([(-1,), host.shape[::-1], (1, *host.shape)])),), {}
        assume(host.size or -1 not in arguments[0])
    elif name == "tile":
        arguments, keywords = (data.draw(st.lists(st.integers(0, 3), max_size=4).map(tuple)),), {}
    else:
        arguments, keywords = ((data.draw(st.integers(0, 3)), *host.shape),), {}
    assert_same(getattr(xp, name)(x, *arguments, **keywords), reference(getattr(strict, name), host, *arguments, **keywords))


@more(2)
@given(data=st.data())
def test_moving_and_repeating_along_an_axis(device, data):
    host, x = draw_view(data, device, STANDARD, min_dims=1)
    axis, other = (data.draw(st.integers(-host.ndim, host.ndim - 1)) for _ in range(2))
    shift = data.draw(st.integers(-9, 9))
    assert_same(xp.roll(x, shift, axis=axis), reference(strict.roll, host, shift, axis=axis))
    assert_same(xp.roll(x, shift), reference(strict.roll, host, shift))
    assert_same(xp.moveaxis(x, axis, other), reference(strict.moveaxis, host, axis, other))
    times = data.draw(st.integers(0, 3))
    assert_same(xp.repeat(x, times, axis=axis), reference(strict.repeat, host, times, axis=axis))
    counts = data.draw(hnp.arrays("int64", host.shape[axis], elements=st.integers(0, 3)))
    found = xp.repeat(x, xp.asarray(counts, device=device), axis=axis)
    assert_same(found, reference(strict.repeat, host, counts, axis=axis))
    for ours, theirs in zip(xp.unstack(x, axis=axis), reference(strict.unstack, host, axis=axis), strict=True):
        assert_same(ours, theirs)
    if host.shape[axis] == 1:
        assert_same(xp.squeeze(x, axis), reference(strict.squeeze, host, axis))


@more(2)
@given(data=st.data())
def test_joining(device, data):
    first, x1 = draw_view(data, device, NUMERIC, min_dims=1)
    axis = data.draw(st.integers(-first.ndim, first.ndim - 1))
    shape = list(first.shape)
    shape[axis] = data.draw(st.integers(0, 4))
    alike = [d for d in supported(device, NUMERIC) if strictly_promote(first.dtype.name, d)]
    second, x2 = draw_view(data, device, alike, shape=tuple(shape))
    expected = np.asarray(strict.concat([strict.asarray(first), strict.asarray(second)], axis=axis))
    assert_same(xp.concat([x1, x2], axis=axis), expected)
    third, x3 = draw_view(data, device, [first.dtype.name], shape=first.shape)
    expected = np.asarray(strict.stack([strict.asarray(first), strict.asarray(third)], axis=axis))
    assert_same(xp.stack([x1, x3], axis=axis), expected)


# Indexing


@more(4)
@given(data=st.data())
def test_reading_and_writing_through_basic_keys(device, data):
    host, x = draw_view(data, device, STANDARD)
    host = host.copy()
    x = xp.asarray(host, device=device)
    keys = hnp.basic_indices
    outer = data.draw(keys(host.shape, allow_newaxis=True, allow_ellipsis=True))
    host_view, view = host[outer], x[outer]
    assert_same(view, np.asarray(host_view))
    if not isinstance(host_view, np.ndarray):
        return
    inner = data.draw(keys(host_view.shape, allow_ellipsis=True))
    value = data.draw(host_views(host.dtype, np.shape(host_view[inner])))
    host_view[inner] = value
    view[inner] = on_device(value, device)
    assert_same(x, host)


@more(3)
@given(data=st.data())
def test_masks(device, data):
    host, x = draw_view(data, device, STANDARD, min_dims=1)
    leading = data.draw(st.integers(1, host.ndim))
    mask = data.draw(host_views("bool", host.shape[:leading]))
    on = on_device(mask, device)
    assert_same(x[on], host[mask])
    value = data.draw(elements(host.dtype))
    written, whole = host.copy(), xp.asarray(host.copy(), device=device)
    written[mask] = value
    whole[on] = value
    assert_same(whole, written)
    values = data.draw(host_views(host.dtype, host[mask].shape))
    written[mask] = values
    whole[on] = on_device(values, device)
    assert_same(whole, written)


@more(3)
@given(data=st.data())
def test_integer_arrays_as_keys(device, data):
    host, x = draw_view(data, device, STANDARD, min_dims=1, min_side=1)
    used = data.draw(st.integers(1, host.ndim))
    both = data.draw(hnp.mutually_broadcastable_shapes(num_shapes=used, max_dims=2, max_side=4)).input_shapes
    dtype = data.draw(st.sampled_from(["int32", "int64"]))
    key = tuple(
        data.draw(hnp.arrays(dtype, shape, elements=st.integers(-n, n - 1)))
        for shape, n in zip(both, host.shape, strict=False)
    )
    on = tuple(xp.asarray(k, device=device) for k in key)
    assert_same(x[on], host[key])
    value = data.draw(elements(host.dtype))
    written, whole = host.copy(), xp.asarray(host.copy(), device=device)
    written[key] = value
    whole[on] = value
    assert_same(whole, written)


@more(2)
@given(data=st.data())
def test_taking(device, data):
    host, x = draw_view(data, device, STANDARD, min_dims=1, min_side=1)
    axis = data.draw(st.integers(-host.ndim, host.ndim - 1))
    within = st.integers(-host.shape[axis], host.shape[axis] - 1)
    indices = data.draw(hnp.arrays("int64", st.integers(0, 6), elements=within))
    assert_same(xp.take(x, xp.asarray(indices, device=device), axis=axis), np.take(host, indices, axis=axis))
    shape = list(host.shape)
    shape[axis] = data.draw(st.integers(0, 4))
    along = data.draw(host_views("int64", tuple(shape), values=within))
    found = xp.take_along_axis(x, on_device(along, device), axis=axis)
    assert_same(found, np.take_along_axis(host, along, axis=axis))


# Sorting, searching, sets


def without_nan(dtype):
    """The standard leaves open where NaNs are sorted to."""
    return elements(dtype).filter(lambda value: value == value)


@more(3)
@given(data=st.data())
def test_sorting(device, data):
    name = data.draw(st.sampled_from(supported(device, REALS)))
    host, x = draw_view(data, device, [name], min_dims=1, values=without_nan(name))
    keywords = {
        "axis": data.draw(st.integers(-host.ndim, host.ndim - 1)),
        "descending": data.draw(st.booleans()),
    }
    positions = xp.argsort(x, **keywords)
    np.testing.assert_array_equal(positions.numpy(), reference(strict.argsort, host, **keywords))
    ours, theirs = xp.sort(x, **keywords), reference(strict.sort, host, **keywords)
    assert ours.dtype.name == name
    np.testing.assert_array_equal(ours.numpy(), theirs)


@more(2)
@given(data=st.data())
def test_searchsorted(device, data):
    name = data.draw(st.sampled_from(supported(device, REALS)))
    finite = without_nan(name)
    line, _ = draw_view(data, device, [name], shape=(data.draw(st.integers(1, 12)),), values=finite)
    values, x2 = draw_view(data, device, [name], values=finite)
    side = data.draw(st.sampled_from(["left", "right"]))
    sorter = np.argsort(line, kind="stable")
    expected = np.searchsorted(line[sorter], values, side=side)
    np.testing.assert_array_equal(xp.searchsorted(xp.asarray(line[sorter], device=device), x2, side=side).numpy(), expected)
    found = xp.searchsorted(on_device(line, device), x2, side=side, sorter=xp.asarray(sorter, device=device))
    np.testing.assert_array_equal(found.numpy(), expected)


@more(3)
@given(data=st.data())
def test_sets(device, data):
    host, x = draw_view(data, device, BOOL + REALS)
    # Which of two equal zeros stands for both is open.
    wanted = np.unique(host, return_inverse=True, return_counts=True, equal_nan=False)
    np.testing.assert_array_equal(xp.unique_values(x).numpy(), wanted[0], strict=True)
    values, counts = xp.unique_counts(x)
    np.testing.assert_array_equal(values.numpy(), wanted[0], strict=True)
    np.testing.assert_array_equal(counts.numpy(), wanted[2])
    values, inverse = xp.unique_inverse(x)
    assert inverse.shape == host.shape
    np.testing.assert_array_equal(values.numpy()[inverse.numpy()], host)
    values, indices, inverse, counts = xp.unique_all(x)
    np.testing.assert_array_equal(host.reshape(-1)[indices.numpy()], wanted[0])
    np.testing.assert_array_equal(counts.numpy(), wanted[2])
    other, x2 = draw_view(data, device, [host.dtype.name])
    invert = data.draw(st.booleans())
    assert_same(xp.isin(x, x2, invert=invert), np.isin(host, other, invert=invert))


@more(2)
@given(data=st.data())
def test_nonzero(device, data):
    host, x = draw_view(data, device, STANDARD, min_dims=1)
    for ours, theirs in zip(xp.nonzero(x), np.nonzero(host), strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs)


# Linear algebra and transforms


def draw_matrices(data, device, *, square=True, names=FLOATS + COMPLEXES):
    """A stack of matrices far from singular, as a view."""
    n = data.draw(st.integers(1, 5))
    rows = n if square else data.draw(st.integers(1, 5))
    batch = data.draw(st.sampled_from([(), (3,), (2, 1), (0,)]))
    host, _ = draw_view(data, device, names, shape=(*batch, rows, n), tame=True)
    host = (host + 20 * np.eye(rows, n)).astype(host.dtype)
    if data.draw(st.booleans()):
        host = np.swapaxes(np.swapaxes(host, -1, -2).copy(), -1, -2)
    return host, on_device(host, device)


def assert_near(found, expected, units=200):
    """dtype, shape, and values within some units of the last place of the largest."""
    expected = np.asarray(expected)
    assert (found.dtype.name, found.shape) == (expected.dtype.name, expected.shape)
    scale = np.max(np.abs(expected), initial=0)
    np.testing.assert_allclose(found.numpy(), expected, rtol=0, atol=units * np.finfo(expected.dtype).eps * scale)


@pytest.mark.parametrize("name", ["inv", "det", "pinv", "svdvals", "matrix_norm"])
@given(data=st.data())
def test_functions_of_matrices(device, name, data):
    host, x = draw_matrices(data, device, square=name in ("inv", "det"))
    expected = {"svdvals": lambda a: np.linalg.svd(a, compute_uv=False), "matrix_norm": np.linalg.matrix_norm}
    assert_near(getattr(xp.linalg, name)(x), expected.get(name, getattr(np.linalg, name, None))(host))


@given(data=st.data())
def test_systems(device, data):
    host, x = draw_matrices(data, device)
    right, b = draw_view(data, device, [host.dtype.name], shape=(*host.shape[:-1], data.draw(st.integers(1, 4))), tame=True)
    assert_near(xp.linalg.solve(x, b), np.linalg.solve(host, right))
    sign, logarithm = xp.linalg.slogdet(x)
    wanted = np.linalg.slogdet(host)
    assert_near(sign, wanted[0])
    assert_near(logarithm, wanted[1])


@given(data=st.data())
def test_factors_multiply_to_the_matrix(device, data):
    host, x = draw_matrices(data, device, square=False)
    q, r = xp.linalg.qr(x)
    assert_near(xp.matmul(q, r), host)
    np.testing.assert_array_equal(r.numpy(), np.triu(r.numpy()))
    u, s, vh = xp.linalg.svd(x, full_matrices=False)
    assert_near(xp.matmul(u * xp.expand_dims(s, -2), vh), host)
    gram = np.conj(np.swapaxes(host, -1, -2)) @ host
    factor = xp.linalg.cholesky(xp.asarray(gram, device=device)) if host.shape[-2] >= host.shape[-1] else None
    if factor is not None:
        assert_near(xp.matmul(factor, xp.conj(xp.matrix_transpose(factor))), gram)
    values, vectors = xp.linalg.eigh(xp.asarray(gram, device=device))
    assert_near(values, np.linalg.eigvalsh(gram))
    assert_near(xp.matmul(vectors * xp.expand_dims(values, -2), xp.conj(xp.matrix_transpose(vectors))), gram)


@more(2)
@given(data=st.data())
def test_products(device, data):
    host, x = draw_matrices(data, device, square=False, names=NUMERIC)
    right, b = draw_view(data, device, [host.dtype.name], shape=(host.shape[-1], data.draw(st.integers(1, 4))), tame=True)
    exact = host.dtype.kind in "iu"
    same = assert_same if exact else assert_near
    same(xp.matmul(x, b), np.matmul(host, right))
    same(xp.tensordot(x, b, axes=1), np.tensordot(host, right, axes=1))
    same(xp.vecdot(x, x), np.vecdot(host, host))
    same(xp.linalg.trace(x), np.trace(host, axis1=-2, axis2=-1, dtype=None if exact else host.dtype))
    same(xp.linalg.diagonal(x), np.diagonal(host, axis1=-2, axis2=-1))
    row, other = host.reshape(-1)[:3], right.reshape(-1)[:3]
    found = xp.linalg.outer(xp.asarray(row, device=device), xp.asarray(other, device=device))
    same(found, np.outer(row, other))


@more(3)
@given(data=st.data())
def test_fourier_transforms(device, data):
    name = data.draw(st.sampled_from(["fft", "ifft", "rfft", "irfft", "hfft", "ihfft", "fftn", "ifftn", "rfftn", "irfftn"]))
    names = FLOATS if name in ("rfft", "ihfft", "rfftn") else COMPLEXES
    host, x = draw_view(data, device, names, min_dims=1, min_side=2, tame=True)
    keywords = {"norm": data.draw(st.sampled_from(["backward", "ortho", "forward"]))}
    if not name.endswith("n"):
        keywords["axis"] = data.draw(st.integers(-host.ndim, host.ndim - 1))
        keywords["n"] = data.draw(st.none() | st.integers(1, 11))
    assert_near(getattr(xp.fft, name)(x, **keywords), getattr(np.fft, name)(host, **keywords))
