"""plugins/template works as it stands: it installs, its tests pass, and its shader is the tutorial's."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

# Processes and packages: what they show has nothing to do with what a device grants.
pytestmark = pytest.mark.any_limits

ROOT = Path(__file__).parents[2]


def test_the_template_installs_and_passes_its_own_tests(author: Callable[[str], Callable[[str], str]], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "plugins/template", tmp_path / "template", ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    shell = author("my-kernels")
    shell("pip install ./template")
    assert "my_inverse" in shell("webgpu-array kernels list")
    assert " passed" in shell("cd template && python -m pytest -q -m 'not slow'")


def test_the_templates_shader_is_the_tutorials() -> None:
    page = (ROOT / "docs/plugins/tutorial.md").read_text(encoding="utf-8")
    assert (ROOT / "plugins/template/src/my_kernels/my_inverse.wgsl").read_text(encoding="utf-8") in page
