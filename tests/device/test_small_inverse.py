"""Inverses of small matrices: every configuration of the kernels, the one with subgroups also where their size must be guessed."""

from __future__ import annotations

import runpy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from webgpu_array import dtypes, interop
from webgpu_array.execute import run
from webgpu_array.gpu.device import Device
from webgpu_array.kernels.gauss_jordan_lanes import GaussJordanLanes
from webgpu_array.kernels.gauss_jordan_thread import GaussJordanThread
from webgpu_array.kernels.protocol import Config
from webgpu_array.plans.linalg import Inverse
from webgpu_array.tensor import allocate
from webgpu_array.testing import check, stack

as_gpu = runpy.run_path(str(Path(__file__).parents[1] / "as_gpu.py"))["as_gpu"]

_DTYPES = pytest.mark.parametrize("dtype", ["float32", "float64"])


def _pass_the_gate(kernel: str, plan: Inverse, device: Device, configs: Sequence[Config]) -> None:
    batch = stack(plan.n, plan.dtype.name)
    x = interop.asarray(batch.matrices, device=device)
    for config in configs:
        inverse = allocate(x.shape, plan.dtype, device)
        info, rcond = (allocate((plan.batch,), dtype, device) for dtype in (dtypes.int32, plan.dtype))
        run(plan, (inverse, info, rcond, x), device, kernel, config)
        report = check(batch, (interop.to_numpy(inverse), interop.to_numpy(info), interop.to_numpy(rcond)))
        assert not report.failures, f"{dict(config)}: {report.describe()}"


def _plan(n: int, dtype: str, device: Device) -> Inverse:
    if not device.supports(dtypes.BY_NAME[dtype]):
        pytest.skip(f"{device} has no {dtype}")
    return Inverse(dtypes.BY_NAME[dtype], n, len(stack(n, dtype).families))


@pytest.mark.parametrize("n", [1, 2, 3, 4, 6, 7, 9, 16])
@_DTYPES
def test_every_configuration_of_a_matrix_per_invocation_passes(device: Device, n: int, dtype: str) -> None:
    plan = _plan(n, dtype, device)
    kernel = GaussJordanThread()
    if reason := kernel.why_not(plan, device):
        pytest.skip(reason)
    many = replace(plan, batch=1000)
    configs = [*kernel.configs(plan, device), *kernel.configs(many, device), *kernel.configs(plan, as_gpu(device, 0))]
    _pass_the_gate(kernel.name, plan, device, configs)


@pytest.mark.parametrize("n", [1, 3, 4, 5, 8, 12, 13])
@_DTYPES
def test_groups_of_lanes_pass_without_subgroups(device: Device, n: int, dtype: str) -> None:
    plan = _plan(n, dtype, device)
    kernel = GaussJordanLanes()
    _pass_the_gate(kernel.name, plan, device, [*kernel.configs(plan, device), *kernel.configs(plan, as_gpu(device, 0))])


@pytest.mark.parametrize("n", [1, 3, 4, 5, 8, 12, 13, 16])
@_DTYPES
def test_groups_of_lanes_pass_with_subgroups(device: Device, n: int, dtype: str) -> None:
    # llvmpipe, of which drivers only say that it has from 4 to 128, has as many as a register of 256 bits has floats.
    size = device.subgroup_size or (8 if "llvmpipe" in device.name + device.adapter.description else 0)
    if not size or "subgroup" not in device.features:
        pytest.skip(f"{device} has no subgroups of a known size")
    plan = _plan(n, dtype, device)
    kernel = GaussJordanLanes()
    _pass_the_gate(kernel.name, plan, device, kernel.configs(plan, as_gpu(device, size)))
