"""The kernel of this plugin: the accuracy gate, what it gives up and how it says so, what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from webgpu_array_newton_schulz import NewtonSchulz

import webgpu_array as xp
from webgpu_array.extending import DType, Inverse, complex64, float32, float64
from webgpu_array.testing import check_inverter, stack

KERNEL = NewtonSchulz()
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


# Orders are few, since a software adapter takes seconds to compile the shader of each.
@pytest.mark.parametrize(("n", "dtype"), [(5, float32), (13, float32), (6, float64)], ids=str)
def test_passes_the_gate(n: int, dtype: DType) -> None:
    if not xp.devices()[0].supports(dtype):
        pytest.skip(f"no {dtype.name} on this device")
    report = check_inverter(invert, stack(n, dtype.name), 2)
    assert not report.failures, report.describe()


def test_what_is_too_ill_conditioned_is_nan_and_flagged() -> None:
    a = np.tile(np.eye(5, dtype=np.float32), (5, 1, 1))
    a[1] = np.diag([1, 1, 1, 1, 1e-12])  # does not converge, though it is regular
    a[2] = 1  # rank one: the second pivot is zero
    a[3, 0, 0] = np.nan
    x, info, rcond = invert(a)
    assert info.tolist() == [0, 0, 2, 0, 0]
    assert rcond[[0, 1, 2, 4]].tolist() == [1, 0, 0, 1]
    assert np.isnan(rcond[3])
    assert np.isnan(x[1:4]).all()
    assert (x[[0, 4]] == a[[0, 4]]).all()


@pytest.mark.parametrize(
    ("dtype", "n", "device", "reason"),
    [
        (float32, 28, Machine(), None),
        (complex64, 4, Machine(), "the elements are complex"),
        (float32, 33, Machine(), "n is above 32"),
        (float64, 25, Machine("software"), "n is above 24"),
        (float64, 21, Machine(), "four float64 matrices of order 21 do not fit the workgroup memory of a device"),
    ],
)
def test_says_what_it_cannot_do(dtype: DType, n: int, device: Machine, reason: str | None) -> None:
    assert KERNEL.why_not(Inverse(dtype, n, 1), device) == reason


def test_is_no_default() -> None:
    assert xp.linalg.kernel_for(xp.zeros((2, 9, 9))) != KERNEL.name
