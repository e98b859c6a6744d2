"""Every name of the standard is there, with the standard's parameters, and on the page of features."""

from __future__ import annotations

import inspect
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

DOCS = Path(__file__).parents[2] / "docs"

FEATURES = SimpleNamespace(**runpy.run_path(str(DOCS / "make_features.py")))
ENTRIES = [entry for entries in FEATURES.standard().values() for entry in entries]
# Where ours accept more than the standard asks for: what NumPy accepts as well, and programs rely on.
EXTENDED = {
    "diff(x, /, *, axis=-1, n=1, prepend=None, append=None)": "diff(x, /, n=1, *, axis=-1, prepend=None, append=None)",
    "squeeze(x, /, axis)": "squeeze(x, /, axis=None)",
}
FUNCTIONS = [entry for entry in ENTRIES if "(" in entry]


def expected(entry: str) -> list[inspect.Parameter]:
    """The parameters that the standard's text writes."""
    scope: dict[str, object] = {}
    arguments = entry.partition("(")[2].removesuffix(")")
    exec(f"def function({arguments}): ...", scope)
    return list(inspect.signature(scope["function"]).parameters.values())  # type: ignore[arg-type]


def test_the_list_is_whole() -> None:
    chapters = FEATURES.standard()
    assert len(chapters) == 19
    assert len(chapters["Elementwise functions"]) == 67
    assert len(set(ENTRIES)) == len(ENTRIES)


def test_every_name_is_there() -> None:
    assert [entry for entry in ENTRIES if not FEATURES.is_there(entry)] == []


@pytest.mark.parametrize("entry", FUNCTIONS)
def test_parameters_are_the_standards(entry: str) -> None:
    """Names, kinds and defaults; what comes after them is a keyword of our own that may be left out."""
    found = FEATURES.parameters(entry.partition("(")[0])
    wanted = expected(EXTENDED.get(entry, entry))
    keywords = [p for p in found if p.kind is p.KEYWORD_ONLY]
    wanted_keywords = [p for p in wanted if p.kind is p.KEYWORD_ONLY]
    assert [p for p in found if p not in keywords] == [p for p in wanted if p not in wanted_keywords]
    by_name = {p.name: p for p in keywords}
    assert [by_name.pop(p.name, None) for p in wanted_keywords] == wanted_keywords
    assert [p.name for p in by_name.values() if p.default is p.empty] == []


def test_the_page_of_features_shows_every_name_as_it_is() -> None:
    page = (DOCS / "features.md").read_text()
    rows = [f"\n| `{FEATURES.written(entry.partition('(')[0])}` |" for entry in ENTRIES]
    assert [row for row in rows if row not in page] == []
