"""What the inverse kernels ask of a device, found without one."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from webgpu_array import dtypes
from webgpu_array.kernels import webgpu_array_kernels
from webgpu_array.kernels.registry import Registry
from webgpu_array.plans.linalg import Inverse

representative = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "representative_plans.py")))

REGISTRY = Registry()
REGISTRY.add(webgpu_array_kernels(), owner="webgpu-array")
DEVICES = [representative.NATIVE, representative.SOFTWARE, representative.BROWSER]


@pytest.mark.parametrize("n", [1024, 4096, 16384, 20000])
def test_a_large_matrix_takes_at_most_two_more_of_scratch(n: int) -> None:
    plan = Inverse(dtypes.float32, n, 1, flags_only=True)
    for device in DEVICES:
        (kernel,) = REGISTRY.candidates(plan, device)
        for config in kernel.configs(plan, device):
            scratch = sum(kernel.launches(plan, device, config).scratch.values())
            assert scratch <= 2 * n * n * 4, (device.name, config)


@pytest.mark.parametrize("capabilities", DEVICES, ids=lambda found: found.name)
@pytest.mark.parametrize("dtype", [dtypes.float32, dtypes.float64, dtypes.complex64])
def test_every_order_has_a_kernel_and_a_configuration(dtype: dtypes.DType, capabilities: SimpleNamespace) -> None:
    if not dtype.features <= capabilities.features:
        pytest.skip(f"{capabilities.name} has no {dtype.name}")
    for n in (*range(1, 140), 511, 512, 513, 1025):
        plan = Inverse(dtype, n, 3)
        kernel = REGISTRY.candidates(plan, capabilities)[0]
        assert kernel.configs(plan, capabilities), (kernel.name, n)


def test_what_is_asked_of_a_batch_does_not_depend_on_how_it_is_reported() -> None:
    plan = Inverse(dtypes.float32, 300, 2)
    kernel = REGISTRY.candidates(plan, representative.NATIVE)[0]
    config = kernel.configs(plan, representative.NATIVE)[0]
    each, flagged = (
        kernel.launches(replace(plan, flags_only=flags_only), representative.NATIVE, config) for flags_only in (False, True)
    )
    assert each.scratch == flagged.scratch
    assert [launch.groups for launch in each.launches] == [launch.groups for launch in flagged.launches]
