"""docs/conformance.md, made from results/."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from outcomes import ENDINGS, FOLDER, Result

RESULTS = FOLDER / "results"
PAGE = FOLDER.parent / "docs" / "conformance.md"


def keep(result: Result) -> None:
    """Writes a result to results/, in place of the suite's last one."""
    _replace(RESULTS / f"{result.suite}.json", json.dumps(asdict(result), indent=1))


def kept() -> list[Result]:
    """What is in results/, by name."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("*.json"))]
    return [Result(**{**each, "reasons": [tuple(row) for row in each["reasons"]]}) for each in found]


def write() -> None:
    """Writes the page from what is in results/."""
    _replace(PAGE, "\n".join(written(kept())))


def written(results: list[Result]) -> list[str]:
    """The lines of the page: a summary of all suites, then each of them."""
    lines = [
        "# Conformance",
        "",
        "The Array API standard's own tests, and those that other packages have for arrays that follow it.",
        "Written by `conformance/run --page`; see [conformance/](../conformance/README.md).",
        "",
        f"| suite | collected | {' | '.join(ENDINGS)} |",
        f"| --- | --- |{' --- |' * len(ENDINGS)}",
        *(_counts(result) for result in results),
    ]
    for result in results:
        rows = [f"| {ended} | {_escaped(reason)} | {n} |" for ended, reason, n in result.reasons]
        lines += [
            "",
            f"## {result.suite}",
            "",
            *(f"- {name}: {value}" for name, value in result.facts.items()),
            "",
            "| outcome | reason | tests |",
            "| --- | --- | --- |",
            *(rows or ["| every test passed | | |"]),
        ]
    return lines


def _counts(result: Result) -> str:
    ended = " | ".join(str(result.counts[ending]) for ending in ENDINGS)
    return f"| {result.suite} | {sum(result.counts.values())} | {ended} |"


def _escaped(reason: str) -> str:
    return reason.replace("|", "\\|")


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    new = path.with_suffix(".tmp")
    new.write_text(text + "\n", encoding="utf-8")
    new.replace(path)
