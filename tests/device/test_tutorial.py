"""docs/plugins/tutorial.md, followed to the letter: its files are written, its commands are run, their output is compared.

Only the surroundings are the test's: see the fixture ``author``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

# Processes and packages: what they show has nothing to do with what a device grants.
pytestmark = pytest.mark.any_limits

# Runs a command in ``tmp_path``, and returns what it prints.
Shell = Callable[[str], str]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/plugins/tutorial.md").read_text(encoding="utf-8")

_FILE = re.compile(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CONSOLE = re.compile(r"^```console( slow)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHADER = "small-inverse/src/small_inverse/small_inverse.wgsl"


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """What each file of the tutorial holds."""
    return dict(_FILE.findall(PAGE))


@pytest.fixture
def shell(author: Callable[[str], Shell]) -> Shell:
    return author("small-inverse")


def commands(with_slow: bool) -> list[tuple[str, str]]:
    """The tutorial's commands, each with what it must print; those that take minutes only if asked for."""
    found = []
    for is_slow, block in _CONSOLE.findall(PAGE):
        if is_slow and not with_slow:
            continue
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def write(files: dict[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def matches(expected: str, printed: str) -> bool:
    """Whether it is what the page shows, where ``...`` stands for anything."""
    pattern = ".*".join(re.escape(part.strip()) for part in expected.split("..."))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


@pytest.mark.parametrize("with_slow", [False, pytest.param(True, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])], ids=["quick", "all"])
def test_the_tutorial_does_what_it_says(
    files: dict[str, str], tmp_path: Path, shell: Shell, with_slow: bool
) -> None:
    assert set(files) == {
        "small-inverse/pyproject.toml",
        _SHADER,
        "small-inverse/src/small_inverse/__init__.py",
        "small-inverse/use.py",
        "small-inverse/tests/test_small_inverse.py",
    }
    write(files, tmp_path)
    for command, expected in commands(with_slow):
        printed = shell(command)
        if expected:
            assert matches(expected, printed), f"{command}\n{printed}"


def test_without_its_pivot_search_the_gate_says_what_the_tutorial_shows(
    files: dict[str, str], tmp_path: Path, shell: Shell
) -> None:
    search = re.compile(r"        for \(var row = step \+ 1u; row < N; row\+\+\) \{\n.*?\n        \}\n", re.DOTALL)
    wrong, n_searches = search.subn("", files[_SHADER])
    assert n_searches == 1
    write({**files, _SHADER: wrong}, tmp_path)
    shell("pip install ./small-inverse")
    program = (
        "from webgpu_array.testing import check_inverter, inverter, stack\n"
        "print(check_inverter(inverter('small_inverse'), stack(2, 'float32'), n_singles=1).describe())\n"
    )
    (tmp_path / "check.py").write_text(program)
    printed = shell("python check.py")
    (shown,) = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert matches(f"...{shown}", printed), printed
