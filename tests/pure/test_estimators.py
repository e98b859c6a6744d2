"""The page of estimators is what the benchmark makes of the results that are kept, and its jobs do on NumPy what they say."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def programs() -> Iterator[tuple[ModuleType, ModuleType, ModuleType]]:
    """benchmarks/estimators.py, estimators_page.py and estimators_work.py."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        yield tuple(importlib.import_module(name) for name in ("estimators", "estimators_page", "estimators_work"))
    finally:
        sys.path.pop(0)


def test_the_page_shows_what_was_measured(programs: Any) -> None:
    _, page, _ = programs
    kept = page.kept_results()
    example = (ROOT / "docs/estimators/example.md").read_text(encoding="utf-8")
    assert (ROOT / "docs/estimators.md").read_text(encoding="utf-8") == page.page(kept, example)
    assert {name for name, _ in kept} >= {"software"}


def test_what_is_kept_agrees_with_numpy(programs: Any) -> None:
    _, page, work = programs
    for name, result in page.kept_results():
        rows = [page.judged(row) for row in result["rows"]]
        assert [row["job"] for row in rows] == [job.name for job in work.JOBS], name
        assert [row["job"] for row in rows if not row.get("agrees", "numpy_ms" not in row)] == [], name


def row(**changed: Any) -> dict[str, Any]:
    known = {"job": "PCA, full", "data": "synthetic", "rows": 1000, "ours_ms": 15.0, "ours_first_s": 1.0, "reads": 7, "words": 6}
    return {**known, "torch_ms": 10.0, "torch_first_s": 0.5, "numpy_ms": 30.0, "ours_difference": 1e-5, "torch_difference": 0.0, **changed}


@pytest.mark.parametrize(
    ("changed", "holding", "missed"),
    [
        ({}, {"aim_holds", "must_holds", "agrees"}, set()),
        ({"ours_ms": 16.0}, {"must_holds", "agrees"}, {"aim_holds"}),
        ({"ours_ms": 41.0}, {"agrees"}, {"aim_holds", "must_holds"}),
        ({"ours_difference": 2e-3}, {"aim_holds", "must_holds"}, {"agrees"}),
        ({"data": "wine", "ours_ms": 41.0}, {"agrees"}, set()),
    ],
)
def test_what_holds_follows_from_the_figures(programs: Any, changed: dict[str, Any], holding: set[str], missed: set[str]) -> None:
    _, page, _ = programs
    judged = page.judged(row(**changed))
    keys = {"aim_holds", "must_holds", "agrees"} & set(judged)
    assert ({key for key in keys if judged[key]}, {key for key in keys if not judged[key]}) == (holding, missed)


def test_a_result_is_told_with_what_it_lacks(programs: Any) -> None:
    _, page, _ = programs
    failed = {"job": "Ridge", "data": "synthetic", "rows": 1000, "ours_first_s": 1.0, "ours_error": "MemoryError: no\nroom"}
    result = {"kind": "software", "rows": [row(ours_ms=41.0, ours_difference=None), failed]}
    cells = dict(page.columns([page.judged(each) for each in result["rows"]]))
    judged = page.judged(result["rows"][0])
    told = {head.strip(): cells[head](judged) for head in cells}
    assert (told["ours / torch"], told["ours / numpy"], told["reads"], told["difference: ours"]) == ("**4.1**", "1.4", "7", "NaN")
    assert page.verdicts(result) == [
        "- at most 4 times torch's time: 0 of 1 jobs. Not PCA, full (4.1).",
        "- at most 1.5 times torch's time: 0 of 1 jobs. Not PCA, full (4.1).",
        "- reads of more than 16 bytes: PCA, full (1).",
        "- Ridge, ours: MemoryError: no",
    ]


def test_differences_are_relative_and_shares_for_integers(programs: Any) -> None:
    estimators, _, _ = programs
    expected = {"x": np.array([1.0, -4.0]), "labels": np.array([1, 2, 3, 4])}
    assert estimators.difference({**expected, "x": np.array([1.0, -3.0], np.float32)}, expected) == 0.25
    assert estimators.difference({**expected, "labels": np.array([1, 2, 0, 0])}, expected) == 0.5
    assert np.isnan(estimators.difference({**expected, "x": np.array([np.nan, -4.0])}, expected))


def test_pipelines_on_numpy_are_as_near_to_float64_as_is_promised(programs: Any) -> None:
    estimators, page, work = programs
    jobs = [job for job in work.JOBS if job.data in work.BUNDLED]
    assert len(jobs) == 3
    with estimators.dispatching() as caught:
        for job in jobs:
            x, labels, target = work.BUNDLED[job.data]()
            narrow, wide = job.run(x, labels, target), job.run(x.astype(np.float64), labels, target.astype(np.float64))
            assert 0 < estimators.difference(estimators.on_host(narrow), estimators.on_host(wide)) < page.TOLERANCE, job
            drawn = job.points(narrow, (x, labels, target))
            assert len({len(text.split()) for text in drawn.values()}) == 1, job
    assert caught == []
