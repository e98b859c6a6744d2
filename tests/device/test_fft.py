"""The extension fft, against NumPy's float64 transforms."""

from __future__ import annotations

import gc
import warnings
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array import dtypes
from webgpu_array.fft import tables

fft = xp.fft

Upload = Callable[[np.ndarray], Any]

# Every number of passes, every radix, and lengths that only the convolution can do.
SMOOTH = (1, 2, 3, 4, 5, 6, 30, 128, 600, 1024, 3000, 2**15)
OTHER = (7, 22, 101)

# Relative error in the 2-norm, in units of the dtype's epsilon: of lengths 2ᵃ3ᵇ5ᶜ, and of any other.
DIRECT, CONVOLVED = 2.0, 5.0

COMPLEX_FUNCTIONS = ("fft", "ifft", "hfft", "irfft")
REAL_FUNCTIONS = ("rfft", "ihfft")


@pytest.fixture
def complex_dtype(dtype: str) -> np.dtype:
    """The complex type of each floating-point type that the device has."""
    return np.dtype("complex64" if dtype == "float32" else "complex128")


def numbers(shape: tuple[int, ...], dtype: Any = np.complex64, seed: int = 0) -> np.ndarray:
    """Normally distributed real or complex numbers."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(shape)
    if np.dtype(dtype).kind == "c":
        x = x + 1j * rng.standard_normal(shape)
    return np.asarray(x, dtype)


def wide(x: np.ndarray) -> np.ndarray:
    """The same numbers in the type that NumPy transforms most accurately."""
    return x.astype(complex if x.dtype.kind == "c" else float)


def error(got: Any, expected: np.ndarray) -> float:
    """Relative error in the 2-norm, in units of the epsilon of the result's dtype."""
    host = got.numpy()
    assert host.shape == expected.shape
    assert (host.dtype.kind == "c") == (expected.dtype.kind == "c")
    difference = np.linalg.norm((host - expected).ravel())
    return float(difference / np.linalg.norm(expected.ravel()) / np.finfo(host.dtype).eps)


@pytest.mark.parametrize("n", SMOOTH + OTHER)
def test_complex_transforms_are_accurate(device: Any, complex_dtype: np.dtype, n: int) -> None:
    x = numbers((2, n), complex_dtype)
    bound = CONVOLVED if n in OTHER else DIRECT
    on_device = xp.asarray(x, device=device)
    assert fft.fft(on_device).dtype is on_device.dtype
    assert error(fft.fft(on_device), np.fft.fft(wide(x))) < bound
    assert error(fft.ifft(on_device), np.fft.ifft(wide(x))) < bound


@pytest.mark.parametrize("n", SMOOTH + OTHER)
def test_real_transforms_are_accurate(device: Any, complex_dtype: np.dtype, n: int) -> None:
    x = numbers((2, n), complex_dtype)
    real = np.ascontiguousarray(x.real)
    bound = CONVOLVED if n in OTHER else DIRECT
    spectrum = fft.rfft(xp.asarray(real, device=device))
    assert spectrum.dtype is xp.asarray(x, device=device).dtype
    assert error(spectrum, np.fft.rfft(wide(real))) < bound
    back = fft.irfft(spectrum, n=n)
    assert back.dtype is xp.asarray(real, device=device).dtype
    assert error(back, wide(real)) < 2 * bound
    assert error(fft.irfft(xp.asarray(x, device=device), n=n), np.fft.irfft(wide(x), n=n)) < bound


@pytest.mark.slow
@pytest.mark.parametrize("n", [2**16, 2**20, 3**11, 10**6])
def test_long_transforms_are_accurate(device: Any, n: int) -> None:
    x = numbers((n,))
    assert error(fft.fft(xp.asarray(x, device=device)), np.fft.fft(wide(x))) * np.finfo(np.float32).eps < 2.5e-7


@pytest.mark.slow
@pytest.mark.parametrize("n", [65_537, 1_000_003])
def test_long_transforms_of_prime_length_are_accurate(device: Any, n: int) -> None:
    x = numbers((n,))
    assert error(fft.fft(xp.asarray(x, device=device)), np.fft.fft(wide(x))) * np.finfo(np.float32).eps < 5e-7


def test_roots_of_unity_are_within_an_ulp() -> None:
    pi = np.longdouble("3.14159265358979323846264338")
    for order in (1, 2, 3, 8, 12, 1000, 2**20 + 7):
        for k in {0, 1, 2, order // 8, order // 4, order // 3, order // 2, 5 * order // 8, order - 1, order}:
            angle = 2 * pi * (k % order) / order
            for part, exact in zip(tables.root(k, order), (np.cos(angle), -np.sin(angle)), strict=True):
                assert abs(part - exact) <= 2**-53
    assert [tables.root(k, 4) for k in range(4)] == [(1, 0), (0, -1), (-1, 0), (0, 1)]


@pytest.mark.parametrize("name", COMPLEX_FUNCTIONS + REAL_FUNCTIONS)
@pytest.mark.parametrize(("n", "axis"), [(None, 0), (None, 1), (None, -1), (3, 1), (9, 0)])
def test_any_axis_of_any_layout_cut_or_filled_up(as_laid_out: Upload, name: str, n: int | None, axis: int) -> None:
    x = numbers((4, 6, 5), np.float32 if name in REAL_FUNCTIONS else np.complex64)
    layouts = (x, x.transpose(2, 0, 1), x[::-1, ::2], np.broadcast_to(x[:, :1], x.shape))
    for layout in layouts:
        expected = getattr(np.fft, name)(wide(layout), n=n, axis=axis)
        assert error(getattr(fft, name)(as_laid_out(layout), n=n, axis=axis), expected) < CONVOLVED


@pytest.mark.parametrize("name", COMPLEX_FUNCTIONS + REAL_FUNCTIONS)
@pytest.mark.parametrize("norm", ["backward", "ortho", "forward"])
def test_every_norm(device: Any, name: str, norm: Any) -> None:
    x = numbers((6,), np.float32 if name in REAL_FUNCTIONS else np.complex64)
    expected = getattr(np.fft, name)(wide(x), norm=norm)
    assert error(getattr(fft, name)(xp.asarray(x, device=device), norm=norm), expected) < DIRECT


@pytest.mark.parametrize("shape", [(2000, 2), (3, 40, 5)])
def test_batches_along_either_side_of_the_axis(device: Any, shape: tuple[int, ...]) -> None:
    x = numbers(shape)
    on_device = xp.asarray(x, device=device)
    for axis in range(x.ndim):
        assert error(fft.fft(on_device, axis=axis), np.fft.fft(wide(x), axis=axis)) < DIRECT


@pytest.mark.parametrize("name", ["fftn", "ifftn", "rfftn", "irfftn"])
@pytest.mark.parametrize(
    ("s", "axes", "norm"),
    [
        (None, None, "backward"),
        (None, None, "ortho"),
        (None, (-1, 0), "forward"),
        ((3, 8), (2, 0), "backward"),
        ((-1, 5), (0, 1), "ortho"),
        ([4], [-2], "forward"),
    ],
)
def test_several_axes(device: Any, name: str, s: Any, axes: Any, norm: Any) -> None:
    x = numbers((4, 6, 5), np.float32 if name == "rfftn" else np.complex64)
    lengths = s and [x.shape[axis] if n == -1 else n for n, axis in zip(s, axes, strict=True)]
    expected = getattr(np.fft, name)(wide(x), s=lengths, axes=axes, norm=norm)
    assert error(getattr(fft, name)(xp.asarray(x, device=device), s=s, axes=axes, norm=norm), expected) < CONVOLVED


def test_no_axes_are_a_copy(device: Any) -> None:
    x = xp.asarray(numbers((3,), np.float32), device=device)
    out = fft.fftn(x, axes=())
    assert out.dtype.is_complex
    np.testing.assert_array_equal(out.numpy(), x.numpy())
    out[0] = 5
    assert float(x[0]) != 5
    assert fft.fftn(xp.asarray(2 + 1j, device=device)).shape == ()


def test_real_elements_count_as_complex(device: Any, complex_dtype: np.dtype) -> None:
    x = np.ascontiguousarray(numbers((3, 8), complex_dtype).real)
    out = fft.fft(xp.asarray(x, device=device))
    assert out.numpy().dtype == complex_dtype
    assert error(out, np.fft.fft(wide(x))) < DIRECT
    for function, reference in ((fft.irfft, np.fft.irfft), (fft.hfft, np.fft.hfft)):
        assert error(function(xp.asarray(x, device=device)), reference(wide(x))) < DIRECT


def test_half_precision_becomes_complex64(device: Any) -> None:
    if not device.supports(dtypes.float16):
        pytest.skip(f"{device} has no float16")
    x = numbers((30,), np.float16)
    for name in ("fft", "ifft", "rfft"):
        out = getattr(fft, name)(xp.asarray(x, device=device))
        assert out.dtype is xp.complex64
        assert error(out, getattr(np.fft, name)(wide(x))) < DIRECT


@pytest.mark.parametrize("n", [8, 7, 14])
def test_imaginary_parts_that_symmetry_excludes_are_ignored(device: Any, n: int) -> None:
    x = numbers((n // 2 + 1,))
    symmetric = x.copy()
    symmetric.imag[0] = 0
    if n % 2 == 0:
        symmetric.imag[-1] = 0
    got = [fft.irfft(xp.asarray(spectrum, device=device), n=n).numpy() for spectrum in (x, symmetric)]
    np.testing.assert_array_equal(*got)


@pytest.mark.parametrize("n", [8, 7, 9])
def test_not_a_number_spreads_to_the_whole_transform_only(device: Any, n: int) -> None:
    x = numbers((2, n))
    x[0, 1] = np.nan
    out = fft.fft(xp.asarray(x, device=device)).numpy()
    assert np.isnan(out[0]).all()
    assert np.isfinite(out[1]).all()


def test_batches_above_one_binding_are_cut(own_device: Any) -> None:
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 8_192}
    x = numbers((40, 30))
    assert x.nbytes > 8_192
    for name, axis in (("fft", 0), ("fft", 1), ("rfft", 0), ("irfft", 0)):
        host = np.ascontiguousarray(x.real) if name in REAL_FUNCTIONS else x
        got = getattr(fft, name)(xp.asarray(host, device=own_device), axis=axis)
        assert error(got, getattr(np.fft, name)(wide(host), axis=axis)) < DIRECT


def test_convolutions_above_one_binding_are_cut(own_device: Any) -> None:
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 8_192}
    x = numbers((40, 11))
    assert x.nbytes < 8_192 < 40 * 32 * x.itemsize
    assert error(fft.fft(xp.asarray(x, device=own_device)), np.fft.fft(wide(x))) < CONVOLVED


def test_a_transform_above_one_binding_is_refused(own_device: Any) -> None:
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 16_384}
    with pytest.raises(xp.DeviceMemoryError, match="this work cannot be cut into parts"):
        fft.fft(xp.zeros((4096,), device=own_device))


def test_tables_are_made_once(own_device: Any) -> None:
    x = xp.asarray(numbers((7,)), device=own_device)
    fft.fft(x)
    own_device.synchronize()
    before = own_device.pool.n_live
    fft.fft(x)
    fft.fft(x)
    assert own_device.pool.n_live <= before + 1


def test_tables_used_longest_ago_are_forgotten(own_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    x = xp.asarray(numbers((64,)), device=own_device)
    one = fft.fft(x).numpy()
    monkeypatch.setattr(tables, "_MOST_BYTES", 1_000)
    for n in (32, 48, 100):
        fft.fft(x, n=n)
    assert list(tables._kept[own_device]) == [("roots", x.dtype, 100)]
    np.testing.assert_array_equal(fft.fft(x).numpy(), one)


def test_tables_do_not_keep_their_device() -> None:
    from webgpu_array.gpu.device import Device, default_device

    device = Device(default_device().adapter)
    fft.fft(xp.asarray(numbers((7,)), device=device))
    device.synchronize()
    alive = weakref.ref(device)
    del device
    gc.collect()
    assert alive() is None


@pytest.mark.parametrize("shape", [(0, 4), (3, 0)])
def test_empty_arrays(device: Any, shape: tuple[int, ...]) -> None:
    x = xp.zeros(shape, dtype=xp.complex64, device=device)
    real = xp.zeros(shape, device=device)
    assert fft.fft(x, n=4).shape == (shape[0], 4)
    assert fft.rfft(real, n=4).shape == (shape[0], 3)
    assert fft.irfft(x, n=4).shape == (shape[0], 4)
    assert not fft.fft(x, n=4).numpy().any()
    assert fft.fftshift(x).shape == shape


@pytest.mark.parametrize("n", [1, 2, 5, 8])
@pytest.mark.parametrize("d", [1.0, 0.25, -3.0])
def test_frequencies(device: Any, dtype: str, n: int, d: float) -> None:
    for ours, reference in ((fft.fftfreq, np.fft.fftfreq), (fft.rfftfreq, np.fft.rfftfreq)):
        out = ours(n, d=d, dtype=getattr(xp, dtype), device=device)
        assert out.device is device
        np.testing.assert_allclose(out.numpy(), reference(n, d).astype(dtype), rtol=2 * np.finfo(dtype).eps, strict=True)


def test_frequencies_are_of_the_default_type(device: Any) -> None:
    assert fft.fftfreq(4, device=device).dtype is xp.float32
    assert fft.rfftfreq(4, device=device).dtype is xp.float32


@pytest.mark.parametrize("axes", [None, 0, -1, np.int64(1), (0,), (0, 2), [1, 2]])
def test_shifts(as_laid_out: Upload, axes: Any) -> None:
    x = numbers((4, 5, 3), np.float32).transpose(1, 0, 2)
    np.testing.assert_array_equal(fft.fftshift(as_laid_out(x), axes=axes).numpy(), np.fft.fftshift(x, axes))
    np.testing.assert_array_equal(fft.ifftshift(as_laid_out(x), axes=axes).numpy(), np.fft.ifftshift(x, axes))


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (
            lambda x: fft.fft(xp.astype(x, xp.int32)),
            TypeError,
            "fft: x must be floating-point, not int32; convert it with astype(x, float32)",
        ),
        (
            lambda x: fft.rfft(xp.astype(x, xp.complex64)),
            TypeError,
            "rfft: x must be real floating, not complex64; take real(x)",
        ),
        (lambda x: fft.fft([1.0]), TypeError, "fft: x must be a tensor, not list; convert it with asarray()"),
        (lambda x: fft.ifft(x, n=2.5), TypeError, "ifft: n must be an integer, not 2.5"),
        (lambda x: fft.ifft(x, n=0), ValueError, "ifft: there are 0 elements to transform; use 1 or more"),
        (lambda x: fft.irfft(x[:, :1]), ValueError, "irfft: there are 0 elements to transform; use 1 or more"),
        (lambda x: fft.fft(x, norm="both"), ValueError, "fft: norm is 'both'; use 'backward', 'ortho' or 'forward'"),
        (lambda x: fft.ihfft(x, norm=None), ValueError, "ihfft: norm is None; use 'backward', 'ortho' or 'forward'"),
        (
            lambda x: fft.fft(x, axis=2),
            IndexError,
            "fft: axis 2 is out of range for x with shape (3, 4); use -2 <= axis < 2",
        ),
        (lambda x: fft.fftn(x, s=(2, 2)), ValueError, "fftn: s is (2, 2) and axes is None; name the axes that s is for"),
        (lambda x: fft.ifftn(x, s=(2,), axes=(0, 1)), ValueError, "ifftn: s (2,) and axes (0, 1) have different lengths"),
        (lambda x: fft.fftn(x, axes=0), TypeError, "fftn: axes must be a sequence of integers, not 0"),
        (lambda x: fft.rfftn(x, s=2, axes=(0,)), TypeError, "rfftn: s must be a sequence of integers, not 2"),
        (lambda x: fft.fftn(x, axes=(0, -2)), ValueError, "fftn: axis (0, -2) names an axis twice"),
        (
            lambda x: fft.rfftn(x, axes=()),
            ValueError,
            "rfftn: there is no axis to transform: x has shape (3, 4), axes is (); use one or more",
        ),
        (lambda x: fft.fftfreq(0), ValueError, "fftfreq: there are 0 elements to transform; use 1 or more"),
        (lambda x: fft.rfftfreq(4, d=0.0), ValueError, "rfftfreq: d is 0; use another distance between samples"),
        (
            lambda x: fft.fftfreq(4, dtype=xp.complex64),
            TypeError,
            "fftfreq: dtype must be real floating, not complex64; convert the result with astype()",
        ),
    ],
)
def test_errors_say_what_is_wrong_and_what_helps(
    device: Any, call: Callable[[Any], Any], kind: type[Exception], text: str
) -> None:
    x = xp.asarray(numbers((3, 4), np.float32), device=device)
    with pytest.raises(kind) as caught, warnings.catch_warnings():
        call(x)
    assert str(caught.value) == text
