"""Inverses on the device: the accuracy gate for every kernel, and what ``inv`` says of bad input."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from webgpu_array import dtypes
from webgpu_array.errors import IllConditionedWarning, LinAlgError
from webgpu_array.gpu.device import Device
from webgpu_array.interop import asarray, to_numpy
from webgpu_array.linalg import inv, inv_ex, kernel_for
from webgpu_array.ops.elementwise import astype
from webgpu_array.plans.linalg import Inverse
from webgpu_array.plugins import registry
from webgpu_array.testing import FAMILIES, Batch, check, check_inverter, crowd, stack
from webgpu_array.testing.families import CROWD_SIZES, CROWDS, SIZES
from webgpu_array.testing.gate import same_bits
from webgpu_array.testing.on_device import can_invert, inverse_kernels, on_device

_DTYPES = pytest.mark.parametrize("dtype", ["float32", "float64"])

# Above this order a software adapter needs seconds for all families.
_QUICK = 130

# Orders beside others that the quick tests try as well: each is compiled anew by every kernel.
_BESIDE = (24, 31, 34, 63, 66, 127, 130, 256, 258)


def _orders(*orders: int) -> list[Any]:
    """Parameters, of which those that say the least are slow."""
    return [pytest.param(n, marks=pytest.mark.slow) if n in _BESIDE else n for n in orders]


def _pass_the_gate(device: Device, batch: Batch, kernels: list[str], n_singles: int | None) -> None:
    if not device.supports(dtypes.BY_NAME[batch.matrices.dtype.name]):
        pytest.skip(f"{device} has no {batch.matrices.dtype.name}")
    able = [kernel for kernel in kernels if can_invert(kernel, device, batch)]
    assert able, f"no kernel takes order {batch.n}"
    reports = {kernel: check_inverter(on_device(kernel, device), batch, n_singles) for kernel in able}
    found = [f"{kernel}: {report.describe()}" for kernel, report in reports.items() if report.failures]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("n", _orders(*(n for n in SIZES if n <= _QUICK)))
@_DTYPES
def test_every_kernel_passes_with_every_family(device: Device, n: int, dtype: str) -> None:
    _pass_the_gate(device, stack(n, dtype), inverse_kernels(), n_singles=4)


@pytest.mark.parametrize("n", _orders(*(n for n in SIZES if n > _QUICK)))
@_DTYPES
def test_every_kernel_passes_at_large_orders_with_a_few_families(device: Device, n: int, dtype: str) -> None:
    _pass_the_gate(device, stack(n, dtype, few=True), inverse_kernels(), n_singles=1)


@pytest.mark.slow
@pytest.mark.parametrize("n", SIZES)
@_DTYPES
def test_every_kernel_passes_with_every_matrix_alone_as_well(device: Device, n: int, dtype: str) -> None:
    _pass_the_gate(device, stack(n, dtype), inverse_kernels(), n_singles=None)


@pytest.mark.parametrize("n_matrices", CROWDS)
@pytest.mark.parametrize("n", CROWD_SIZES)
def test_large_batches_are_right_in_every_entry(device: Device, n: int, n_matrices: int) -> None:
    batch = crowd(n_matrices, n, "float32")
    kernel = kernel_for(asarray(batch.matrices, device=device))
    _pass_the_gate(device, batch, [kernel], n_singles=4)


@pytest.mark.parametrize("kernel", inverse_kernels())
def test_large_batch_is_right_with_every_kernel(device: Device, kernel: str) -> None:
    batch = crowd(65_536, 2, "float32")
    if not can_invert(kernel, device, batch):
        pytest.skip(f"{kernel} does not take float32")
    report = check(batch, on_device(kernel, device)(batch.matrices))
    assert not report.failures, report.describe()


@pytest.mark.slow
@pytest.mark.parametrize("n_matrices", CROWDS)
@pytest.mark.parametrize("n", CROWD_SIZES)
@_DTYPES
def test_large_batches_are_right_with_every_kernel_and_dtype(device: Device, n: int, n_matrices: int, dtype: str) -> None:
    _pass_the_gate(device, crowd(n_matrices, n, dtype), inverse_kernels(), n_singles=100)


def test_every_inverse_kernel_takes_some_order(device: Device) -> None:
    for kernel in inverse_kernels():
        assert any(_takes(kernel, device, dtype, n) for dtype in ("float32", "complex64") for n in (2, 5, 33)), kernel


def _takes(kernel: str, device: Device, dtype: str, n: int) -> bool:
    return registry().kernels[kernel].why_not(Inverse(dtypes.BY_NAME[dtype], n, 1), device) is None


@pytest.fixture
def narrow_device(own_device: Device, monkeypatch: pytest.MonkeyPatch) -> Device:
    """A device of which one binding holds 16 KiB only."""
    monkeypatch.setattr(own_device, "limits", {**own_device.limits, "max-storage-buffer-binding-size": 16384})
    return own_device


def test_operands_above_the_binding_limit_are_inverted_in_parts(device: Device, narrow_device: Device) -> None:
    batch = crowd(1000, 4, "float32")
    for kernel in (kernel for kernel in inverse_kernels() if can_invert(kernel, device, batch)):
        whole = on_device(kernel, device)(batch.matrices)
        parts = on_device(kernel, narrow_device)(batch.matrices)
        assert all(same_bits(x1, x2).all() for x1, x2 in zip(whole, parts, strict=True)), kernel
        assert any(plan.batch < 1000 for plan, name, _ in narrow_device.programs if name == kernel)


def _layouts(a: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """The same (3, 2, n, n) matrices, or their transposes, laid out in different ways."""
    yield "permuted", np.swapaxes(a, -1, -2)
    yield "batch axes swapped", np.swapaxes(a, 0, 1)
    yield "reversed", a[::-1, :, ::-1, ::-1]
    yield "every other", a[::2]
    yield "from the second on", a[1:]
    yield "broadcast", np.broadcast_to(a[:, :1], (3, 4, *a.shape[2:]))


@pytest.mark.parametrize("n", [2, 5, 33])
@pytest.mark.parametrize("layout", [name for name, _ in _layouts(np.zeros((3, 2, 1, 1)))])
def test_layout_of_the_operand_does_not_matter(
    device: Device, as_laid_out: Callable[[np.ndarray], Any], layout: str, n: int
) -> None:
    a = np.random.default_rng(n).standard_normal((3, 2, n, n)).astype(np.float32)
    host = dict(_layouts(a))[layout]
    dense = inv_ex(asarray(np.ascontiguousarray(host), device=device))
    laid_out = inv_ex(as_laid_out(host))
    np.testing.assert_allclose(to_numpy(dense.inverse), np.linalg.inv(host.astype(np.float64)), rtol=2e-2, atol=1e-3)
    for x1, x2 in zip(dense, laid_out, strict=True):
        np.testing.assert_array_equal(to_numpy(x1), to_numpy(x2))


def _singular(device: Device, lead: tuple[int, ...], *places: tuple[int, ...]) -> Any:
    """Diagonal matrices 2 I of order 3; those at ``places`` of the batch have rank one."""
    a = np.broadcast_to(2 * np.eye(3, dtype=np.float32), (*lead, 3, 3)).copy()
    for place in places:
        a[place] = 1
    return asarray(a, device=device)


@pytest.mark.parametrize(
    ("lead", "places", "text"),
    [
        ((), [()], "inv: the matrix is singular: the pivot of step 2 is zero"),
        ((5,), [(3,)], "inv: matrix 3 of the batch is singular: the pivot of step 2 is zero"),
        ((5,), [(4,), (3,)], "inv: matrix 3 of the batch is singular: the pivot of step 2 is zero"),
        ((2, 3), [(1, 0)], "inv: matrix (1, 0) of the batch is singular: the pivot of step 2 is zero"),
        ((70_000,), [(69_999,), (65_537,)], "inv: matrix 65537 of the batch is singular: the pivot of step 2 is zero"),
    ],
)
def test_inv_names_the_first_singular_matrix(
    device: Device, lead: tuple[int, ...], places: list[tuple[int, ...]], text: str
) -> None:
    with pytest.raises(LinAlgError) as raised:
        inv(_singular(device, lead, *places))
    assert str(raised.value) == text


@pytest.mark.parametrize("kernel", inverse_kernels())
def test_inv_ex_marks_the_singular_matrix_alone(device: Device, kernel: str) -> None:
    dtype = next((dtype for dtype in ("float32", "complex64") if _takes(kernel, device, dtype, 3)), None)
    if dtype is None:
        pytest.skip(f"{kernel} takes no matrices of order 3")
    x = astype(_singular(device, (2, 2), (1, 0)), dtypes.BY_NAME[dtype])
    inverse, info, rcond = (to_numpy(x) for x in inv_ex(x, kernel=kernel))
    assert info.tolist() == [[0, 0], [2, 0]]
    assert rcond.tolist() == [[1, 1], [0, 1]]
    assert np.isnan(inverse[1, 0]).all()
    np.testing.assert_array_equal(inverse[[0, 0, 1], [0, 1, 1]], np.broadcast_to(np.eye(3) / 2, (3, 3, 3)))


@pytest.mark.parametrize(
    ("lead", "text"),
    [
        ((), "inv: the matrix is ill-conditioned: rcond 1e-12 is below float32's epsilon 1.2e-07, "),
        ((3,), "inv: matrix 2 of the batch is ill-conditioned: rcond 1e-12 is below float32's epsilon 1.2e-07, "),
        ((2, 3), "inv: matrix (1, 2) of the batch is ill-conditioned: rcond 1e-12 is below float32's epsilon 1.2e-07, "),
    ],
)
def test_inv_warns_of_the_worst_conditioned_matrix(device: Device, lead: tuple[int, ...], text: str) -> None:
    a = np.broadcast_to(np.diag([1, 1e-9]).astype(np.float32), (*lead, 2, 2)).copy()
    a[(*(length - 1 for length in lead), 1, 1)] = 1e-12
    with pytest.warns(IllConditionedWarning) as warned:
        inverse = inv(asarray(a, device=device))
    text += "its inverse may hold no correct digits; compute in float64, or take rcond from inv_ex"
    assert [str(w.message) for w in warned] == [text]
    assert warned[0].filename == __file__
    np.testing.assert_allclose(to_numpy(inverse)[..., 1, 1], 1 / a[..., 1, 1].astype(np.float64), rtol=1e-6)


def test_inv_warns_in_float64_below_its_own_epsilon_only(device: Device, needs_float64: None) -> None:
    inv(asarray(np.diag([1, 1e-12]), device=device))
    with pytest.warns(IllConditionedWarning) as warned:
        inv(asarray(np.diag([1, 1e-20]), device=device))
    assert [str(w.message) for w in warned] == [
        "inv: the matrix is ill-conditioned: rcond 1e-20 is below float64's epsilon 2.2e-16, "
        "its inverse may hold no correct digits; regularise it, or take rcond from inv_ex"
    ]


def test_inv_of_graded_rows_warns_but_does_not_raise(device: Device) -> None:
    a = next(family for family in FAMILIES if family.name == "graded rows").matrix(8, "float32")
    with pytest.warns(IllConditionedWarning):
        inverse = inv(asarray(a, device=device))
    assert np.isfinite(to_numpy(inverse)).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_inv_of_a_matrix_that_is_not_finite_is_nan_without_complaint(device: Device, value: float) -> None:
    a = np.broadcast_to(np.eye(3, dtype=np.float32), (2, 3, 3)).copy()
    a[1, 0, 2] = value
    inverse = to_numpy(inv(asarray(a, device=device)))
    np.testing.assert_array_equal(inverse[0], np.eye(3))
    assert np.isnan(inverse[1]).all()


@pytest.mark.parametrize("shape", [(0, 0), (0, 3, 3), (2, 0, 0), (2, 0, 3, 3)])
def test_empty_input_is_inverted_without_a_dispatch(
    device: Device, monkeypatch: pytest.MonkeyPatch, shape: tuple[int, ...]
) -> None:
    x = asarray(np.zeros(shape, np.float32), device=device)
    dispatched: list[Any] = []
    monkeypatch.setattr(device.recorder, "record", lambda *launch: dispatched.append(launch))
    inverse, info, rcond = inv_ex(x)
    assert (inv(x).shape, inverse.shape, info.shape, rcond.shape) == (shape, shape, shape[:-2], shape[:-2])
    assert dispatched == []


@pytest.mark.parametrize("name", ["inv", "inv_ex"])
@pytest.mark.parametrize("dtype", ["int32", "uint32", "bool"])
def test_integer_input_is_refused(device: Device, name: str, dtype: str) -> None:
    x = asarray(np.eye(2).astype(dtype), device=device)
    with pytest.raises(TypeError) as raised:
        {"inv": inv, "inv_ex": inv_ex}[name](x)
    text = f"{name}: x must be floating-point, not {dtype}; convert it with astype(x, float32)"
    assert str(raised.value) == text


@pytest.mark.parametrize("shape", [(2, 3), (4, 3, 2), (0, 2)])
def test_input_that_is_not_square_is_refused(device: Device, shape: tuple[int, ...]) -> None:
    with pytest.raises(LinAlgError) as raised:
        inv(asarray(np.zeros(shape, np.float32), device=device))
    assert str(raised.value) == f"inv: the last two axes must be equal, not {shape[-2:]} of x with shape {shape}"


@pytest.mark.parametrize("shape", [(), (3,)])
def test_input_of_fewer_than_two_axes_is_refused(device: Device, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"^inv: x must have shape \(\.\.\., n, n\), not \(3?,?\)$"):
        inv(asarray(np.zeros(shape, np.float32), device=device))
