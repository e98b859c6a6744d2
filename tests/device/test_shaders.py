"""Every shader compiles with every declaration set that its kernel can put in front of it."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from webgpu_array.errors import KernelError
from webgpu_array.kernels import webgpu_array_kernels

representative = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "representative_plans.py")))

KERNELS = {kernel.name: kernel for kernel in webgpu_array_kernels()}


@pytest.mark.parametrize("name", KERNELS)
def test_every_launch_of_a_kernel_compiles(name: str, device: Any) -> None:
    kernel = KERNELS[name]
    plans = [p for p in representative.plans(device).get(kernel.operation, []) if kernel.why_not(p, device) is None]
    assert plans, f"no plan of tests/representative_plans.py is one that kernel {name} can do on {device}"
    for plan in plans:
        for config in kernel.configs(plan, device):
            for launch in kernel.launches(plan, device, config).launches:
                shader = launch.shader
                label = f"{name} {dict(config)} for {plan} ({shader.file})"
                device.recorder.pipeline(shader.code, shader.access, label)


def test_an_error_names_adapter_kernel_file_and_the_compilers_words(own_device: Any) -> None:
    code = "@compute @workgroup_size(1) fn main() { let a: i32 = missing; }"
    with pytest.raises(KernelError) as caught:
        own_device.recorder.pipeline(code, (), "doubler (shaders/doubler.wgsl)")
    text = str(caught.value)
    assert text.startswith(f"{own_device.name} refused doubler (shaders/doubler.wgsl): ")
    assert "no definition in scope for identifier: `missing`" in text
    own_device.synchronize()


def test_a_shader_that_does_not_fit_its_bindings_is_refused(own_device: Any) -> None:
    code = (
        "@group(0) @binding(0) var<storage, read_write> out: array<f32>;"
        "@compute @workgroup_size(1) fn main() { out[0] = 1.0; }"
    )
    with pytest.raises(KernelError, match="refused writer"):
        own_device.recorder.pipeline(code, ("read",), "writer (shaders/writer.wgsl)")
    own_device.synchronize()


def test_equal_code_is_compiled_once(own_device: Any) -> None:
    code = "@compute @workgroup_size(1) fn main() { }"
    recorder = own_device.recorder
    assert recorder.pipeline(code, (), "first") is recorder.pipeline(code, (), "second")
    assert recorder.pipeline(code + "\n", (), "third") is not recorder.pipeline(code, (), "first")
