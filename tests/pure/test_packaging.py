"""What is shipped: the wheel, the source archive, the editable install, and the lock."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

import webgpu_array

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SHADERS = {path.relative_to(ROOT).as_posix() for path in (ROOT / "shaders").rglob("*.wgsl")}

# Run in another process, with one folder to import from: loads every shader that is not a library.
LOAD_EVERY_SHADER = """
import sys
from pathlib import Path
import webgpu_array
from webgpu_array import shader
files = sorted(path.relative_to(shader.SHADERS).with_suffix("").as_posix() for path in shader.SHADERS.rglob("*.wgsl"))
for file in files:
    assert shader.read(file).strip(), file
print(webgpu_array.__file__, shader.SHADERS, len(files), sep="\\n")
print("wgpu" in sys.modules)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build("wheel", tmp_path_factory.mktemp("wheel"))


def _build(target: str, folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", target, "-d", folder], cwd=ROOT, check=True)
    (built,) = folder.iterdir()
    return built


def _load_every_shader(folder: Path) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, "-c", LOAD_EVERY_SHADER]
    return subprocess.run(command, env=environment, cwd="/", check=True, capture_output=True, text=True).stdout.split()


def test_wheel_holds_every_shader_and_module(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    assert len(SHADERS) > 10
    assert {f"webgpu_array/{name}" for name in SHADERS} <= names
    assert modules <= names
    assert "webgpu_array/py.typed" in names
    assert not [name for name in names if name.startswith(("tests", "docs", "benchmarks"))]


def test_wheel_has_license_command_and_entry_point(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    info = f"webgpu_array-{webgpu_array.__version__}.dist-info"
    assert "Apache License" in archive.read(f"{info}/licenses/LICENSE").decode()
    entry_points = archive.read(f"{info}/entry_points.txt").decode()
    assert "webgpu-array = webgpu_array.cli:main" in entry_points
    assert "[array_api]\nwebgpu-array = webgpu_array\n" in entry_points


def test_unpacked_wheel_loads_every_shader(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    package, shaders, n_files, loaded_wgpu = _load_every_shader(tmp_path)
    assert Path(package) == tmp_path / "webgpu_array/__init__.py"
    assert Path(shaders) == tmp_path / "webgpu_array/shaders"
    assert int(n_files) == len(SHADERS)
    assert loaded_wgpu == "False"


def test_checkout_loads_the_shaders_at_its_top() -> None:
    package, shaders, n_files, _ = _load_every_shader(ROOT / "src")
    assert Path(package) == ROOT / "src/webgpu_array/__init__.py"
    assert Path(shaders) == ROOT / "shaders"
    assert int(n_files) == len(SHADERS)


def test_source_archive_holds_what_a_wheel_is_built_from(tmp_path: Path) -> None:
    with tarfile.open(_build("sdist", tmp_path)) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames()}
    assert not SHADERS - names
    assert {"pyproject.toml", "README.md", "LICENSE", "src/webgpu_array/py.typed"} <= names


def test_version_is_the_same_in_package_and_project() -> None:
    assert webgpu_array.__version__ == PROJECT["version"]


def test_lock_pins_every_dependency_within_its_range() -> None:
    lines = [line for line in (ROOT / ".ci/dev.lock").read_text().splitlines() if not line.startswith("#")]
    pins = [Requirement(line) for line in lines]
    assert all(re.fullmatch(r"==[^*]+", str(pin.specifier)) for pin in pins)
    here = {pin.name: str(pin.specifier)[2:] for pin in pins if not pin.marker or pin.marker.evaluate(default_environment())}
    optional = [text for extra in PROJECT["optional-dependencies"].values() for text in extra]
    for requirement in map(Requirement, PROJECT["dependencies"] + optional):
        if requirement.name != PROJECT["name"]:
            assert requirement.specifier.contains(here[requirement.name]), requirement


def test_lock_names_no_package_index() -> None:
    assert "://" not in (ROOT / ".ci/dev.lock").read_text()
