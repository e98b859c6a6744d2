"""Functions under NumPy's names that the standard does not have, and NumPy's own functions on tensors."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp

REDUCTIONS = ["nanmax", "nanmean", "nanmin", "nanprod", "nanstd", "nansum", "nanvar"]


@pytest.mark.parametrize("name", REDUCTIONS)
@pytest.mark.parametrize("axis", [None, 1, (0, -1)])
def test_reductions_without_nan(name: str, axis: Any, dtype: str, as_laid_out: Callable[[np.ndarray], Any]) -> None:
    host = np.random.default_rng(3).standard_normal((5, 4, 3)).astype(dtype).transpose(2, 1, 0)[::-1]
    host[1, 2, 3] = np.nan
    host[2, :, 1] = np.nan  # Nothing remains there along axis 1.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        expected = getattr(np, name)(host, axis=axis)
    found = getattr(xp, name)(as_laid_out(host), axis=axis)
    assert found.dtype is getattr(xp, dtype)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5 if dtype == "float32" else 1e-12, atol=1e-6)


@pytest.mark.parametrize("name", ["nancumsum", "nancumprod"])
def test_scans_without_nan(device: Any, name: str) -> None:
    host = np.asarray([[1.0, np.nan, 3.0], [np.nan, 5.0, 6.0]], dtype="float32")
    found = getattr(xp, name)(xp.asarray(host, device=device), axis=1)
    np.testing.assert_array_equal(found.numpy(), getattr(np, name)(host, axis=1))


@pytest.mark.parametrize("name", REDUCTIONS)
def test_integers_have_no_nan(device: Any, name: str) -> None:
    host = np.asarray([[1, 2, 3], [4, 5, 9]])
    found = getattr(xp, name)(xp.asarray(host, device=device), axis=0)
    np.testing.assert_allclose(found.numpy(), getattr(np, name)(host, axis=0), rtol=1e-6)


def test_degrees_of_freedom_and_kept_axes(device: Any) -> None:
    host = np.asarray([[1.0, 2.0, np.nan], [np.nan, 4.0, np.nan]], dtype="float32")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        expected = np.nanvar(host, axis=1, ddof=1, keepdims=True)
    found = xp.nanvar(xp.asarray(host, device=device), axis=1, ddof=1, keepdims=True)
    np.testing.assert_allclose(found.numpy(), expected)
    with pytest.raises(TypeError, match="nanvar: x must be real, not complex64; take its real"):
        xp.nanvar(xp.ones(2, dtype=xp.complex64, device=device))
    with pytest.raises(TypeError, match="nanmean: x must be numeric, not bool"):
        xp.nanmean(xp.ones(2, dtype=xp.bool, device=device))


@pytest.mark.parametrize(
    ("subscripts", "shapes"),
    [
        ("ijk->ki", [(3, 4, 5)]),
        ("iij->j", [(4, 4, 2)]),
        ("ba", [(3, 5)]),
        (" i j k -> ", [(3, 4, 5)]),
        ("i...->...", [(3, 4, 5)]),
        ("i,j->ij", [(3,), (4,)]),
        ("ij,jk", [(3, 4), (4, 5)]),
        ("bij,bjk->bik", [(2, 3, 4), (2, 4, 5)]),
        ("ijk,ijl->kl", [(3, 4, 5), (3, 4, 2)]),
        ("...jk,...kl->...jl", [(3, 4, 5), (2, 3, 5, 1)]),
        ("...ab,...b->a...", [(3, 1, 4, 5), (2, 5)]),
        ("ijk,kl,l->i", [(3, 4, 5), (5, 2), (2,)]),
        ("ij,ij,kj->ki", [(3, 4), (3, 4), (2, 4)]),
        ("a,b,c", [(2,), (3,), (4,)]),
        ("ij,k->", [(0, 2), (3,)]),
    ],
)
def test_einsum(device: Any, subscripts: str, shapes: list[tuple[int, ...]]) -> None:
    rng = np.random.default_rng(4)
    operands = [rng.standard_normal(shape).astype("float32") for shape in shapes]
    found = xp.einsum(subscripts, *(xp.asarray(host, device=device) for host in operands))
    expected = np.einsum(subscripts, *operands)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("subscripts", "says"),
    [
        ("ij;jk", "'ij;jk' is no notation"),
        ("ij", "is for 1 operands, not 2"),
        ("ijk,jk", "'ijk' does not name the axes of an operand with shape"),
        ("ij,ij", "'i' in 'ij,ij' has lengths 3 and 4"),
        ("ij,jk->iz", "must name axes of the operands, each once"),
        ("ij,jk->ii", "must name axes of the operands, each once"),
        ("ii,jk", "'i' in 'ii,jk' has lengths 3 and 4"),
    ],
)
def test_einsum_says_what_does_not_fit(device: Any, subscripts: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        xp.einsum(subscripts, xp.ones((3, 4), device=device), xp.ones((4, 5), device=device))


def test_einsum_takes_bool_beside_numbers(device: Any) -> None:
    mask = xp.asarray([True, False, True], device=device)
    assert float(xp.einsum("i,i", mask, xp.asarray([1.0, 2.0, 4.0], device=device))) == 5.0
    with pytest.raises(TypeError, match="einsum: operands must be numeric, not bool"):
        xp.einsum("i,i", mask, mask)


@pytest.mark.parametrize("pad_width", [1, (1, 2), [(0, 1), (2, 0)], [(1,), (2,)]])
def test_pad(any_dtype: str, device: Any, pad_width: Any) -> None:
    host = np.arange(6).reshape(2, 3).astype(any_dtype)
    found = xp.pad(xp.asarray(host, device=device).T, pad_width, constant_values=1)
    np.testing.assert_array_equal(found.numpy(), np.pad(host.T, pad_width, constant_values=1))


def test_pad_refuses(device: Any) -> None:
    x = xp.ones((2, 3), device=device)
    with pytest.raises(ValueError, match="pad: mode is 'edge'; only 'constant' is here"):
        xp.pad(x, 1, mode="edge")
    for pad_width in (-1, (1, 2, 3), [(1, 2)] * 3):
        with pytest.raises(ValueError, match="is neither an integer nor a pair, nor one for each axis"):
            xp.pad(x, pad_width)


def test_transpose(device: Any) -> None:
    x = xp.reshape(xp.arange(24, device=device), (2, 3, 4))
    assert xp.transpose(x).shape == x.transpose().shape == (4, 3, 2)
    assert xp.transpose(x, (1, 0, 2)).shape == x.transpose(1, 0, 2).shape == x.transpose((1, 0, 2)).shape == (3, 2, 4)


@pytest.mark.parametrize("name", ["sum", "prod", "mean", "max", "min", "all", "any", "transpose"])
def test_numpys_functions_hand_over_to_methods(device: Any, name: str) -> None:
    host = np.asarray([[1.0, 2.0, 0.0], [4.0, 5.0, 6.0]], dtype="float32")
    found = getattr(np, name)(xp.asarray(host, device=device))
    assert isinstance(found, xp.Tensor)
    np.testing.assert_allclose(found.numpy(), getattr(np, name)(host))


def test_numpys_functions_do_not_write_into_tensors(device: Any) -> None:
    x = xp.ones((2, 3), device=device)
    with pytest.raises(TypeError, match="sum: out is not supported; write x"):
        np.sum(x, axis=0, out=np.empty(3))


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.4.0", reason="NumPy asks dtypes of others since 2.4")
def test_numpy_knows_the_dtypes(any_dtype: str) -> None:
    assert np.dtype(getattr(xp, any_dtype)) == np.dtype(any_dtype)
    assert np.zeros(2, dtype=getattr(xp, any_dtype)).dtype == any_dtype


def test_host_arrays_of_one_element_are_assigned_as_numbers(device: Any) -> None:
    x = xp.zeros((2, 2), device=device)
    x[0, :] = np.asarray([[3]])
    x[1, 0] = np.float32(4)
    assert x.tolist() == [[3.0, 3.0], [4.0, 0.0]]
    with pytest.raises(TypeError, match="value of type ndarray is neither a tensor nor a Python scalar"):
        x[0, :] = np.ones(2)
