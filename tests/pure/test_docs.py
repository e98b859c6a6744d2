"""The documentation names what the code has."""

from __future__ import annotations

import inspect
import json
import re
import runpy
from pathlib import Path

import pytest

from webgpu_array import errors

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("*/README.md")), *sorted((ROOT / "docs").glob("*.md"))]


def test_every_error_and_warning_is_explained() -> None:
    page = (ROOT / "docs/errors.md").read_text()
    names = [name for name, _ in inspect.getmembers(errors, inspect.isclass)]
    assert len(names) > 8
    assert [name for name in names if f"`{name}`" not in page] == []


def test_the_architecture_names_every_module() -> None:
    page = (ROOT / "docs/architecture.md").read_text()
    package = ROOT / "src/webgpu_array"
    for folder in [path for path in package.iterdir() if (path / "__init__.py").exists()]:
        row = re.search(rf"^\| `{folder.name}/` \|(.*)$", page, re.MULTILINE)
        assert row is not None, folder.name
        modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "__main__"}
        assert set(re.findall(r"`(\w+)`", row[1])) == modules, folder.name
    missing = [path.name for path in package.glob("*.py") if not re.search(rf"(?<![\w/]){path.name}\b", page)]
    assert missing == []


def test_the_page_of_accuracy_shows_what_was_measured() -> None:
    program = runpy.run_path(str(ROOT / "docs/make_accuracy.py"))
    results = [json.loads(path.read_text()) for path in sorted((ROOT / "docs/accuracy").glob("*.json"))]
    assert (ROOT / "docs/accuracy.md").read_text() == program["page"](results)
    rows = [row for result in results for row in result["functions"]]
    assert len(rows) > 150
    # What the package promises: less than four units in the last place, for complex numbers as a whole five.
    bound = {"complex64": 5, "complex128": 5}
    assert [row for row in rows if row["largest"] >= bound.get(row["dtype"], 4) or row["wrong"]] == []


def test_readme_names_every_environment_variable_and_no_other() -> None:
    source = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    variable = re.compile(r"\bWEBGPU_ARRAY_[A-Z_]+\b")
    assert set(variable.findall((ROOT / "README.md").read_text())) == set(variable.findall(source))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)", page.read_text())
    assert [target for target in targets if "://" not in target and not (page.parent / target).exists()] == []
