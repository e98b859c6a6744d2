"""The kernel of this plugin: the accuracy gate on its orders, what it refuses, what it reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from webgpu_array_gauss_jordan import GaussJordanWhole

import webgpu_array as xp
from webgpu_array.extending import DType, Inverse, complex64, float32, float64
from webgpu_array.testing import check_inverter, stack

KERNEL = GaussJordanWhole()

# Where it is able: software adapters have orders of their own.
IS_SOFTWARE = xp.devices()[0].kind == "software"
LEAST = 17 if IS_SOFTWARE else 9


@dataclass(frozen=True)
class Machine:
    """What the kernel may know of a device."""

    kind: str
    name: str = "a device"
    limits: dict[str, int] = field(default_factory=dict)
    features: frozenset[str] = frozenset()
    subgroup_size: int = 0


def invert(a: Any) -> tuple[Any, Any, Any]:
    inverse, info, rcond = xp.linalg.inv_ex(xp.asarray(a), kernel=KERNEL.name)
    return inverse.numpy(), info.numpy(), rcond.numpy()


@pytest.mark.parametrize(("n", "dtype"), [(9, "float32"), (12, "float32"), (9, "float64"), (17, "float32"), (17, "float64")])
def test_passes_the_gate(n: int, dtype: str) -> None:
    kind = float64 if dtype == "float64" else float32
    if not xp.devices()[0].supports(kind) or KERNEL.why_not(Inverse(kind, n, 1), xp.devices()[0]):
        pytest.skip("not on this device")
    report = check_inverter(invert, stack(n, dtype), 10)
    assert not report.failures, report.describe()
    assert not report.alarms


def test_a_batch_may_end_within_a_workgroup() -> None:
    a = np.random.default_rng(0).standard_normal((11, LEAST, LEAST)).astype(np.float32)
    assert np.allclose(invert(a)[0] @ a, np.eye(LEAST), atol=1e-3)


def test_singular_matrix_is_named() -> None:
    a = np.tile(np.eye(LEAST, dtype=np.float32), (3, 1, 1))
    a[1, :, 4] = 0
    with pytest.raises(xp.LinAlgError, match="the pivot of step 5 is zero"):
        xp.linalg.inv(xp.asarray(a), kernel=KERNEL.name)


@pytest.mark.parametrize(
    ("dtype", "n", "kind", "reason"),
    [
        (complex64, 9, "discrete", "the elements are complex"),
        (float32, 8, "discrete", "n is below 9: gauss_jordan_thread does the same there"),
        (float32, 13, "discrete", "a float32 matrix of order 13 does not fit the registers of one invocation"),
        (float64, 10, "discrete", "a float64 matrix of order 10 does not fit the registers of one invocation"),
        (float32, 16, "software", "n is below 17: gauss_jordan_thread does the same there"),
        (float32, 21, "software", "n is above 20: its shader takes too long to compile"),
        (float32, 12, "discrete", None),
        (float64, 9, "discrete", None),
        (float64, 20, "software", None),
    ],
)
def test_says_what_it_cannot_do(dtype: DType, n: int, kind: str, reason: str | None) -> None:
    assert KERNEL.why_not(Inverse(dtype, n, 1), Machine(kind)) == reason


def test_is_no_default() -> None:
    """A built-in kernel can do these matrices: this one is used when it is named, or was measured to be faster."""
    assert xp.linalg.kernel_for(xp.zeros((2, LEAST, LEAST))) != KERNEL.name
