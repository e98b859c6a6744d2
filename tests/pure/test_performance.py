"""The page of performance is what the benchmark makes of the results that are kept."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def program() -> dict[str, Any]:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        return runpy.run_path(str(ROOT / "benchmarks/inverse.py"))
    finally:
        sys.path.pop(0)


def test_the_page_shows_what_was_measured(program: dict[str, Any]) -> None:
    kept = program["kept_results"]()
    notes = (ROOT / "docs/performance/notes.md").read_text(encoding="utf-8")
    assert (ROOT / "docs/performance.md").read_text(encoding="utf-8") == program["page"](kept, notes)
    assert {name for name, _ in kept} >= {"software"}


def row(**changed: Any) -> dict[str, Any]:
    known = {"n": 64, "batch": 100, "must_ms": 1.0, "aim_ms": 0.5, "goal_is_wall": False, "floor_ms": 0.25, "left": 0.1, "right": 2.0}
    peers = {"torch_device_ms": 0.9, "torch_wall_ms": 0.95, "cupy_device_ms": 2.0, "cupy_wall_ms": 3.0}
    return {**known, **peers, "ours_device_ms": 0.8, "ours_wall_ms": 0.9, "kernel": "fast", **changed}


def test_what_holds_follows_from_the_figures(program: dict[str, Any]) -> None:
    judged = program["judged"](row())
    assert judged["overhead_ms"] == pytest.approx(0.1)
    assert (judged["overhead_holds"], judged["must_holds"], judged["aim_holds"]) == (True, True, False)
    assert (judged["better_peer"], judged["peer_holds"], judged["accuracy_holds"]) == ("torch", True, True)
    assert judged["share_of_floor"] == pytest.approx(0.25 / 0.8)


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"ours_device_ms": 1.01, "ours_wall_ms": 1.02, "torch_wall_ms": 5.0}, "must_holds"),
        ({"goal_is_wall": True, "must_ms": 0.85}, "must_holds"),
        ({"torch_wall_ms": 0.85}, "peer_holds"),
        ({"ours_wall_ms": 0.96, "torch_wall_ms": 1.0}, "overhead_holds"),
        ({"n": 1024, "ours_wall_ms": 0.89}, "overhead_holds"),
        ({"right": 31.0}, "accuracy_holds"),
    ],
)
def test_what_does_not_hold_is_told(program: dict[str, Any], changed: dict[str, Any], key: str) -> None:
    judged = program["judged"](row(**changed))
    assert judged[key] is False


def test_a_row_that_failed_is_told_in_its_row(program: dict[str, Any]) -> None:
    failed = {"n": 3, "batch": 7, "must_ms": None, "aim_ms": None, "goal_is_wall": True, "floor_ms": 0.1, "error": "MemoryError: no\nroom"}
    result = {"kind": "discrete", "rows": [program["judged"](row()), program["judged"](failed)]}
    cell = dict(program["columns"](result))["kernel"]
    assert [cell(r) for r in result["rows"]] == ["fast", "MemoryError: no"]
    assert "- without a result: 3 x 7." in program["verdicts"](result)
