"""The kernel of this plugin: the accuracy gate, complex matrices against NumPy, what it refuses, what it reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from webgpu_array_lu import LURows

import webgpu_array as xp
from webgpu_array.extending import DType, Inverse, complex64, complex128, float32, float64
from webgpu_array.testing import check_inverter, stack

KERNEL = LURows()
LEAST = {"max-compute-workgroup-storage-size": 16384}


@dataclass(frozen=True)
class Machine:
    """What the kernel may know of a device."""

    kind: str = "discrete"
    name: str = "a device"
    limits: Mapping[str, int] = field(default_factory=lambda: LEAST)
    features: frozenset[str] = frozenset()
    subgroup_size: int = 32


def invert(a: Any) -> tuple[Any, Any, Any]:
    inverse, info, rcond = xp.linalg.inv_ex(xp.asarray(a), kernel=KERNEL.name)
    return inverse.numpy(), info.numpy(), rcond.numpy()


def skip_without(dtype: DType) -> None:
    if not xp.devices()[0].supports(dtype):
        pytest.skip(f"no {dtype.name} on this device")


@pytest.mark.parametrize("dtype", [float32, float64], ids=lambda dtype: dtype.name)
@pytest.mark.parametrize("n", [1, 2, 8, 17, 32])
def test_passes_the_gate(n: int, dtype: DType) -> None:
    skip_without(dtype)
    report = check_inverter(invert, stack(n, dtype.name), 10)
    assert not report.failures, report.describe()


@pytest.mark.parametrize("dtype", [complex64, complex128], ids=lambda dtype: dtype.name)
@pytest.mark.parametrize("n", [1, 6, 31])
def test_complex_inverses_leave_small_residuals(n: int, dtype: DType) -> None:
    skip_without(dtype)
    rng = np.random.default_rng(n)
    a = (rng.standard_normal((9, n, n)) + 1j * rng.standard_normal((9, n, n))).astype(dtype.name)
    a[3] *= np.asarray(1e30, a.real.dtype)
    x, info, rcond = invert(a)
    wide_a, wide_x = a.astype(np.complex128), x.astype(np.complex128)
    norms = np.linalg.norm(wide_a, 1, axis=(1, 2)) * np.linalg.norm(wide_x, 1, axis=(1, 2))
    left = np.linalg.norm(np.eye(n) - wide_x @ wide_a, 1, axis=(1, 2))
    assert not info.any()
    assert (left < 3 * n * norms * np.finfo(a.dtype).eps / 2).all()
    assert np.allclose(rcond, 1 / norms, rtol=1e-3)


@pytest.mark.parametrize("dtype", [float32, complex64], ids=lambda dtype: dtype.name)
def test_neighbours_of_what_has_no_inverse_are_right(dtype: DType) -> None:
    a = np.random.default_rng(1).standard_normal((12, 6, 6)).astype(dtype.name)
    a[2, :, 3] = 0
    a[7, 5, 5] = np.nan
    a[8, 0, 1] = -np.inf
    x, info, rcond = invert(a)
    bad = [2, 7, 8]
    good = [i for i in range(12) if i not in bad]
    assert info.tolist() == [0, 0, 4] + [0] * 9
    assert rcond[2] == 0
    assert np.isnan(rcond[[7, 8]]).all()
    assert np.isnan(x[bad]).all()
    assert np.allclose(x[good] @ a[good], np.eye(6), atol=1e-3)


def test_configurations_fill_a_subgroup_or_a_vector() -> None:
    plan = Inverse(float32, 12, 5)
    assert [dict(config) for config in KERNEL.configs(plan, Machine())] == [
        {"lanes": 16, "teams": 2, "columns": 1},
        {"lanes": 8, "teams": 4, "columns": 1},
        {"lanes": 4, "teams": 8, "columns": 1},
    ]
    assert [dict(config) for config in KERNEL.configs(plan, Machine("software"))] == [
        {"lanes": 1, "teams": 8, "columns": 4},
        {"lanes": 8, "teams": 1, "columns": 1},
    ]


@pytest.mark.parametrize(
    ("dtype", "n", "device", "reason"),
    [
        (complex64, 31, Machine(), None),
        (float32, 48, Machine(), None),
        (complex128, 40, Machine(), "a complex128 matrix of order 40 does not fit the workgroup memory of a device"),
        (float32, 64, Machine(), "a float32 matrix of order 64 does not fit the workgroup memory of a device"),
        (float64, 49, Machine("software"), "n is above 48: loops would take more rounds than a device grants"),
    ],
)
def test_says_what_it_cannot_do(dtype: DType, n: int, device: Machine, reason: str | None) -> None:
    assert KERNEL.why_not(Inverse(dtype, n, 1), device) == reason


@pytest.mark.parametrize("dtype", [float32, complex64], ids=lambda dtype: dtype.name)
def test_is_no_default(dtype: DType) -> None:
    """A built-in kernel can do these matrices: this one is used when it is named, or was measured to be faster."""
    assert xp.linalg.kernel_for(xp.zeros((2, 9, 9), dtype=getattr(xp, dtype.name))) != KERNEL.name
