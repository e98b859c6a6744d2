"""The interface for authors of kernels: what it holds, and shaders from texts of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from webgpu_array import extending
from webgpu_array.extending import Inverse, float32, float64, report_library, wgsl

TEXT = """// uses: grid, float_bits_*
@group(0) @binding(7) var<storage, read> x: array<T>;
@group(0) @binding(3) var<storage,read_write> inverse: array<T>;
struct Params { batch: u32, zero: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@compute @workgroup_size(WORKGROUP) fn main() {
    // unroll
    for (var i = 0u; i < N; i++) { inverse[i] = x[i]; }
}
"""


def test_every_name_is_explained() -> None:
    assert extending.__doc__ is not None
    explained = set(re.findall(r"``(\w+)``", extending.__doc__))
    assert set(extending.__all__) <= explained
    assert all(hasattr(extending, name) for name in extending.__all__)


def test_a_text_of_the_plugins_own_becomes_a_shader() -> None:
    shader = wgsl("copy.wgsl", TEXT, T=float32, N=2, WORKGROUP=64, CAREFUL=True)
    assert shader.file == "copy.wgsl"
    assert shader.bindings == ("inverse", "x")
    assert shader.access == ("read_write", "read")
    assert [name for name, _, _ in shader.fields] == ["batch", "zero"]
    for part in ("alias T = f32;", "const N: u32 = 2u;", "const CAREFUL: bool = true;", "fn workgroup_number", "alias Bits = u32;"):
        assert part in shader.code
    assert "inverse[0u] = x[0u]" in shader.code or "inverse[0] = x[0]" in shader.code


def test_a_binding_may_be_written_without_spaces() -> None:
    shader = wgsl("copy.wgsl", TEXT.replace("@group(0) @binding(7) ", "@group(0)@binding(7)"), T=float32, N=2, WORKGROUP=64)
    assert "@group(0) @binding(1) var<storage, read> x" in shader.code


@pytest.mark.parametrize("binding", ["@binding(7) @group(0) var<storage, read>", "@group(0) @binding(7) var<storage>"])
def test_a_binding_that_cannot_be_read_is_refused(binding: str) -> None:
    with pytest.raises(ValueError) as caught:
        wgsl("copy.wgsl", TEXT.replace("@group(0) @binding(7) var<storage, read>", binding), T=float32, N=2, WORKGROUP=64)
    assert str(caught.value) == (
        "copy.wgsl: write every storage binding as @group(0) @binding(0) var<storage, read> name, or with read_write"
    )


@pytest.mark.parametrize(("flags_only", "binding"), [(True, "flagged"), (False, "rcond")])
@pytest.mark.parametrize("dtype", [float32, float64])
def test_a_plan_names_the_library_that_reports(flags_only: bool, binding: str, dtype: extending.DType) -> None:
    plan = Inverse(dtype, 2, 10, flags_only=flags_only)
    shader = wgsl("copy.wgsl", TEXT, report_library(plan), T=dtype, F=dtype, N=2, WORKGROUP=64)
    assert binding in shader.bindings
    assert "fn report(" in shader.code


def test_an_unknown_library_is_named() -> None:
    with pytest.raises(FileNotFoundError) as caught:
        wgsl("copy.wgsl", TEXT.replace("grid", "grdi"), T=float32, N=2, WORKGROUP=64)
    assert str(caught.value) == "copy.wgsl: uses grdi, but shaders/lib has no grdi.wgsl"


def test_the_same_arguments_give_the_same_object() -> None:
    first, second = (wgsl("copy.wgsl", TEXT, T=float32, N=2, WORKGROUP=64) for _ in range(2))
    assert first is second


def test_a_library_is_never_one_of_the_plugins_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.wgsl").write_text("fn own() {}")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError):
        wgsl("copy.wgsl", TEXT, "own", T=float32, N=2, WORKGROUP=64)
