"""The loader: declarations, libraries, and what it reads back out of the text."""

import struct

import pytest

from webgpu_array import dtypes, shader

TEXT = """// head
// uses: grid
struct Params {
    operands: array<vec4<u32>, 2>,  // offsets
    lengths: array<vec4<u32>, AXES>,
    identity: vec2<u32>,
    n: u32,
    scale: f32,
    shift: i32
}
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(1) @binding(0) var<uniform> params: Params;
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of shaders of the test's own."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "grid.wgsl").write_text("// uses: deep\nfn grid() {}\n")
    (tmp_path / "lib" / "deep.wgsl").write_text("fn deep() {}\n")
    monkeypatch.setattr(shader, "SHADERS", tmp_path)
    shader.read.cache_clear()
    shader.load.cache_clear()
    yield tmp_path
    shader.read.cache_clear()
    shader.load.cache_clear()


def test_declarations_are_wgsl():
    found = shader.declare(T=dtypes.float32, N=4, IS_LAST=True)
    assert found == "alias T = f32;\n// * is f32\nconst N: u32 = 4u;\nconst IS_LAST: bool = true;\n"


def test_the_interface_is_read_from_the_text(folder):
    (folder / "example.wgsl").write_text(TEXT)
    found = shader.load("example", shader.declare(T=dtypes.float32, AXES=3))
    assert found.file == "shaders/example.wgsl"
    assert found.bindings == ("out", "x")
    assert found.access == ("read_write", "read")
    assert found.fields == (
        ("operands", "8I", 0),
        ("lengths", "12I", 32),
        ("identity", "2I", 80),
        ("n", "I", 88),
        ("scale", "f", 92),
        ("shift", "i", 96),
    )
    assert found.params_size == 112


def test_libraries_come_once_and_bring_their_own(folder):
    (folder / "example.wgsl").write_text("// uses: grid\n" + TEXT)
    code = shader.load("example", shader.declare(T=dtypes.float32, AXES=1)).code
    assert code.count("fn grid()") == code.count("fn deep()") == 1
    assert code.startswith("alias T = f32;")


def test_params_are_packed_by_name(folder):
    (folder / "example.wgsl").write_text(TEXT)
    found = shader.load("example", shader.declare(T=dtypes.float32, AXES=1))
    params = {"operands": (1,) * 8, "lengths": (2,) * 4, "identity": (3, 4), "n": 5, "scale": 0.5, "shift": -6}
    assert found.pack(params) == struct.pack("<8I4I2IIfi12x", *[1] * 8, *[2] * 4, 3, 4, 5, 0.5, -6)
    with pytest.raises(ValueError) as error:
        found.pack({"n": 5})
    assert str(error.value) == (
        "shaders/example.wgsl: Params has the fields ['identity', 'lengths', 'n', 'operands', 'scale', 'shift'], "
        "but the kernel passes ['n']"
    )


def test_bindings_are_numbered_without_gaps(folder):
    (folder / "example.wgsl").write_text(
        "@group(0) @binding(100) var<storage, read_write> y: array<u32>;\n@group(0) @binding(1) var<storage, read> x: array<u32>;"
    )
    found = shader.load("example")
    assert found.bindings == ("x", "y")
    assert "@binding(0) var<storage, read> x" in found.code
    assert "@binding(1) var<storage, read_write> y" in found.code


def test_two_bindings_of_one_number_are_refused(folder):
    (folder / "example.wgsl").write_text(
        "@group(0) @binding(1) var<storage, read> y: array<u32>;\n@group(0) @binding(1) var<storage, read> x: array<u32>;"
    )
    with pytest.raises(ValueError) as error:
        shader.load("example")
    assert str(error.value) == (
        "shaders/example.wgsl: two bindings have the same number: [(1, 'read', 'x'), (1, 'read', 'y')]"
    )


def test_a_field_of_an_unknown_type_is_refused(folder):
    (folder / "example.wgsl").write_text("struct Params { m: mat2x2<f32> }")
    with pytest.raises(ValueError) as error:
        shader.load("example")
    assert str(error.value) == (
        "shaders/example.wgsl: Params.m has type 'mat2x2<f32>'; use one of ['u32', 'i32', 'f32', 'vec2<u32>', 'vec4<u32>']"
    )


def test_an_unknown_file_is_refused(folder):
    with pytest.raises(FileNotFoundError):
        shader.load("nothing")
