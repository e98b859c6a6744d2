"""Tensors print as NumPy arrays do, with dtype and device; large ones by their corners."""

import numpy as np
import pytest

import webgpu_array as xp


def text(x):
    return repr(x).replace(f"device='{x.device}'", "device='D'")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ([[4.0, 7.0], [2.0, 6.0]], "Tensor([[4., 7.],\n        [2., 6.]], dtype=float32, device='D')"),
        (1.5, "Tensor(1.5, dtype=float32, device='D')"),
        ([True, False], "Tensor([ True, False], dtype=bool, device='D')"),
        (np.array([1, -20], "int32"), "Tensor([  1, -20], dtype=int32, device='D')"),
        ([float("nan"), float("-inf")], "Tensor([ nan, -inf], dtype=float32, device='D')"),
        (np.zeros((0, 3), "float32"), "Tensor([], shape=(0, 3), dtype=float32, device='D')"),
    ],
)
def test_repr(device, data, expected):
    assert text(xp.asarray(data, device=device)) == expected


def test_str_is_numpys(device):
    host = np.array([[4.25, 7.0], [2.0, -6.0]], "float32")
    x = xp.asarray(host, device=device)
    assert str(x) == f"{x}" == str(host)
    assert f"{x[0, 0]:.1f}" == "4.2"


@pytest.mark.parametrize("shape", [(2000,), (3, 1000), (30, 5, 40), (1001, 1), (7, 7, 7, 7)])
def test_large_tensors_show_what_numpy_shows(device, shape):
    host = np.random.default_rng(0).standard_normal(shape).astype("float32")
    x = xp.asarray(host, device=device)
    assert str(x) == str(host)
    body = np.array2string(host, separator=", ", prefix="Tensor(")
    assert text(x) == f"Tensor({body}, shape={shape}, dtype=float32, device='D')"


def test_a_large_tensor_is_not_read_whole(device, monkeypatch):
    read = []
    original = type(device.transfer).read

    def counted(self, buffer, offset, nbytes):
        read.append(nbytes)
        return original(self, buffer, offset, nbytes)

    monkeypatch.setattr(type(device.transfer), "read", counted)
    repr(xp.zeros((500, 500), device=device))
    assert sum(read) == 7 * 7 * 4
