"""The packages in plugins/ are third parties: they import what is promised to authors of kernels, and nothing else of this package."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = sorted((Path(__file__).parents[2] / "plugins").glob("webgpu-array-*"))

# What their tests may import besides: what any user does.
IN_SOURCE = {"webgpu_array.extending"}
IN_TESTS = {"webgpu_array.extending", "webgpu_array.testing", "webgpu_array"}


def imports(path: Path) -> Iterator[str]:
    """The modules of this package that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        yield from (name for name in names if name.split(".")[0] == "webgpu_array")


def test_there_are_three() -> None:
    assert [path.name.removeprefix("webgpu-array-") for path in PACKAGES] == ["gauss-jordan", "lu", "newton-schulz"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_they_import_the_public_interface_only(package: Path) -> None:
    sources, tests = sorted((package / "src").rglob("*.py")), sorted((package / "tests").rglob("*.py"))
    assert {name for path in sources for name in imports(path)} == IN_SOURCE
    assert {name for path in tests for name in imports(path)} <= IN_TESTS


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_they_can_be_installed_on_their_own(package: Path) -> None:
    project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
    assert project["name"] == package.name
    (module,) = project["entry-points"]["webgpu_array"].values()
    assert (package / "src" / module / "__init__.py").exists()
    assert list((package / "src" / module).glob("*.wgsl"))
    assert [text.split(">")[0] for text in project["dependencies"]] == ["webgpu-array"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_their_readme_tells_what_was_measured(package: Path) -> None:
    text = (package / "README.md").read_text(encoding="utf-8")
    for heading in ("## The algorithm", "## Where it wins", "## The gate"):
        assert heading in text
    assert "benchmarks/candidates.py" in text
