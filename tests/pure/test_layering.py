"""Imports point downwards only, and each outside library is imported where it belongs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import webgpu_array

ROOT = Path(webgpu_array.__file__).parent

# The picture of docs/architecture.md, top first. A module imports from rows below its own, and from
# its own row as long as no circle arises. "ops" is the package's own file, "ops.*" its modules.
LAYERS = (
    ("cli", "cli.*"),
    ("tuner.session", "tuner.desk", "tuner.grid", "tuner.supervisor", "tuner.worker"),
    ("tuner.gating", "tuner.measuring", "tuner.cases"),
    ("testing", "testing.*"),
    ("dask_chunks",),
    ("",),  # webgpu_array/__init__.py: the namespace
    ("info",),
    ("operators",),
    ("interop",),
    ("random", "random.*"),
    ("special", "special.*"),
    ("fft", "fft.*"),
    ("linalg", "linalg.*"),
    ("ops", "ops.*"),
    ("tuner.explain",),
    ("tuner.explanation",),
    ("tuner.pictures",),
    ("tuner.survey",),
    ("execute",),
    ("tuner.choice",),
    ("tuner.store", "tuner.settings"),
    ("tuner.rows",),
    ("tuner.fingerprint", "tuner"),
    ("plugins",),
    ("extending",),
    ("kernels",),
    ("kernels.registry", "kernels.*"),
    ("hookspecs",),
    ("kernels.protocol",),
    ("plans.*",),
    ("plans.protocol", "plans"),
    ("tensor",),
    ("shader",),
    ("unroll",),
    ("shapes",),
    ("gpu.device",),
    ("gpu.transfer",),
    ("gpu.dispatch",),
    ("gpu.memory",),
    ("gpu.raw",),
    ("gpu.timing",),
    ("gpu.adapters", "gpu"),
    ("dtypes",),
    ("errors",),
)

# Which modules may import an outside library. One that is not here may be imported by none.
OUTSIDE = {
    "wgpu": ("gpu.*",),
    "numpy": ("interop", "linalg.lapack", "testing.*", "cli.*", "tuner.gating", "tuner.pictures"),
    "scipy": ("testing.*",),
    "dask": ("dask_chunks",),
    "sklearn": ("cli.demo_study",),
    "matplotlib": ("cli.demo_picture", "tuner.pictures"),
    "rich": ("cli.*",),
    "pluggy": ("hookspecs", "plugins"),
    "platformdirs": ("tuner.store",),
    "filelock": ("tuner.store",),
}


def sources() -> dict[str, str]:
    """The text of every module, by its name within the package ("" is the package itself)."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text(encoding="utf-8")
    return found


def imports(name: str, text: str, modules: dict[str, str]) -> Iterator[str]:
    """What a module imports at run time, in functions too: "webgpu_array.…" or an outside library."""
    is_package = name == "" or any(other.startswith(f"{name}.") for other in modules)
    package = name if is_package else name.rpartition(".")[0]
    for node in _run_time_nodes(ast.parse(text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield _ours(alias.name) or alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".") if package else []
                above = above[: len(above) - (node.level - 1)]
                base = ".".join([*above, *filter(None, [base])])
            elif _ours(base) is None:
                yield base.partition(".")[0]
                continue
            else:
                base = base.removeprefix("webgpu_array").removeprefix(".")
            for alias in node.names:
                inner = f"{base}.{alias.name}".removeprefix(".")
                yield f"webgpu_array.{inner if inner in modules else base}"


def _ours(module: str) -> str | None:
    if module == "webgpu_array" or module.startswith("webgpu_array."):
        return "webgpu_array." + module.removeprefix("webgpu_array").removeprefix(".")
    return None


def _run_time_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Every node but those in ``if TYPE_CHECKING:``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            for alternative in child.orelse:
                yield from _run_time_nodes(alternative)
            continue
        yield child
        yield from _run_time_nodes(child)


def layer(name: str) -> int:
    """The row of ``LAYERS`` that a module is in: an exact name before a pattern."""
    for matches in (lambda pattern: pattern == name, lambda pattern: fnmatchcase(name, pattern)):
        for row, patterns in enumerate(LAYERS):
            if any(matches(pattern) for pattern in patterns):
                return row
    raise LookupError(f"module {name!r} is in no layer; add it to LAYERS and to docs/architecture.md")


def violations(modules: dict[str, str]) -> list[str]:
    """One line for every import that is not allowed."""
    found = []
    for name, text in modules.items():
        for imported in imports(name, text, modules):
            if imported.startswith("webgpu_array."):
                target = imported.removeprefix("webgpu_array.")
                if layer(target) < layer(name):
                    found.append(f"{name or '__init__'} imports {target or '__init__'}, which is above it")
            elif imported in OUTSIDE and not any(fnmatchcase(name, pattern) for pattern in OUTSIDE[imported]):
                found.append(f"{name or '__init__'} imports {imported}")
    return found


def test_every_module_is_in_a_layer() -> None:
    for name in sources():
        layer(name)


def test_every_layer_has_a_module() -> None:
    names = list(sources())
    for patterns in LAYERS:
        for pattern in patterns:
            assert any(fnmatchcase(name, pattern) for name in names), f"{pattern!r} of LAYERS matches no module"


def test_imports_point_downwards() -> None:
    assert violations(sources()) == []


def test_imports_form_no_circle() -> None:
    modules = sources()
    graph = {}
    for name, text in modules.items():
        ours = (i.removeprefix("webgpu_array.") for i in imports(name, text, modules) if i.startswith("webgpu_array."))
        graph[name] = {target for target in ours if target != name}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"imports in a circle: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("shapes", "from .ops import elementwise", "shapes imports ops.elementwise, which is above it"),
        ("shapes", "def f():\n    from .tensor import Tensor", "shapes imports tensor, which is above it"),
        ("gpu.memory", "from .dispatch import Recorder", "gpu.memory imports gpu.dispatch, which is above it"),
        ("gpu.memory", "from ..execute import run", "gpu.memory imports execute, which is above it"),
        ("ops.elementwise", "import webgpu_array", "ops.elementwise imports __init__, which is above it"),
        ("ops.elementwise", "import webgpu_array.cli", "ops.elementwise imports cli, which is above it"),
        ("dtypes", "from webgpu_array import tensor", "dtypes imports tensor, which is above it"),
        ("kernels.protocol", "from .elementwise import X", "kernels.protocol imports kernels.elementwise, which is above it"),
        ("tensor", "import wgpu.utils", "tensor imports wgpu"),
        ("ops.elementwise", "def f():\n    import numpy as np", "ops.elementwise imports numpy"),
    ],
)
def test_a_forbidden_import_is_found(name: str, text: str, expected: str) -> None:
    assert violations({**dict.fromkeys(sources(), ""), name: text}) == [expected]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shapes", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .tensor import Tensor"),
        ("gpu.dispatch", "def f():\n    import wgpu"),
        ("ops.elementwise", "from ..execute import run\nfrom . import manipulation"),
        ("", "from .operators import Tensor\nfrom . import linalg"),
    ],
)
def test_an_allowed_import_is_not(name: str, text: str) -> None:
    assert violations({**dict.fromkeys(sources(), ""), name: text}) == []
