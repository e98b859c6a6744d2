"""The documentation names what the code has."""

from __future__ import annotations

import inspect
import json
import re
import runpy
from pathlib import Path

import pytest

from webgpu_array import errors, hookspecs, shader
from webgpu_array.dtypes import float32
from webgpu_array.kernels.protocol import Capabilities, Kernel
from webgpu_array.kernels.validation import METHODS
from webgpu_array.plans.linalg import Inverse
from webgpu_array.special.functions import SPECIAL

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("*/README.md")), *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "plugins").glob("*/README.md"))]


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


def test_the_page_of_special_functions_shows_what_was_measured() -> None:
    page = (ROOT / "docs/special.md").read_text()
    results = [json.loads(path.read_text()) for path in (ROOT / "docs/special").glob("*.json")]
    rows = [row for result in results for row in result["functions"]]
    assert {row["function"] for row in rows} == set(SPECIAL)
    for row in rows:
        name = "zeta(x, q)" if row["function"] == "hurwitz_zeta" else row["function"]
        assert re.search(rf"^\| `{re.escape(name)}`.* {row['largest']:.2f} \|", page, re.MULTILINE), row
    # What the package promises.
    assert [row for row in rows if row["largest"] >= 12] == []


@pytest.mark.parametrize("name", [name for name in vars(hookspecs) if name.startswith("webgpu_array_")])
def test_every_hook_has_a_page_that_explains_its_arguments(name: str) -> None:
    page = (ROOT / f"docs/plugins/{name}.md").read_text()
    arguments = inspect.signature(getattr(hookspecs, name)).parameters
    assert page.startswith(f"# The hook `{name}`\n\n    {name}({', '.join(arguments)}) -> ")
    assert [argument for argument in arguments if f"- `{argument}`" not in page] == []


def test_the_contract_explains_every_part_of_a_kernel() -> None:
    page = (ROOT / "docs/plugins/kernel.md").read_text()
    for name, arguments in METHODS.items():
        assert f"**`{name}({', '.join(arguments)})`**" in page
    attributes = {name for name, value in vars(Kernel).items() if isinstance(value, property)}
    assert attributes == {"name", "operation", "version", "api_version"}
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) >= attributes
    assert all(f"`{operand}`" in page for flags in (True, False) for operand in (s.name for s in Inverse(float32, 1, 1, flags).specs))
    capabilities = {name for name, value in vars(Capabilities).items() if isinstance(value, property)}
    assert all(f"`{name}`" in page for name in capabilities)


def test_the_libraries_for_authors_have_the_functions_that_are_promised() -> None:
    page = (ROOT / "docs/plugins/libraries.md").read_text()
    rows = re.findall(r"^\| (`[^|]*`) \| ([^|]*) \|", page, re.MULTILINE)
    assert len(rows) >= 6
    for names, functions in rows:
        for library in re.findall(r"`(\w+)`", names):
            text = shader.read(f"lib/{library}")
            promised = set(re.findall(r"`(\w+)`(?= \(|[,:;])", functions.partition(". ")[0])) - {"report_library"}
            assert promised
            for name in promised:
                assert re.search(rf"\b(?:fn|alias|const) {name}\b", text), f"{library} has no {name}"


def test_readme_names_every_environment_variable_and_no_other() -> None:
    source = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    variable = re.compile(r"\bWEBGPU_ARRAY_[A-Z_]+\b")
    assert set(variable.findall((ROOT / "README.md").read_text())) == set(variable.findall(source))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)", page.read_text())
    assert [target for target in targets if "://" not in target and not (page.parent / target).exists()] == []
