"""What happens to data types that a device lacks."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp

NARROWED = [("float64", "float32"), ("complex128", "complex64")]


@pytest.fixture(autouse=True)
def lenient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says of precision."""
    monkeypatch.delenv("WEBGPU_ARRAY_PRECISION", raising=False)


def message(device: Any, dtype: str, narrowed: str) -> str:
    return (
        f"{device} has no 64-bit floats: {dtype} was asked for, {narrowed} is what you get. "
        "Set WEBGPU_ARRAY_PRECISION=strict to make this an error"
    )


@pytest.mark.parametrize(("dtype", "narrowed"), NARROWED)
def test_host_data_is_narrowed_when_no_dtype_was_asked_for(bare_device: Any, dtype: str, narrowed: str) -> None:
    host = np.array([1.5, 2.0**-30, 3.0], dtype)
    x = xp.asarray(host, device=bare_device)
    assert x.dtype is getattr(xp, narrowed)
    np.testing.assert_array_equal(x.numpy(), host.astype(narrowed))


@pytest.mark.parametrize(("dtype", "narrowed"), NARROWED)
@pytest.mark.parametrize(
    "make",
    [
        lambda dtype, device: xp.asarray([1.0, 2.0], dtype=dtype, device=device),
        lambda dtype, device: xp.asarray(np.ones(2), dtype=dtype, device=device),
        lambda dtype, device: xp.zeros(2, dtype=dtype, device=device),
        lambda dtype, device: xp.empty(2, dtype=dtype, device=device),
        lambda dtype, device: xp.full(2, 3, dtype=dtype, device=device),
        lambda dtype, device: xp.arange(2, dtype=dtype, device=device),
        lambda dtype, device: xp.astype(xp.ones(2, device=device), dtype),
        lambda dtype, device: xp.ones_like(xp.ones(2, device=device), dtype=dtype),
    ],
    ids=["asarray", "asarray of NumPy's", "zeros", "empty", "full", "arange", "astype", "ones_like"],
)
def test_asking_for_it_gives_one_warning(bare_device: Any, make: Any, dtype: str, narrowed: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        x = make(getattr(xp, dtype), bare_device)
    assert x.dtype is getattr(xp, narrowed)
    assert [(w.category, str(w.message)) for w in caught] == [
        (xp.PrecisionWarning, message(bare_device, dtype, narrowed))
    ]
    assert caught[0].filename == __file__


@pytest.mark.parametrize(("dtype", "narrowed"), NARROWED)
def test_strict_precision_makes_it_an_error(
    bare_device: Any, monkeypatch: pytest.MonkeyPatch, dtype: str, narrowed: str
) -> None:
    monkeypatch.setenv("WEBGPU_ARRAY_PRECISION", "strict")
    with pytest.raises(xp.DTypeNotSupportedError) as error:
        xp.zeros(2, dtype=getattr(xp, dtype), device=bare_device)
    assert str(error.value) == (
        f"{bare_device} has no {dtype} (feature shader-f64, shader-int64); "
        "`webgpu-array info` lists the devices that have it"
    )
    assert xp.asarray(np.ones(2, dtype), device=bare_device).dtype is getattr(xp, narrowed)


@pytest.mark.parametrize(
    "make",
    [
        lambda device: xp.zeros(2, dtype=xp.float16, device=device),
        lambda device: xp.asarray([1.0], dtype=xp.float16, device=device),
        lambda device: xp.asarray(np.ones(2, "float16"), device=device),
        lambda device: xp.astype(xp.ones(2, device=device), xp.float16),
    ],
    ids=["zeros", "asarray", "asarray of NumPy's", "astype"],
)
def test_float16_is_not_replaced(bare_device: Any, make: Any) -> None:
    with pytest.raises(xp.DTypeNotSupportedError) as error:
        make(bare_device)
    assert str(error.value) == (
        f"{bare_device} has no float16 (feature shader-f16); `webgpu-array info` lists the devices that have it"
    )


def test_the_names_stay_and_the_inspection_leaves_them_out(bare_device: Any) -> None:
    assert xp.finfo(xp.float64).bits == 64
    found = xp.__array_namespace_info__().dtypes(device=bare_device)
    assert {"float64", "complex128", "float16"}.isdisjoint(found)
    assert {"int64", "uint64", "float32", "complex64"} <= set(found)


def test_other_functions_compute_in_what_there_is(bare_device: Any) -> None:
    x = xp.asarray(np.linspace(0, 1, 5), device=bare_device)
    assert (x + np.float64(2)).dtype is xp.float32
    assert xp.mean(x).dtype is xp.float32
    assert xp.linspace(0, 1, 5, device=bare_device).dtype is xp.float32


def test_a_chosen_default_that_the_device_lacks_is_float32(bare_device: Any) -> None:
    integers = xp.asarray([1, 2], dtype=xp.int32, device=bare_device)
    assert (integers + 1.5).dtype is xp.float32  # and so is a plan for these arguments
    xp.set_default_dtypes(floating=xp.float64)
    try:
        made = [
            integers + 1.5,
            integers / 2,
            xp.where(integers > 1, integers, 0.5),
            xp.mean(integers),
            xp.zeros(2, device=bare_device),
            xp.asarray([1.5], device=bare_device),
            xp.arange(2.0, device=bare_device),
            xp.linspace(0, 1, 2, device=bare_device),
            xp.fft.fftfreq(2, device=bare_device),
        ]
        assert {x.dtype for x in made} == {xp.float32}
        assert (integers + 1j).dtype is xp.complex64
        assert xp.isin(integers, 1.5).tolist() == [False, False]
        found = xp.__array_namespace_info__().default_dtypes(device=bare_device)
        assert (found["real floating"], found["complex floating"]) == (xp.float32, xp.complex64)
    finally:
        xp.set_default_dtypes()


def test_promotion_of_a_tensor_is_that_of_its_device(bare_device: Any) -> None:
    x = xp.ones(2, device=bare_device)
    assert xp.result_type(x, xp.float64) is xp.float32
    assert not xp.can_cast(x, xp.float64)
    assert xp.can_cast(x.dtype, xp.float64)


def test_types_are_converted_before_a_tensor_moves_to_a_device_without_them(device: Any, bare_device: Any) -> None:
    for dtype in (xp.float16, xp.float64):
        if device.supports(dtype):
            x = xp.asarray([1.5], dtype=dtype, device=device)
            for moved in (xp.astype(x, xp.float32, device=bare_device), xp.asarray(x, dtype=xp.float32, device=bare_device)):
                assert (moved.device, moved.dtype, moved.tolist()) == (bare_device, xp.float32, [1.5])
    if device.supports(xp.float16):
        x = xp.asarray([1.5], device=bare_device)
        assert xp.astype(x, xp.float16, device=device).dtype is xp.float16


def test_complex_numbers_do_not_become_real_on_their_way_to_a_device(device: Any, bare_device: Any) -> None:
    with pytest.raises(TypeError) as error:
        xp.asarray(xp.asarray([1j], device=device), dtype=xp.float32, device=bare_device)
    assert str(error.value) == "astype: complex64 does not become float32; take real(x), imag(x) or abs(x)"
