"""The files of shaders/: each is used, explains itself, and fits what a browser grants."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from webgpu_array import shader
from webgpu_array.gpu.dispatch import PARAMS_BYTES
from webgpu_array.kernels import webgpu_array_kernels
from webgpu_array.kernels.protocol import Kernel, Launch
from webgpu_array.kernels.registry import Registry

representative = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "representative_plans.py")))
layout = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "workgroup_memory.py"), run_name="workgroup_memory"))

KERNELS = {kernel.name: kernel for kernel in webgpu_array_kernels()}
DEVICES = (representative.NATIVE, representative.BROWSER, representative.SOFTWARE)
PLANS = [(device, representative.plans(device)) for device in DEVICES]
FILES = sorted(path.relative_to(shader.SHADERS).with_suffix("").as_posix() for path in shader.SHADERS.rglob("*.wgsl"))


@pytest.fixture(autouse=True, scope="module")
def as_written() -> Iterator[None]:
    """Marked loops are not written out: nothing here depends on it, and it takes most of the time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shader, "unrolled", lambda name, code: code)
        _forget_shaders()
        yield
    _forget_shaders()


def _forget_shaders() -> None:
    for cached in (shader.load, shader.assemble):
        cached.cache_clear()


@cache
def launches(name: str) -> list[tuple[Any, Launch]]:
    """Every launch of a kernel: all its plans on a native device and in a browser, in all their configurations."""
    kernel = KERNELS[name]
    found = []
    for device, plans in PLANS:
        for plan in plans.get(kernel.operation, []):
            if kernel.why_not(plan, device) is None:
                for config in kernel.configs(plan, device):
                    found += [(plan, launch) for launch in kernel.launches(plan, device, config).launches]
    return found


def test_every_operation_has_representative_plans() -> None:
    operations = {kernel.operation for kernel in KERNELS.values()}
    missing = operations - representative.plans(representative.NATIVE).keys()
    assert not missing, f"add plans of {sorted(missing)} to tests/representative_plans.py"


@pytest.mark.parametrize("name", KERNELS)
def test_every_kernel_has_a_representative_plan(name: str) -> None:
    assert launches(name), f"no plan of tests/representative_plans.py is one that kernel {name} can do"


@pytest.mark.parametrize("name", KERNELS)
def test_the_parameters_of_every_launch_fit_the_shader(name: str) -> None:
    for plan, launch in launches(name):
        fields = dict.fromkeys((field for field, _, _ in launch.shader.fields), 0)
        given = {"operands", *launch.params} if "operands" in fields else {*launch.params}
        assert given == fields.keys(), f"{plan}: Params of {launch.shader.file}"
        assert launch.shader.params_size <= PARAMS_BYTES
        assert launch.groups > 0


@pytest.mark.parametrize("name", KERNELS)
def test_no_launch_may_write_an_input(name: str) -> None:
    for plan, launch in launches(name):
        operands = {spec.name for spec in plan.specs}
        bound = {launch.buffers.get(b, b): access for b, access in zip(launch.shader.bindings, launch.shader.access, strict=True)}
        written = {operand for operand in operands & bound.keys() if bound[operand] == "read_write"}
        assert not written & set(plan.read_only), f"{plan}: {launch.shader.file}"


def test_every_input_of_a_plan_is_an_operand() -> None:
    for plans in representative.plans(representative.NATIVE).values():
        names = {spec.name for plan in plans for spec in plan.specs}
        assert all(set(plan.read_only) <= names for plan in plans), plans[0]


@cache
def codes() -> frozenset[str]:
    """The texts of all launches."""
    return frozenset(launch.shader.code for name in KERNELS for _, launch in launches(name))


@pytest.mark.parametrize("file", FILES)
def test_every_file_is_reached_by_a_launch(file: str) -> None:
    # Its comment: the bindings of the rest are numbered anew.
    head = "".join(takewhile(lambda line: line.startswith("//"), shader.read(file).splitlines(keepends=True)))
    assert any(head in code for code in codes()), f"no launch of any representative plan uses shaders/{file}.wgsl"


@pytest.mark.parametrize("file", FILES)
def test_every_file_says_what_it_is_for(file: str) -> None:
    head = _head(file)
    assert re.match(r"\S.{20}", head), f"shaders/{file}.wgsl must begin with a comment that says what it is for"


@pytest.mark.parametrize("file", [file for file in FILES if not file.startswith("lib/")])
def test_every_head_names_the_bindings_and_the_constants(file: str) -> None:
    head, text = _head(file), shader.read(file)
    code = _without_comments(text)
    bindings = set(re.findall(r"var<storage[^>]*>\s*(\w+)", code))
    everywhere = code + "".join(shader.read(other) for other in FILES if other.startswith("lib/"))
    declared = set(re.findall(r"\b(?:const|override)\s+(\w+)", everywhere))
    constants = set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", code)) - declared
    for name in sorted(bindings | constants):
        assert re.search(rf"\b{name}\b", head), f"the head of shaders/{file}.wgsl does not explain {name}"


def test_every_operation_fits_a_browser() -> None:
    registry = Registry()
    registry.add(webgpu_array_kernels(), owner="webgpu-array")
    device = representative.BROWSER
    seen: set[str] = set()
    for found in representative.plans(device).values():
        for plan in found:
            kernel: Kernel = registry.candidates(plan, device)[0]
            for config in kernel.configs(plan, device):
                for launch in kernel.launches(plan, device, config).launches:
                    if launch.shader.code in seen:
                        continue
                    seen.add(launch.shader.code)
                    assert len(launch.shader.bindings) <= 8, f"{kernel.name}: {launch.shader.file}"
                    assert not re.search(r"\b[fiu]64\b", _without_comments(launch.shader.code)), launch.shader.file
                    needs = layout.workgroup_bytes(launch.shader.code)
                    assert needs <= 16384, f"{kernel.name} {config} for {plan}: {launch.shader.file} takes {needs} bytes"


def test_workgroup_memory_is_counted_as_the_language_lays_it_out() -> None:
    code = """
        const N = 3u; const M: u32 = 2u * N;  // 6
        alias T = vec3<f32>;
        struct Pair { a: u32, b: vec2<f32>, c: array<array<f16, 3>, M / N> }
        var<workgroup> vectors: array<T, M>;
        var<workgroup> pairs: array<Pair, N>;
        var<workgroup> count: atomic<u32>;
    """
    assert layout.workgroup_bytes(code) == 6 * 16 + (3 * 32) + 16


def _head(file: str) -> str:
    """The comment at the top of a file."""
    lines = []
    for line in shader.read(file).splitlines():
        if not line.startswith("//"):
            break
        lines.append(line.removeprefix("//").strip())
    return "\n".join(lines)


def _without_comments(code: str) -> str:
    return re.sub(r"//[^\n]*", "", code)
