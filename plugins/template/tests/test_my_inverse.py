"""The kernel as users get it: through the registry of webgpu-array, on its default device."""

from __future__ import annotations

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.testing import benchmark_kernel, check_inverter, check_kernel, inverter, stack

KERNEL = "my_inverse"


@pytest.mark.parametrize("n", [1, 2, 3, 4, 7, 8])
def test_it_passes_the_gate_for_some_orders(n: int) -> None:
    report = check_inverter(inverter(KERNEL), stack(n, "float32"), n_singles=4)
    assert not report.failures, report.describe()


@pytest.mark.slow
def test_it_passes_the_whole_gate() -> None:
    report = check_kernel(KERNEL)
    assert not report.failures, report.describe()


def test_it_inverts_by_name() -> None:
    x = np.random.default_rng(0).standard_normal((5, 6, 3, 3)).astype(np.float32)
    inverse = xp.linalg.inv(xp.asarray(x), kernel=KERNEL)
    np.testing.assert_allclose(inverse.numpy() @ x, np.broadcast_to(np.eye(3), x.shape), atol=1e-3)


def test_it_says_what_it_cannot_do() -> None:
    with pytest.raises(xp.KernelError, match="a matrix of order 9 is too large for one invocation"):
        xp.linalg.inv(xp.eye(9), kernel=KERNEL)


def test_its_speed_beside_the_default() -> None:
    rows = benchmark_kernel(KERNEL, [(2, 10_000), (8, 1000)])
    for row in rows:
        print(row)  # pytest -s shows it
    assert all(row.ms is not None and row.ms > 0 for row in rows)
