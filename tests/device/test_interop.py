"""Host data in and out: types, layouts, buffers, DLPack, pickles, and the event loop."""

import array
import asyncio
import copy
import ctypes
import pickle

import numpy as np
import pytest

import webgpu_array as xp


@pytest.fixture(params=[d.name for d in xp.dtypes.ALL])
def dtype(request, device):
    """Every type that the device has."""
    if not device.supports(xp.dtypes.BY_NAME[request.param]):
        pytest.skip(f"{device} has no {request.param}")
    return request.param


@pytest.mark.parametrize("shape", [(), (1,), (3,), (0, 4), (5, 7)])
def test_numpy_comes_back_as_it_went(device, dtype, shape):
    host = (np.random.default_rng(0).random(shape) * 9).astype(dtype)
    x = xp.asarray(host, device=device)
    assert x.dtype.name == dtype
    for found in (x.numpy(), np.asarray(x), xp.asarray(x.numpy(), device=device).numpy()):
        assert found.dtype == host.dtype
        assert found.shape == shape
        np.testing.assert_array_equal(found, host)


def test_numpy_views_are_uploaded_by_value(device):
    host = np.arange(24.0, dtype="float32").reshape(2, 3, 4)
    for view in (host.T, host[::-1, 1:, ::2], np.broadcast_to(host[0], (5, 3, 4)), host.astype(">f4")):
        np.testing.assert_array_equal(xp.asarray(view, device=device).numpy(), view)


def test_special_values_survive(device):
    host = np.array([np.nan, np.inf, -np.inf, -0.0, 3.4028235e38, 1e-38], "float32")
    found = xp.asarray(host, device=device).numpy()
    np.testing.assert_array_equal(found.view("uint32"), host.view("uint32"))


def test_the_copy_is_writable_and_separate(device):
    x = xp.zeros(3, device=device)
    host = x.numpy()
    host[0] = 5
    np.testing.assert_array_equal(x.numpy(), [0, 0, 0])


def test_python_numbers_get_default_types(device):
    integer = xp.__array_namespace_info__().default_dtypes(device=device)["integral"]
    assert xp.asarray([1.5, 2], device=device).dtype is xp.float32
    assert xp.asarray([1, 2], device=device).dtype is integer
    assert xp.asarray([True], device=device).dtype is xp.bool
    assert xp.asarray(2.0, device=device).shape == ()
    assert xp.asarray([1, 2], dtype=xp.float32, device=device).dtype is xp.float32
    assert xp.asarray([], device=device).dtype is xp.float32


def test_typed_buffers_keep_their_type(device):
    assert xp.asarray(array.array("i", [1, 2]), device=device).dtype is xp.int32
    x = xp.asarray(memoryview(array.array("f", [1.5, 2.5])), device=device)
    np.testing.assert_array_equal(x.numpy(), [1.5, 2.5])


def test_host_float64_becomes_float32_where_there_is_none(own_device):
    own_device.features = own_device.features - {"shader-f64"}
    assert xp.asarray(np.ones(2), device=own_device).dtype is xp.float32


def test_python_integers_are_int32_where_there_is_no_int64(own_device):
    own_device.features = own_device.features - {"shader-int64", "shader-f64"}
    assert xp.asarray([1], device=own_device).dtype is xp.int32
    assert xp.arange(3, device=own_device).dtype is xp.int32
    assert xp.sum(xp.asarray([1], device=own_device)).dtype is xp.int32
    with pytest.raises(OverflowError) as error:
        xp.asarray([1, 2**31], device=own_device)
    assert str(error.value) == "asarray: 2147483648 does not fit int32, which holds -2147483648 to 2147483647"
    assert xp.asarray(np.ones(2, "int64"), device=own_device).dtype is xp.int64


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (
            lambda d: xp.asarray([-1], dtype=xp.uint32, device=d),
            OverflowError,
            "asarray: -1 does not fit uint32, which holds 0 to 4294967295",
        ),
        (
            lambda d: xp.asarray(np.ones(2, "longdouble"), device=d),
            TypeError,
            f"asarray: host dtype {np.dtype('longdouble')} has no counterpart; convert it to one of: {', '.join(xp.dtypes.BY_NAME)}",
        ),
        (
            lambda d: xp.asarray(np.array([], object), device=d),
            TypeError,
            f"asarray: host dtype object has no counterpart; convert it to one of: {', '.join(xp.dtypes.BY_NAME)}",
        ),
        (
            lambda d: xp.asarray([1.0, 2.0j], dtype=xp.float32, device=d),
            TypeError,
            "asarray: complex numbers do not become float32; take their real parts first",
        ),
        (
            lambda d: xp.asarray([1, None], dtype=xp.float32, device=d),
            TypeError,
            "asarray: host dtype object holds something other than numbers; convert it first",
        ),
        (
            lambda d: xp.asarray("12", dtype=xp.float32, device=d),
            TypeError,
            "asarray: host dtype <U2 holds something other than numbers; convert it first",
        ),
        (
            lambda d: xp.asarray(np.ones(2), copy=False, device=d),
            ValueError,
            "asarray: a ndarray lives on the host and must be copied to the device; use copy=None or copy=True",
        ),
        (
            lambda d: xp.asarray([1], dtype="complex256", device=d),
            TypeError,
            f"dtype 'complex256' is not one of this namespace; use one of: {', '.join(xp.dtypes.BY_NAME)}",
        ),
        (
            lambda d: xp.asarray(xp.ones(2, device=d), dtype=xp.int32, copy=False),
            ValueError,
            "asarray: a float32 tensor on {device} must be copied to be int32 on {device}",
        ),
        (
            lambda d: xp.ones(2, device=d).__array__(copy=False),
            ValueError,
            "__array__: a tensor lives on the device and must be copied; use copy=None",
        ),
        (
            lambda d: xp.ones(2, device=d).__dlpack__(),
            BufferError,
            "__dlpack__: a WebGPU buffer cannot be shared (dl_device=None, copy=None); "
            "ask for a copy on the CPU with dl_device=(1, 0)",
        ),
    ],
)
def test_what_is_refused(device, make, error, text):
    with pytest.raises(error) as raised:
        make(device)
    assert str(raised.value) == text.format(device=device)


def test_a_tensor_is_copied_only_when_asked(device):
    x = xp.ones(3, device=device)
    assert xp.asarray(x) is x
    assert xp.asarray(x, copy=True).buffer is not x.buffer
    assert xp.asarray(x, dtype=xp.int32).dtype is xp.int32


def test_dlpack_from_and_to_the_cpu(device):
    host = np.arange(6, dtype="float32").reshape(2, 3)
    x = xp.from_dlpack(host.T, device=device)
    np.testing.assert_array_equal(x.numpy(), host.T)
    assert xp.from_dlpack(x) is x
    backend, number = device.name.split(":")
    assert x.__dlpack_device__() == ({"vulkan": 7, "metal": 8}.get(backend, 15), int(number))
    np.testing.assert_array_equal(np.from_dlpack(x, device="cpu"), host.T)


def test_pickles_and_copies_hold_the_elements(device, dtype):
    x = xp.asarray(np.array([0, 1, 1]).astype(dtype), device=device)[::-1]
    for other in (pickle.loads(pickle.dumps(x)), copy.copy(x), copy.deepcopy(x)):
        assert other.dtype is x.dtype
        assert other.device is device
        assert other.buffer is not x.buffer
        np.testing.assert_array_equal(other.numpy(), x.numpy())


def test_to_device_moves_and_stays(device, own_device):
    x = xp.asarray([[1.0, 2.0]], device=device).T
    assert x.to_device(device) is x
    moved = x.to_device(own_device)
    assert moved.device is own_device
    np.testing.assert_array_equal(moved.numpy(), x.numpy())
    np.testing.assert_array_equal(xp.asarray(x, device=own_device).numpy(), x.numpy())
    with pytest.raises(ValueError) as error:
        x.to_device(device, stream=1)
    assert str(error.value) == "to_device: stream is 1; a WebGPU device has one queue, use None"


def test_the_event_loop_runs_during_a_readback(device):
    async def main():
        x = xp.ones((200, 200), device=device)
        reads = [(x @ x).to_host_async(), (x + 1).T.to_host_async(), xp.zeros((0, 2), device=device).to_host_async()]
        return await asyncio.gather(*reads)

    product, total, nothing = asyncio.run(main())
    np.testing.assert_array_equal(product, np.full((200, 200), 200.0))
    np.testing.assert_array_equal(total, np.full((200, 200), 2.0))
    assert nothing.shape == (0, 2)


@pytest.mark.parametrize(("value", "said"), [(2**40, "1099511627776"), (1e20, "1e+20"), (float("nan"), "nan")])
def test_host_numbers_that_an_integer_type_cannot_hold_are_refused(device, value, said):
    with pytest.raises(OverflowError) as error:
        xp.asarray(np.array([0, value]), dtype=xp.int32, device=device)
    assert str(error.value) == f"asarray: {said} does not fit int32, which holds -2147483648 to 2147483647"


@pytest.mark.parametrize("wide", ["float64", "complex128", "int64"])
def test_arrays_in_sequences_keep_their_type(device, bare_device, wide):
    on = device if wide != "int64" else bare_device
    if not on.supports(xp.dtypes.BY_NAME[wide]):
        pytest.skip(f"{on} has no {wide}")
    value = 2**40 if wide == "int64" else 1 / 3
    x = xp.asarray(value, dtype=wide, device=on)
    for nested in ([x], [[x, 1], [2, 3]], (np.asarray(value, wide),)):
        found = xp.asarray(nested, device=on)
        assert (found.dtype.name, found.numpy().flat[0]) == (wide, np.asarray(value, wide))


def test_narrow_arrays_in_sequences_do_not_widen_pythons_numbers(device):
    assert xp.asarray([xp.asarray(1.5, device=device), 2.5], device=device).dtype is xp.float32
    assert xp.asarray([np.int8(1), np.int8(2)], device=device).dtype is xp.int8


@pytest.mark.parametrize("obj", [b"abc", bytearray(b"abc"), memoryview(b"_a_b_c")[1::2], (ctypes.c_ubyte * 3)(97, 98, 99)])
def test_buffers_of_bytes_are_uint8(device, obj):
    x = xp.asarray(obj, device=device)
    assert (x.dtype, x.tolist()) == (xp.uint8, [97, 98, 99])


def test_a_buffer_of_doubles_keeps_its_type(device, needs_float64):
    assert xp.asarray((ctypes.c_double * 2)(1, 2), device=device).dtype is xp.float64


@pytest.mark.parametrize("value", [1e300, [-1e300], np.array([1e300]), 1e300j, [0, 10**300]])
def test_floats_beyond_the_type_become_infinite(device, value):
    dtype = xp.complex64 if value == 1e300j else xp.float32
    assert np.isinf(xp.asarray(value, dtype=dtype, device=device).numpy()).any()


@pytest.mark.parametrize("value", [2**64, [2**64], -(2**63) - 1, [-1, 2**63], [[0], [10**30]]])
def test_integers_of_python_beyond_64_bits_are_refused(device, value):
    with pytest.raises(OverflowError, match=r"^asarray: -?[0-9]+ does not fit int(32|64), which holds"):
        xp.asarray(value, device=device)


def test_complex_numbers_have_a_truth(device):
    assert xp.asarray([1j, 0], dtype=xp.bool, device=device).tolist() == [True, False]


def test_sequences_of_different_lengths_are_refused(device):
    with pytest.raises(ValueError, match=r"^asarray: sequences must be nested evenly: "):
        xp.asarray([[1, 2], [3]], device=device)


@pytest.mark.parametrize("error", [BufferError, ValueError, xp.CopyRequiredError])
def test_from_dlpack_without_a_copy_is_refused_by_both_errors_of_the_standard(device, error):
    x = xp.ones(2, device=device)
    assert xp.from_dlpack(x, device=device, copy=False) is x
    with pytest.raises(error) as raised:
        xp.from_dlpack(np.ones(2), device=device, copy=False)
    assert str(raised.value) == (
        "from_dlpack: a ndarray must be copied to a WebGPU device; use copy=None or copy=True"
    )


def test_from_dlpack_asks_other_devices_for_a_copy_on_the_cpu(device):
    class OnAnotherDevice:
        def __dlpack_device__(self):
            return (2, 0)

        def __dlpack__(self, *, dl_device=None, **options):
            if dl_device != (1, 0):
                raise BufferError("on the CPU only")
            return np.arange(3, dtype="float32").__dlpack__(**options)

    assert xp.from_dlpack(OnAnotherDevice(), device=device).tolist() == [0, 1, 2]


def test_dlpack_refuses_any_device_but_the_cpu(device):
    x = xp.ones(2, device=device)
    for other in ((2, 0), 5, "cpu"):
        with pytest.raises(BufferError, match=r"^__dlpack__: a WebGPU buffer cannot be shared"):
            x.__dlpack__(dl_device=other)
